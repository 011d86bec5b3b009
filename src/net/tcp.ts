/**
 * TCP by the API of the current runtime: Deno's, Cloudflare's, or `node:net`.
 * https://core.telegram.org/mtproto/transports#tcp
 */
import { cloudflareDial } from "./cloudflare.ts";
import { cloudflareConnect } from "./cloudflare_sockets.ts";
import { denoConnect, denoTcpDial } from "./deno_tcp.ts";
import { loadNodeNet, nodeTcpDial } from "./node_tcp.ts";
import { type Address, type ByteStream, ConnectionError, formatAddress } from "./stream.ts";

/**
 * Opens a TCP connection in Deno, Node, Bun, or Cloudflare Workers (there with the npm package; see
 * {@linkcode cloudflareDial}).
 *
 * @param address The host and port.
 * @param signal Rejects with its reason when it aborts; a later abort closes the stream.
 * @throws {ConnectionError} if the connection cannot be opened, or the runtime has no TCP, such as
 * a browser
 */
export async function tcpDial(address: Address, signal?: AbortSignal): Promise<ByteStream> {
  const deno = denoConnect();
  if (deno) return await denoTcpDial(deno, address, signal);
  const connect = cloudflareConnect();
  if (connect) return await cloudflareDial(connect)(address, signal);
  const net = loadNodeNet();
  if (net) return await nodeTcpDial(net, address, signal);
  throw new ConnectionError(
    `Cannot connect to "${formatAddress(address)}": this runtime has no TCP. ` +
      "Use webSocketDial(), or Deno, Node, Bun or Cloudflare Workers.",
  );
}
