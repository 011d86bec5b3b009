/**
 * Connections over HTTP, for browsers and networks that let nothing else through. The code loads on
 * the first connection. https://core.telegram.org/mtproto/transports#http
 */
import { type Fetch, loadSocket } from "../../net/mod.ts";
import type { Clock, Random } from "../../runtime/mod.ts";
import type { PacketStream } from "../packet_stream.ts";
import type { Open } from "../race.ts";

/** The parts of connections over HTTP. */
export interface HttpOptions {
  /** The function to use instead of the global `fetch`. */
  readonly fetch?: Fetch;
  readonly testMode: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds for an answer that the server does not hold back. */
  readonly timeout: number;
}

/** Returns a function that opens connections over HTTP. */
export function httpPackets(options: HttpOptions): Open<PacketStream> {
  const all = { ...options, proven: new Set<string>() };
  return async (address, signal) =>
    (await loadSocket(import("./http_stream.ts"))).openHttp(all, address, signal);
}
