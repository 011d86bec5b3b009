/**
 * TLS to a proxy, by the API of the current runtime, which checks the certificate against those
 * that it trusts. What goes through the tunnel later is not for this floor to encrypt.
 *
 * Deno has `node:tls`, too. Its own `startTls()` is not used: a connection that is closed during
 * the handshake stays open there until the server ends it (seen in Deno 2.9).
 */
import { builtinModule } from "../../runtime/mod.ts";
import { openCloudflareSocket } from "../sockets/cloudflare_socket.ts";
import { nodeTlsDial } from "../sockets/node_tcp.ts";
import { type Address, type ByteStream, ConnectionError, formatAddress } from "../mod.ts";
import { cloudflareConnect } from "../tcp.ts";

/** Opens an encrypted connection. */
export async function tlsDial(address: Address, signal?: AbortSignal): Promise<ByteStream> {
  const connect = cloudflareConnect();
  if (connect !== undefined) {
    return await openCloudflareSocket(connect, address, signal, { secureTransport: "on" });
  }
  const tls = builtinModule("node:tls");
  if (tls !== undefined) return await nodeTlsDial(tls, address, signal);
  throw new ConnectionError(
    `Cannot connect to "${formatAddress(address)}": this runtime has no TLS. ` +
      "Use Deno, Node, Bun or Cloudflare Workers.",
    { permanent: true },
  );
}
