/**
 * Which packet goes into which HTTP request, and when; without requests. The server speaks only in
 * the body of an answer, so one request waits at the server while anything is expected: the poll.
 * https://core.telegram.org/mtproto/service_messages#http-waitlong-poll
 *
 * | packet                    | when it is sent           | how long its answer may wait          |
 * |---------------------------|---------------------------|---------------------------------------|
 * | calls, or a poll waits    | when the last such packet | not at all; a second, if no poll      |
 * | already                   | is answered               | waits                                 |
 * | anything else, or nothing | at once; when no such     | 25 s: it is the poll                  |
 * | at all (`isDue`)          | packet is under way       |                                       |
 *
 * So two requests are under way at the most, and no packet can overtake one with calls. If it did,
 * and the server had lost the session, it would seem as if the calls were lost, too: they would be
 * sent again (new_session_created). A packet of a key exchange has no http_wait.
 *
 * The server does not read the http_wait of a packet that it refuses. If it tells so by the poll,
 * the request of that packet waits on for 25 s, which is the default. It is held: the same calls go
 * again beside it.
 */
import type { TlObject } from "../../tl/mod.ts";
import type { LongPoll } from "../packet_stream.ts";

/** A packet, and how long its answer may wait. */
export interface HttpRequest {
  readonly packet: Uint8Array;
  /** The most milliseconds that the server waits for something to say. */
  readonly maxWait: number;
  /** Whether the server holds the answer back as for a poll, whatever was asked. */
  isHeld?: boolean;
}

/** The most milliseconds of a poll, the default of the specification. */
export const MAX_WAIT = 25_000;
/** The most milliseconds for an answer while no poll waits for it. */
const ALONE_WAIT = 1000;
/** Milliseconds for messages that follow each other: they come together, as in TDLib. */
const MAX_DELAY = 30;
const WAIT_AFTER = 10;

/** The requests of one connection. */
export class HttpSchedule implements LongPoll {
  isWanted = false;
  /** The waits of packets that are not sent yet, in their order. */
  readonly #waits: number[] = [];
  readonly #queue: HttpRequest[] = [];
  #isPolling = false;
  /** The packets that are no poll: queued, and under way. */
  #others = 0;
  /** The request of the last such packet, until it is answered or held. */
  #underWay: HttpRequest | undefined;

  /** Whether the server must be asked, as no poll waits there. */
  get isDue(): boolean {
    return this.isWanted && !this.#isPolling && this.#others === 0;
  }

  /** Returns the `http_wait` of the next packet. */
  next(hasCalls: boolean): TlObject {
    const isPoll = this.isDue && !hasCalls;
    const maxWait = isPoll ? MAX_WAIT : this.#isPolling ? 0 : ALONE_WAIT;
    if (isPoll) this.#isPolling = true;
    else this.#others++;
    this.#waits.push(maxWait);
    return { _: "http_wait", maxDelay: MAX_DELAY, waitAfter: WAIT_AFTER, maxWait };
  }

  /** Queues a packet. */
  add(packet: Uint8Array): void {
    const maxWait = this.#waits.shift();
    if (maxWait === undefined) this.#others++; // of a key exchange
    this.#queue.push({ packet, maxWait: maxWait ?? 0 });
  }

  /** Returns the next request to make; undefined if it has to wait, or there is none. */
  start(): HttpRequest | undefined {
    const [next] = this.#queue;
    if (next === undefined || this.#underWay !== undefined) return undefined;
    if (!isPoll(next)) this.#underWay = next;
    return this.#queue.shift();
  }

  /** Takes note of the end of a request. */
  ended(request: HttpRequest): void {
    if (isPoll(request)) this.#isPolling = false;
    else if (request === this.#underWay) this.#passed();
  }

  /** Lets the next packet go: the request under way may be that of the packet, and be held. */
  refused(): void {
    if (this.#underWay === undefined) return;
    this.#underWay.isHeld = true;
    this.#passed();
  }

  #passed(): void {
    this.#underWay = undefined;
    this.#others--;
  }
}

function isPoll({ maxWait }: HttpRequest): boolean {
  return maxWait === MAX_WAIT;
}
