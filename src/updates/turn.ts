/**
 * The turns of one box to fetch its difference: when it wants one, and how long it waits after a
 * failure.
 *
 * | state     | event                 | next                                    |
 * | --------- | --------------------- | --------------------------------------- |
 * | idle      | `want`                | wanted at once                          |
 * | wanted    | its time has come     | in flight (`begin`)                     |
 * | in flight | `want`                | in flight, and wanted again at its end  |
 * | in flight | the last answer       | idle (`end`), or wanted again           |
 * | in flight | an answer with a rest | wanted at once (`goOn`)                 |
 * | in flight | a failure             | wanted after 1, 2, 4, ... 64 s (`retry`) |
 * | in flight | the 8th failure       | given up: idle, or wanted much later    |
 */
import type { Want } from "./want.ts";

const MAX_FAILURES = 8;
const MAX_WAIT = 64_000;

/** The turns of one box. */
export class Turn {
  /** When to fetch, in milliseconds of the clock; undefined if nothing is wanted. */
  at: number | undefined;
  #request: Want | undefined;
  #wantedAgain = false;
  #failures = 0;
  #offline = 0;
  /** Whether news may bring the next request forward. */
  #isLax = false;
  #isGivenUp = false;

  /** Whether a request is in flight. */
  get isInFlight(): boolean {
    return this.#request !== undefined;
  }

  /** Whether a difference is wanted or in flight. */
  get isBusy(): boolean {
    return this.at !== undefined || this.#request !== undefined;
  }

  /** Whether a difference is on its way, which was not given up. */
  get isPending(): boolean {
    return this.isBusy && !this.#isGivenUp;
  }

  /** Whether `want` is the request in flight. An answer to another one is too late. */
  isOf(want: Want): boolean {
    return want === this.#request;
  }

  /** Wants a difference. The wait after a failure of Telegram holds on. */
  want(now: number): void {
    if (this.#request !== undefined) this.#wantedAgain = true;
    else if (this.at === undefined || this.#isLax) this.at = Math.min(this.at ?? now, now);
  }

  /** When a gap that shows at `deadline` is fetched; undefined if nothing is wanted at all. */
  atLatest(deadline: number | undefined): number | undefined {
    if (this.at === undefined || !this.#isGivenUp) return this.at ?? deadline;
    return Math.min(this.at, deadline ?? Infinity);
  }

  /** Wants a difference after it was given up, if nothing wants it before. */
  wantLater(at: number): void {
    this.#isLax = this.#isGivenUp = true;
    this.at = at;
  }

  /** A request leaves. */
  begin<W extends Want>(request: W): W {
    this.at = undefined;
    this.#wantedAgain = this.#isLax = this.#isGivenUp = false;
    this.#request = request;
    return request;
  }

  /** The answer has more behind it. */
  goOn(now: number): void {
    this.#request = undefined;
    this.at = now;
  }

  /** The answer moved the box: earlier failures do not count any more. */
  advance(): void {
    this.#failures = 0;
    this.#offline = 0;
  }

  /** The last answer came. */
  end(now: number): void {
    this.#request = undefined;
    this.at = this.#wantedAgain ? now : undefined;
    this.#wantedAgain = false;
    this.#offline = 0;
  }

  /** Gives up, with nothing wanted. */
  stop(): void {
    this.#request = this.at = undefined;
    this.#wantedAgain = false;
    this.advance();
  }

  /**
   * Tries again later.
   *
   * @param wait the wait in ms that Telegram asks for, which counts as no failure
   * @returns whether to try again; else the turn is given up
   */
  retry(now: number, wait?: number): boolean {
    this.#request = undefined;
    if (wait === undefined && ++this.#failures >= MAX_FAILURES) {
      this.stop();
      return false;
    }
    this.at = now + (wait ?? backOff(this.#failures));
    return true;
  }

  /** Tries again later, without a limit: it is the connection that fails. */
  retryOffline(now: number): void {
    this.#request = undefined;
    this.#isLax = true;
    this.at = now + backOff(++this.#offline);
  }
}

function backOff(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), MAX_WAIT);
}
