/**
 * Server salts: the one in use, and those that the server has announced for later.
 * https://core.telegram.org/mtproto/service_messages#request-for-several-future-salts
 */

/** A salt and the time for which it is good, in seconds since 1970 by the server's clock. */
export interface FutureSalt {
  readonly validSince: number;
  readonly validUntil: number;
  /** Signed 64 bits. */
  readonly salt: bigint;
}

const REFILL_BEFORE = 30 * 60; // seconds
const ASK_AGAIN_AFTER = 10 * 60; // seconds

/** Keeps the announced salts and says which to use when. Times are seconds since 1970 by the server's clock. */
export class Salts {
  #known: FutureSalt[] = [];
  #askedAt = -Infinity;

  /** Takes announced salts. */
  add(salts: readonly FutureSalt[]): void {
    const byValue = new Map([...this.#known, ...salts].map((salt) => [salt.salt, salt]));
    this.#known = [...byValue.values()].sort((a, b) => a.validSince - b.validSince);
  }

  /** Forgets what was announced: the server refused a salt, so the others are not to be relied on either. */
  forget(): void {
    this.#known = [];
  }

  /** The salt to use at `time`: the announced one that stays good for longest; undefined when none is known for now. */
  at(time: number): bigint | undefined {
    this.#known = this.#known.filter((salt) => salt.validUntil > time);
    return this.#known.findLast((salt) => salt.validSince <= time)?.salt;
  }

  /** Whether it is time to ask for more; says yes at most once in ten minutes. */
  shouldAsk(time: number): boolean {
    const last = this.#known.at(-1);
    if (last !== undefined && last.validUntil > time + REFILL_BEFORE) return false;
    if (time < this.#askedAt + ASK_AGAIN_AFTER) return false;
    this.#askedAt = time;
    return true;
  }
}
