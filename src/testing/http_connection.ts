/**
 * The requests of one session over HTTP, which together are its connection: each waits for
 * something to say, as its http_wait asks.
 * https://core.telegram.org/mtproto/service_messages#http-waitlong-poll
 *
 * An answer may be lost with its connection, and the server never knows. So a message that is not
 * acknowledged for two seconds is sent again.
 */
import type { Clock } from "../runtime/mod.ts";
import type { HttpWait } from "./http_wait.ts";
import type { ServerSession } from "./server_session.ts";

/** How long a client may be without any request, in milliseconds, before it counts as gone. */
const GONE_AFTER = 10_000;
const REPEAT_AFTER = 2000;
/** The longest wait that a client can ask for. */
const MAX_WAIT = 60_000;

/** What ends the wait of a request. */
export interface HttpEnds {
  /** Aborts when the client is gone. */
  readonly gone: AbortSignal;
  /** Aborts when the client wants an answer at once. */
  readonly wait: AbortSignal;
}

interface Waiting extends HttpWait {
  readonly answered: PromiseWithResolvers<Uint8Array>;
}

/** The requests of one session. */
export class HttpConnection {
  /** Whether its address is for files only. */
  readonly mediaOnly: boolean;
  readonly sessions = new Set<ServerSession>();
  /** When the last `ping_delay_disconnect` runs out, in Unix milliseconds. */
  disconnectAtMs = Infinity;
  /** Aborted when the client is gone. */
  readonly ended = new AbortController();
  readonly #clock: Clock;
  readonly #onPacket: (packet: Uint8Array) => void;
  readonly #waiting: Waiting[] = [];
  #isCollecting = false;
  #idle = new AbortController();

  /** `onPacket` is called with each packet that is sent. */
  constructor(
    options: {
      readonly clock: Clock;
      readonly mediaOnly: boolean;
      readonly onPacket: (packet: Uint8Array) => void;
    },
  ) {
    this.mediaOnly = options.mediaOnly;
    this.#clock = options.clock;
    this.#onPacket = options.onPacket;
  }

  /** Ends it. */
  readonly close = (): void => {
    this.#idle.abort();
    this.ended.abort();
  };

  /** Answers a request of the session, at the latest when its wait is over. */
  async answer(session: ServerSession, wait: HttpWait, ends: HttpEnds): Promise<Uint8Array> {
    this.#idle.abort();
    const waiting: Waiting = { ...wait, answered: Promise.withResolvers() };
    this.#waiting.push(waiting);
    const leave = new AbortController();
    const stop = (): void => leave.abort();
    const signals = [ends.gone, ends.wait, this.ended.signal];
    for (const one of signals) one.addEventListener("abort", stop);
    if (signals.some(({ aborted }) => aborted)) stop();
    let answer: Uint8Array | undefined;
    waiting.answered.promise.then((packet) => {
      answer = packet;
      stop();
    });
    try {
      await this.#wait(session, waiting, leave.signal);
      this.#leave(waiting); // a packet that comes now finds the next request
      ends.gone.throwIfAborted();
      return answer ?? session.emptyPacket(this.#clock.now());
    } finally {
      this.#leave(waiting);
      for (const one of signals) one.removeEventListener("abort", stop);
      if (this.#waiting.length === 0) this.#beIdle();
    }
  }

  /** Sends what waits in the session, if a request waits for it. */
  readonly flush = async (session: ServerSession): Promise<void> => {
    if (this.#waiting.length === 0 || this.#isCollecting) return;
    const { packets } = session;
    if (packets.length === 0 && session.waitingCount === 0) return;
    this.#isCollecting = true;
    await this.#collect(session, this.#waiting[0]);
    this.#isCollecting = false;
    if (this.#waiting.length === 0) return;
    if (packets.length === 0) packets.push(...session.flush(this.#clock.now()));
    while (packets.length > 0 && this.#waiting.length > 0) {
      const [packet] = packets.splice(0, 1);
      const [waiting] = this.#waiting.splice(0, 1);
      this.#onPacket(packet);
      waiting.answered.resolve(packet);
    }
  };

  /** Waits for more messages, as the request asks. */
  async #collect(session: ServerSession, { maxDelay, waitAfter }: HttpWait): Promise<void> {
    const end = this.#clock.monotonic() + Math.min(maxDelay, MAX_WAIT);
    for (let before = -1; before !== session.waitingCount;) {
      before = session.waitingCount;
      const ms = Math.min(waitAfter, end - this.#clock.monotonic());
      if (ms <= 0) return;
      await this.#clock.sleep(ms, this.ended.signal).catch(() => {});
    }
  }

  async #wait(session: ServerSession, wait: HttpWait, signal: AbortSignal): Promise<void> {
    const end = this.#clock.monotonic() + Math.min(wait.maxWait, MAX_WAIT);
    for (;;) {
      session.repeatOlder(this.#clock.now(), REPEAT_AFTER);
      const flushed = this.flush(session);
      const left = Math.min(end - this.#clock.monotonic(), REPEAT_AFTER);
      if (left <= 0) await flushed; // what is there goes
      if (left <= 0 || signal.aborted) return;
      await this.#clock.sleep(left, signal).catch(() => {});
      if (signal.aborted) return;
    }
  }

  #leave(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  #beIdle(): void {
    this.#idle.abort();
    this.#idle = new AbortController();
    this.#clock.sleep(GONE_AFTER, this.#idle.signal).then(this.close, () => {});
  }
}
