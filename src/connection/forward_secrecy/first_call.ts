/**
 * A call over a connection that is not in use yet: it binds the key, or tries one.
 */
import {
  type CallBody,
  type ClientEvent,
  type ClientSession,
  isIgnorable,
} from "../../mtproto/mod.ts";
import { ConnectionError } from "../../net/mod.ts";
import { abortable } from "../../runtime/mod.ts";
import type { KeyOpening } from "../connection_key.ts";

/** The end of a call. */
export type CallEnd = Extract<ClientEvent, { type: "result" | "error" | "refused" }>;

/**
 * Makes a call, and returns its end. Other events of the session are added to `events`.
 *
 * @throws {ConnectionError} if the connection ends
 */
export async function firstCall(
  session: ClientSession,
  body: CallBody,
  { stream, packets, deadline, over: { now } }: KeyOpening,
  events: ClientEvent[] = [],
): Promise<CallEnd> {
  const call = session.call(body);
  const { waits } = stream;
  if (waits !== undefined) waits.isWanted = true;
  for (;;) {
    // A message that the server refused is sent again here, too.
    if (session.wantsFlush || waits?.isDue) {
      await abortable(stream.send(session.flush(now(), undefined, waits), true), deadline);
    }
    const { value: packet } = await abortable(packets.next(), deadline);
    if (packet === undefined) {
      throw new ConnectionError(
        "Cannot use a temporary key: the server closed the connection. Check the network.",
      );
    }
    if (packet.length === 0) continue; // the end of a wait over HTTP
    let end: CallEnd | undefined;
    for (const event of receive(session, packet, now())) {
      if ("call" in event && event.call === call) end = event;
      else events.push(event);
    }
    if (end !== undefined) return end;
  }
}

function receive(session: ClientSession, packet: Uint8Array, now: number): ClientEvent[] {
  try {
    return session.receive(packet, now);
  } catch (error) {
    if (!isIgnorable(error)) throw error;
    return [];
  }
}
