/**
 * One open connection with a session on it. It sends the queue of the session, turns received
 * packets into events, sends acknowledgments and pings in time, and closes itself when the other
 * side is gone without a word. dc_connection.ts opens the next one.
 * https://core.telegram.org/mtproto/service_messages#ping-messages-pingpong
 *
 * Only an answer to a call or the pong of the last ping proves the way out and back. An update
 * proves the way back alone.
 *
 * | state    | event                                     | next state | what happens             |
 * |----------|-------------------------------------------|------------|--------------------------|
 * | -        | `serve()`                                 | silent     |                          |
 * | silent   | a call is sent, or no call for 50 ms      | pinged     | ping: until it has a     |
 * |          |                                           |            | packet, the server does  |
 * |          |                                           |            | not know where we are    |
 * | quiet    | a call is sent                            | asked      |                          |
 * | quiet    | a minute since the last ping              | pinged     | ping                     |
 * | asked    | an answer, no other call waits            | quiet      |                          |
 * | asked    | an answer, other calls wait               | asked      | the time begins again    |
 * | asked    | no answer in time, or a minute has passed | pinged     | ping                     |
 * | pinged   | the pong, or an answer                    | quiet      | or asked, if calls wait  |
 * | pinged   | neither in time                           | -          | the connection is closed |
 * | any      | `check()`                                 | pinged     | ping, with little time   |
 */
import { type ClientEvent, type ClientSession, isIgnorable, isUntimely } from "../mtproto/mod.ts";
import { type Clock, errorOf, type Logger, noticingSleep } from "../runtime/mod.ts";
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
  /**
   * The bytes of calls to begin with, doubled with each proof that they passed. Set after
   * connections that broke before any answer; without it, all calls go at once.
   */
  readonly window?: number;
  /** Whether the auth key may be used right now. If not, nothing is taken from the queue. */
  readonly mayUseKey?: () => boolean;
  /** Whether updates may come, as by default. */
  readonly wantsUpdates?: () => boolean;
  readonly onEvent: (event: ClientEvent) => void;
}

const PING_INTERVAL = 60_000; // ms
/** Idle connections ping at full seconds: a thousand of them wake the program once, not each. */
const PING_GRID = 1000; // ms
/** Milliseconds in which a first call may take the first ping along. */
const GREETING_DELAY = 50;
/** How much later than the next ping the server may hang up, in milliseconds. */
const DISCONNECT_MARGIN = 5000;
/** Bytes that even a slow line takes in a millisecond. */
const SLOW_LINE = 8;
/** The longest wait for an answer, however many bytes are on their way, in milliseconds. */
const MAX_PATIENCE = 60_000;
/** The wait for the answer to a ping when the connection is in doubt, in milliseconds. */
const CHECK_PATIENCE = 3000;
/** Packets up to this length are written together, bytes. */
const MAX_WRITE = 1 << 16;
/** A window that has grown to this many bytes is no limit any more. */
const MAX_WINDOW = 1 << 20;
const ACK_DELAY = 500; // ms
/** The most messages that wait for their acknowledgment. A message acknowledges up to 8192. */
const MAX_ACKS = 1024;
/** The events that show that a connection works. */
export const OF_USE: readonly ClientEvent["type"][] = ["result", "error", "update", "pong"];
/** The events that answer a packet of ours, and so prove the way out and back. */
const ANSWERS: readonly ClientEvent["type"][] = ["result", "error", "refused", "salt"];

/** A ping without a pong. */
interface Probe {
  readonly pingId: bigint;
  readonly sentAt: number;
}

/** An open connection, from its first packet to its end. */
export class Link {
  readonly #options: LinkOptions;
  readonly #ended = new AbortController();
  #flushScheduled = false;
  #acksScheduled = false;
  /** The time since which calls wait, and nothing proved the way out and back. */
  #askedAt: number | undefined;
  #probe: Probe | undefined;
  #lastPingAt: number | undefined;
  readonly #openedAt: number;
  /** The number of bytes sent since the last proof. */
  #sentLength = 0;
  /** The writes that wait for the system, and when it last took one: slow is not dead. */
  #writes = 0;
  #tookAt = -Infinity;
  #worked = false;
  #answered = false;
  #window: number;
  /** Whether bytes of the window wait for their proof. */
  #isWindowFull = false;
  /** The probe of the last `check()`. */
  #checked: Probe | undefined;
  /** The sleep until the next look at the deadline, and when it ends. */
  #sleep = new AbortController();
  #lookAt = Infinity;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#openedAt = options.now();
    this.#window = options.window ?? Infinity;
  }

  /**
   * Whether the connection worked: an answer or an update came. A `new_session_created` alone does
   * not count.
   */
  get worked(): boolean {
    return this.#worked;
  }

  /** The session. */
  get session(): ClientSession {
    return this.#options.session;
  }

  /** Whether a call was answered over it. */
  get answered(): boolean {
    return this.#answered;
  }

  /**
   * Serves until either side closes. Rejects if the connection breaks or a packet is refused.
   * Packets that a stream delivers after its end are ignored.
   */
  async serve(): Promise<void> {
    const { signal } = this.#ended;
    this.#keepAlive().catch(() => {}); // ends with the connection
    this.#send(); // calls may wait since before the connection
    const ended = new Promise<void>((resolve) => {
      if (signal.aborted) resolve(); // closed by a program that heard that it is open
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    try {
      await Promise.race([this.#receiveAll(), ended]);
    } finally {
      this.close();
    }
  }

  /** Closes the connection; `serve()` ends. */
  close(): void {
    this.#ended.abort();
    this.#sleep.abort();
    this.#options.stream.close();
  }

  /**
   * Sends the queue at the end of this turn of the event loop: all calls of a turn go out together.
   */
  scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    Promise.resolve().then(() => {
      this.#flushScheduled = false;
      this.#send();
    });
  }

  /** Pings, and closes the connection unless the pong comes soon: the network may have changed. */
  check(): void {
    const { clock, timeout, logger } = this.#options;
    // Another ping would put the end off: a network that changes on and on hides a dead connection.
    if (this.#checked !== undefined && this.#checked === this.#probe) return;
    this.#ping();
    const probe = this.#checked = this.#probe;
    const closeIfSilent = (): void => {
      if (this.#probe !== probe) return;
      logger.debug("The connection does not answer after a change of the network");
      this.close();
    };
    clock.sleep(Math.min(CHECK_PATIENCE, timeout), this.#ended.signal).then(
      closeIfSilent,
      () => {},
    );
  }

  async #receiveAll(): Promise<void> {
    const { packets, stream } = this.#options;
    for await (const first of packets) {
      for (const packet of [first, ...stream.takeRest?.() ?? []]) {
        if (this.#ended.signal.aborted) return;
        this.#receive(packet);
      }
    }
  }

  #send(): void {
    const { session, now, stream: { waits } } = this.#options;
    if (this.#ended.signal.aborted) return;
    if (this.#options.mayUseKey?.() === false) return this.close();
    const isFirst = this.#lastPingAt === undefined && (session.wantsFlush || session.ackCount > 0);
    if (isFirst) this.#queuePing();
    if (waits !== undefined) waits.isWanted = this.#isWaiting;
    const packets = this.#flush();
    if (session.callsInFlight > 0) this.#askedAt ??= now();
    let together: Uint8Array[] = [];
    let length = 0;
    for (const packet of packets) {
      if (length > 0 && length + packet.length > MAX_WRITE) {
        this.#write(together, length);
        together = [];
        length = 0;
      }
      together.push(packet);
      length += packet.length;
    }
    if (length > 0) this.#write(together, length);
    // After the writes, which put the deadline off: calls one by one leave the sleep alone.
    if (this.#deadline < this.#lookAt) this.#sleep.abort();
  }

  /** Whether anything is expected of the server. */
  get #isWaiting(): boolean {
    const { session, wantsUpdates } = this.#options;
    return session.callCount > 0 || this.#probe !== undefined || wantsUpdates?.() !== false;
  }

  /** Takes packets from the session, as many as the window allows. */
  #flush(): Uint8Array[] {
    const { session, now, stream: { waits } } = this.#options;
    if (this.#window === Infinity) return session.flush(now(), undefined, waits);
    const before = session.callsQueued;
    const isFull = this.#isWindowFull;
    if (before > 0 && !isFull) this.#queuePing(); // its pong proves that the calls passed
    const packets = session.flush(now(), isFull ? 0 : this.#window, waits);
    this.#isWindowFull ||= session.callsQueued < before;
    return packets;
  }

  #write(packets: readonly Uint8Array[], length: number): void {
    const { stream, now, logger } = this.#options;
    this.#sentLength += length;
    this.#writes++;
    stream.send(packets, true).then(() => {
      this.#writes--;
      this.#tookAt = now();
    }, (error: unknown) => {
      logger.debug(`Cannot write: ${errorOf(error).message}`);
      stream.close(); // the loop that reads sees the end
    });
  }

  #receive(packet: Uint8Array): void {
    const { session, onEvent, stream: { waits } } = this.#options;
    const events = waits !== undefined && packet.length === 0 ? [] : this.#eventsOf(packet);
    for (const event of events) {
      this.#worked ||= OF_USE.includes(event.type);
      this.#answered ||= event.type === "result" || event.type === "error";
      if (ANSWERS.includes(event.type)) this.#proven();
      else if (event.type === "pong" && event.pingId === this.#probe?.pingId) this.#proven();
      onEvent(event);
    }
    if (waits !== undefined) waits.isWanted = this.#isWaiting;
    const isDue = waits?.isDue || session.wantsFlush || session.ackCount >= MAX_ACKS;
    if (isDue) this.scheduleFlush();
    else if (session.ackCount > 0) this.#scheduleAcks();
  }

  #proven(): void {
    const { session, now } = this.#options;
    this.#probe = undefined;
    this.#sentLength = 0;
    this.#askedAt = session.callsInFlight > 0 ? now() : undefined;
    if (this.#window === Infinity) return;
    this.#isWindowFull = false;
    this.#window = this.#window < MAX_WINDOW ? this.#window * 2 : Infinity;
  }

  #eventsOf(packet: Uint8Array): ClientEvent[] {
    const { session, now, logger } = this.#options;
    try {
      return session.receive(packet, now());
    } catch (error) {
      if (!isIgnorable(error)) throw error;
      logger.debug(error.message); // above all what the server sent again: once is enough
      return isUntimely(error) ? [{ type: "missed" }] : [];
    }
  }

  /**
   * Milliseconds in which something has to come back. An answer waits behind the bytes that are on
   * their way.
   */
  get #patience(): number {
    const { timeout } = this.#options;
    return Math.max(timeout, Math.min(timeout + this.#sentLength / SLOW_LINE, MAX_PATIENCE));
  }

  /** Pings in time, and closes the connection when it does not answer. */
  async #keepAlive(): Promise<void> {
    const { clock, now, logger } = this.#options;
    for (;;) {
      const left = this.#deadline - now();
      if (left > 0) {
        this.#lookAt = now() + left;
        const { signal } = this.#sleep = new AbortController();
        const hasSlept = await noticingSleep(clock, left, signal).catch(() => false);
        if (this.#ended.signal.aborted) return;
        if (hasSlept) this.check();
      } else if (this.#probe === undefined) {
        this.#ping();
      } else {
        logger.debug("The connection does not answer");
        return this.close();
      }
    }
  }

  /** When the state of the connection changes unless something comes back. */
  get #deadline(): number {
    if (this.#probe !== undefined) {
      return this.#since(this.#probe.sentAt) + this.#patience;
    }
    if (this.#lastPingAt === undefined) return this.#openedAt + GREETING_DELAY;
    const nextPing = Math.round((this.#lastPingAt + PING_INTERVAL) / PING_GRID) * PING_GRID;
    if (this.#askedAt === undefined) return nextPing;
    return Math.min(this.#since(this.#askedAt) + this.#patience, nextPing);
  }

  /** While bytes wait for the system, the time of an answer begins when it takes some. */
  #since(time: number): number {
    return this.#writes > 0 ? Math.max(time, this.#tookAt) : time;
  }

  #ping(): void {
    if (this.#ended.signal.aborted) return;
    this.#queuePing();
    this.#send();
  }

  #queuePing(): void {
    const { session, now, timeout } = this.#options;
    const sentAt = this.#lastPingAt = now();
    // Longer than the time until the next ping, so that the server never cuts a live connection.
    const delay = PING_INTERVAL + Math.max(MAX_PATIENCE, timeout) + DISCONNECT_MARGIN;
    const pingId = session.ping(Math.ceil(delay / 1000));
    this.#probe = { pingId, sentAt };
  }

  /** Sends acknowledgments after a short wait, in which a call may take them along. */
  #scheduleAcks(): void {
    if (this.#acksScheduled) return;
    this.#acksScheduled = true;
    const flush = (): void => {
      this.#acksScheduled = false;
      this.#send();
    };
    this.#options.clock.sleep(ACK_DELAY, this.#ended.signal).then(flush, () => {});
  }
}
