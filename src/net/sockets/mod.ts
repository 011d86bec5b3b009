/**
 * The sockets of the runtimes as streams of bytes, for the offline Telegram and the tests. The
 * dials of net/ load only the file of the current runtime, when they first dial.
 */
export { denoTcpDial } from "./deno_tcp.ts";
export { type HttpAnswer, httpRequest } from "./http_request.ts";
export { NodeStream, nodeTcpDial } from "./node_tcp.ts";
export { openWebSocket } from "./web_socket_stream.ts";
