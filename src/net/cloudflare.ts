/**
 * TCP by `cloudflare:sockets`, for Cloudflare Workers and Durable Objects. Only the request that
 * opened a socket may read from it and write to it, so a client that lives longer needs a Durable
 * Object. https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
 */
import { loadSocket } from "./load_socket.ts";
import type { Dial } from "./stream.ts";

/** The part of Cloudflare's sockets that the library uses. */
export interface CloudflareSocket {
  /** Resolves when the socket is connected. */
  readonly opened: Promise<unknown>;
  /** Resolves when the socket is closed; rejects if the connection broke. */
  readonly closed: Promise<unknown>;
  /** The received bytes. */
  readonly readable: ReadableStream<Uint8Array>;
  /** The bytes to send. */
  readonly writable: WritableStream<Uint8Array>;
  /** Closes both directions. */
  close(): Promise<unknown>;
}

/** The function `connect` of the module `cloudflare:sockets`. */
export type CloudflareConnect = (
  address: { hostname: string; port: number },
  options?: { secureTransport: "on" },
) => CloudflareSocket;

/**
 * Makes a dial from Cloudflare's `connect`. A Worker with the npm package does not need it:
 * `tcpDial`, the default, uses `connect` there.
 *
 * @param connect The `connect` of `import { connect } from "cloudflare:sockets"`.
 *
 * @example
 * ```ts
 * import { type CloudflareConnect, Client, cloudflareDial, StringSession } from "@tessera/mtproto";
 *
 * function newClient(connect: CloudflareConnect, session: string): Client {
 *   const dial = cloudflareDial(connect);
 *   return new Client(new StringSession(session), 1, "0".repeat(32), { dial });
 * }
 * ```
 */
export function cloudflareDial(connect: CloudflareConnect): Dial {
  return async (address, signal) => {
    const { openCloudflareSocket } = await loadSocket(import("./sockets/cloudflare_socket.ts"));
    return await openCloudflareSocket(connect, address, signal);
  };
}
