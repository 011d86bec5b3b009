/**
 * Which packet goes into which HTTP request, and when; without requests. The server speaks only in
 * the body of an answer, so one request waits at the server while anything is expected: the poll.
 * https://core.telegram.org/mtproto/service_messages#http-waitlong-poll
 *
 * | requests under way     | the next packet                                                |
 * |------------------------|----------------------------------------------------------------|
 * | no poll, and anything  | becomes the poll: its answer may wait for 25 s. If there is    |
 * | is expected            | nothing to send, it is made of an http_wait alone (`isDue`)    |
 * | a poll, or nothing is  | is answered soon, at most two at a time; further packets wait, |
 * | expected               | and all leave in their order                                   |
 *
 * A packet of a key exchange has no http_wait: its answer comes when the server has made it.
 */
import type { TlObject } from "../../tl/mod.ts";
import type { LongPoll } from "../packet_stream.ts";

/** A packet, and how long its answer may wait. */
export interface HttpRequest {
  readonly packet: Uint8Array;
  /** The most milliseconds that the server waits for something to say. */
  readonly maxWait: number;
}

/** The most milliseconds of a poll, the default of the specification. */
export const MAX_WAIT = 25_000;
/** Milliseconds for messages that follow each other: they come together, as in TDLib. */
const MAX_DELAY = 30;
const WAIT_AFTER = 10;
/** The most requests at a time beside the poll. A browser has six for each host. */
const MAX_REQUESTS = 2;

/** The requests of one connection. */
export class HttpSchedule implements LongPoll {
  isWanted = false;
  /** The waits of packets that are not sent yet, in their order. */
  readonly #waits: number[] = [];
  readonly #queue: HttpRequest[] = [];
  #isPolling = false;
  #others = 0;

  /** Whether the server must be asked, as no poll waits there. */
  get isDue(): boolean {
    return this.isWanted && !this.#isPolling;
  }

  /** Returns the `http_wait` of the next packet. */
  next(): TlObject {
    const maxWait = this.isDue ? MAX_WAIT : 0;
    if (maxWait > 0) this.#isPolling = true;
    this.#waits.push(maxWait);
    return { _: "http_wait", maxDelay: MAX_DELAY, waitAfter: WAIT_AFTER, maxWait };
  }

  /** Queues a packet. */
  add(packet: Uint8Array): void {
    this.#queue.push({ packet, maxWait: this.#waits.shift() ?? 0 });
  }

  /** Returns the next request to make; undefined if it has to wait, or there is none. */
  start(): HttpRequest | undefined {
    const [next] = this.#queue;
    if (next === undefined) return undefined;
    if (next.maxWait === 0 && this.#others >= MAX_REQUESTS) return undefined;
    if (next.maxWait === 0) this.#others++;
    return this.#queue.shift();
  }

  /** Takes note of the end of a request. */
  ended({ maxWait }: HttpRequest): void {
    if (maxWait > 0) this.#isPolling = false;
    else this.#others--;
  }
}
