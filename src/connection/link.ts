/**
 * One open connection with a session on it. It sends what the session queued, turns received
 * packets into events, and sends acknowledgments and pings in time. It ends with the connection;
 * dc_connection.ts opens the next one.
 */
import { type ClientEvent, type ClientSession, isIgnorable } from "../mtproto/mod.ts";
import type { Clock, Logger } from "../runtime/mod.ts";
import type { PacketStream } from "./packet_stream.ts";

/** The parts of a {@linkcode Link}. */
export interface LinkOptions {
  readonly session: ClientSession;
  readonly stream: PacketStream;
  /** The result of `stream.packets()`: the one reader of the stream. */
  readonly packets: AsyncGenerator<Uint8Array, void>;
  readonly clock: Clock;
  /** The local time in milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds for the answer to a ping. */
  readonly timeout: number;
  readonly logger: Logger;
  readonly onEvent: (event: ClientEvent) => void;
}

const PING_INTERVAL = 60_000; // ms
/** How much later than the next ping the server may hang up, in milliseconds. */
const DISCONNECT_MARGIN = 5000;
/** Bytes that even a slow line takes in a millisecond. */
const SLOW_LINE = 8;
const ACK_DELAY = 500; // ms
const MAX_ACKS = 64;
/** The events that show that a connection works. */
export const OF_USE: readonly ClientEvent["type"][] = ["result", "error", "update", "pong"];

/** An open connection, from its first packet to its end. */
export class Link {
  readonly #options: LinkOptions;
  readonly #ended = new AbortController();
  #flushScheduled = false;
  #acksScheduled = false;
  /** The time of the oldest packet since which nothing was received. */
  #askedAt: number | undefined;
  #isExpecting = false;
  /** The number of bytes sent since something was received. */
  #sentLength = 0;
  #lastReceived = -Infinity;
  #worked = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /**
   * Whether the connection worked: an answer or an update came. A `new_session_created` alone does
   * not count.
   */
  get worked(): boolean {
    return this.#worked;
  }

  /**
   * Serves until the other side closes. Rejects if the connection breaks or a packet is refused.
   */
  async serve(): Promise<void> {
    try {
      this.#keepAlive().catch(() => {}); // ends with the connection
      this.#flush();
      for await (const packet of this.#options.packets) this.#receive(packet);
    } finally {
      this.close();
    }
  }

  /** Closes the connection; `serve()` ends. */
  close(): void {
    this.#ended.abort();
    this.#options.stream.close();
  }

  /**
   * Sends the queue at the end of this turn of the event loop: all calls of a turn go out together.
   */
  scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    // Ends with the connection.
    if (this.#options.session.wantsFlush) this.#expectAnswer().catch(() => {});
    this.#send();
  }

  #send(): void {
    const { session, stream, now, logger } = this.#options;
    if (this.#ended.signal.aborted) return;
    const packets = session.flush(now());
    if (packets.length === 0) return;
    for (const { length } of packets) this.#sentLength += length;
    stream.send(packets).catch((error) => {
      logger.debug(`Cannot write: ${error.message}`);
      stream.close(); // the loop that reads sees the end
    });
  }

  #receive(packet: Uint8Array): void {
    const { session, now, onEvent } = this.#options;
    const events = this.#eventsOf(packet);
    this.#lastReceived = now();
    this.#askedAt = undefined;
    this.#sentLength = 0;
    for (const event of events) {
      this.#worked ||= OF_USE.includes(event.type);
      onEvent(event);
    }
    if (session.wantsFlush || session.ackCount >= MAX_ACKS) this.scheduleFlush();
    else if (session.ackCount > 0) this.#scheduleAcks();
  }

  #eventsOf(packet: Uint8Array): ClientEvent[] {
    const { session, now, logger } = this.#options;
    try {
      return session.receive(packet, now());
    } catch (error) {
      if (!isIgnorable(error)) throw error;
      logger.debug(error.message); // above all what the server sent again: once is enough
      return [];
    }
  }

  /** Pings, so that the server keeps the connection. */
  async #keepAlive(): Promise<void> {
    const { clock } = this.#options;
    for (;;) {
      await clock.sleep(PING_INTERVAL, this.#ended.signal);
      await this.#ping();
    }
  }

  /**
   * Milliseconds in which something has to come back. A ping waits behind the bytes that are on
   * their way.
   */
  get #patience(): number {
    return this.#options.timeout + this.#sentLength / SLOW_LINE;
  }

  /**
   * Pings when nothing comes back after a packet was sent: the other side may be gone without a
   * word.
   */
  async #expectAnswer(): Promise<void> {
    const { clock, now } = this.#options;
    this.#askedAt ??= now();
    if (this.#isExpecting) return;
    this.#isExpecting = true;
    while (this.#askedAt !== undefined) {
      const left = this.#askedAt + this.#patience - now();
      if (left > 0) await clock.sleep(left, this.#ended.signal);
      else await this.#ping();
    }
    this.#isExpecting = false;
  }

  /** Pings, and hangs up if nothing comes back in time. */
  async #ping(): Promise<void> {
    const { session, clock, now } = this.#options;
    this.#ended.signal.throwIfAborted();
    const patience = this.#patience;
    // Longer than the time until the next ping, so that the server never cuts a live connection.
    session.ping(Math.ceil((PING_INTERVAL + patience + DISCONNECT_MARGIN) / 1000));
    const sentAt = now();
    this.#send();
    await clock.sleep(patience, this.#ended.signal);
    if (this.#lastReceived < sentAt) this.close();
  }

  /** Sends acknowledgments after a short wait, in which a call may take them along. */
  #scheduleAcks(): void {
    if (this.#acksScheduled) return;
    this.#acksScheduled = true;
    const flush = (): void => {
      this.#acksScheduled = false;
      this.#flush();
    };
    this.#options.clock.sleep(ACK_DELAY, this.#ended.signal).then(flush, () => {});
  }
}
