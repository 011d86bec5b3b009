/**
 * The bound for calls that cannot get through. A call that the server has may take as long as it
 * takes; a call fails when
 *
 * - it waits for `giveUpAfter`, and nothing was heard of the server for that time, or
 * - it waits for `giveUpAfter`, and at least three connections broke while it was under way and the
 *   server did not have it: it may be the call itself that breaks them.
 */
import type { Clock } from "../runtime/mod.ts";
import type { Invocation } from "./invocation.ts";
import type { Invocations } from "./invocations.ts";

/** The parts of a {@linkcode CallDeadline}. */
export interface CallDeadlineOptions {
  readonly invocations: Invocations;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly giveUpAfter: number;
  /** Whether the server was heard on the connection that is open now. */
  readonly isReached: () => boolean;
  /** Makes the error for a call while nothing is reached. */
  readonly unreachable: () => Error;
}

const MAX_LOSSES = 3;
/** How exactly the bound is kept, in milliseconds. */
const STEP = 1000;

/** Fails the calls of a data center that cannot get through. */
export class CallDeadline {
  readonly #options: CallDeadlineOptions;
  #reachedAt: number;

  constructor(options: CallDeadlineOptions) {
    this.#options = options;
    this.#reachedAt = options.clock.monotonic();
  }

  /** Takes note that the server was heard, or that the first attempt begins. */
  reached(): void {
    this.#reachedAt = this.#options.clock.monotonic();
  }

  /** Whether nothing was heard of the server for the whole bound. */
  get isOver(): boolean {
    const { clock, giveUpAfter } = this.#options;
    return clock.monotonic() - this.#reachedAt >= giveUpAfter;
  }

  /** Fails calls in time, until the signal aborts; rejects then. */
  async watch(signal: AbortSignal): Promise<void> {
    const { clock, giveUpAfter, invocations, isReached, unreachable } = this.#options;
    if (giveUpAfter === Infinity) return;
    for (;;) {
      if (isReached()) this.reached();
      if (this.isOver) invocations.fail(this.#late(), unreachable);
      const now = clock.monotonic();
      const next = this.isOver ? this.#oldest(now) : this.#reachedAt;
      await clock.sleep(Math.max(next + giveUpAfter - now, STEP), signal);
    }
  }

  /** Fails the calls that were lost with too many connections, after another one has broken. */
  connectionLost(error: (losses: number) => Error): void {
    const { invocations } = this.#options;
    for (const invocation of invocations) {
      if (invocations.isUnderWay(invocation)) invocation.losses++;
    }
    const lost = this.#late().filter(({ losses }) => losses >= MAX_LOSSES);
    invocations.fail(lost, ({ losses }) => error(losses));
  }

  #late(): Invocation[] {
    const { clock, giveUpAfter, invocations } = this.#options;
    const limit = clock.monotonic() - giveUpAfter;
    return [...invocations].filter(({ since }) => since <= limit);
  }

  #oldest(now: number): number {
    let oldest = now;
    for (const { since } of this.#options.invocations) oldest = Math.min(oldest, since);
    return oldest;
  }
}
