/**
 * TCP in whatever runtime this is, chosen on first use: Deno's own API, Cloudflare's, or `node:net`.
 *
 * https://core.telegram.org/mtproto/transports#tcp
 */
import { cloudflareDial } from "./cloudflare.ts";
import { cloudflareConnect } from "./cloudflare_sockets.ts";
import { denoConnect, denoTcpDial } from "./deno_tcp.ts";
import { loadNodeNet, nodeTcpDial } from "./node_tcp.ts";
import { type Address, type ByteStream, ConnectionError, formatAddress } from "./stream.ts";

/**
 * Opens a TCP connection, in Deno, Node, Bun, or Cloudflare Workers (with the npm package; see {@linkcode cloudflareDial}).
 *
 * Rejects with `ConnectionError` when it cannot be opened (also where the runtime has no TCP, as in a browser), and with the
 * signal's reason when it is aborted. An abort afterwards closes the stream.
 */
export async function tcpDial(address: Address, signal?: AbortSignal): Promise<ByteStream> {
  const deno = denoConnect();
  if (deno) return await denoTcpDial(deno, address, signal);
  const connect = cloudflareConnect();
  if (connect) return await cloudflareDial(connect)(address, signal);
  const net = loadNodeNet();
  if (net) return await nodeTcpDial(net, address, signal);
  throw new ConnectionError(
    `Cannot connect to "${formatAddress(address)}": this runtime has no TCP, ` +
      "expected Deno, Node, Bun or Cloudflare Workers; use webSocketDial() instead",
  );
}
