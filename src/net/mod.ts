/**
 * Floor 5, the network as streams of bytes. All runtime-specific sockets are here. It does not know
 * Telegram.
 */
export { type CloudflareConnect, cloudflareDial, type CloudflareSocket } from "./cloudflare.ts";
export { byteByByte, type Chunking, pipe, randomChunks } from "./pipe.ts";
export { CodedStream, type StreamCodec } from "./coded_stream.ts";
export type { Fetch, FetchInit } from "./fetch.ts";
export { loadSocket } from "./load_socket.ts";
export { proxyFromEnvironment } from "./proxies/environment.ts";
export {
  canUseProxy,
  dialThrough,
  type ForeignProxy,
  isMtProxy,
  isProxy,
  isSocks4,
  type MtProxy,
  type Proxy,
  type ProxyAddress,
  proxyDial,
  proxyOf,
  type ProxyOptions,
  type PythonProxy,
  timedDial,
  type TunnelProxy,
} from "./proxies/mod.ts";
export {
  type Address,
  type ByteStream,
  closeOnAbort,
  ConnectionError,
  type Dial,
  formatAddress,
  ipVersionOf,
  type ProxyFault,
} from "./stream.ts";
export { tcpDial } from "./tcp.ts";
export {
  type WebSocketClass,
  webSocketDial,
  type WebSocketDialOptions,
  type WebSocketLike,
} from "./web_socket.ts";
