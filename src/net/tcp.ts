/**
 * TCP by the API of the current runtime: Deno's, Cloudflare's, or `node:net`. Its code loads on the
 * first dial.
 * https://core.telegram.org/mtproto/transports#tcp
 */
import { builtinModule } from "../runtime/mod.ts";
import { cloudflareDial } from "./cloudflare.ts";
import { cloudflareConnect } from "./cloudflare_sockets.ts";
import { loadSocket } from "./load_socket.ts";
import type { DenoConnect } from "./sockets/deno_tcp.ts";
import { type Address, type ByteStream, ConnectionError, formatAddress } from "./stream.ts";

// The npm package replaces the module for this importer only.
export { cloudflareConnect };

/** Whether this runtime has TCP. */
export function hasTcp(): boolean {
  return !!(denoConnect() ?? cloudflareConnect() ?? builtinModule("node:net"));
}

function denoConnect(): DenoConnect | undefined {
  const { Deno: deno } = globalThis as { Deno?: Partial<DenoConnect> };
  return deno?.connect && deno as DenoConnect;
}

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
  if (deno !== undefined) {
    const { denoTcpDial } = await loadSocket(import("./sockets/deno_tcp.ts"));
    return await denoTcpDial(deno, address, signal);
  }
  const connect = cloudflareConnect();
  if (connect !== undefined) return await cloudflareDial(connect)(address, signal);
  const net = builtinModule("node:net");
  if (net !== undefined) {
    const { nodeTcpDial } = await loadSocket(import("./sockets/node_tcp.ts"));
    return await nodeTcpDial(net, address, signal);
  }
  throw new ConnectionError(
    `Cannot connect to "${formatAddress(address)}": this runtime has no TCP. ` +
      "Use webSocketDial(), or Deno, Node, Bun or Cloudflare Workers.",
    { permanent: true },
  );
}
