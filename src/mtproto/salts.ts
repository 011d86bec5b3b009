/**
 * The salts that the server announced for later.
 * https://core.telegram.org/mtproto/service_messages#request-for-several-future-salts
 */

/** A salt and its period, in seconds since 1970 by the server's clock. */
export interface FutureSalt {
  readonly validSince: number;
  readonly validUntil: number;
  /** Signed 64 bits. */
  readonly salt: bigint;
}

const REFILL_BEFORE = 30 * 60; // seconds
const ASK_AGAIN_AFTER = 10 * 60; // seconds

/** Keeps the announced salts. Times are seconds since 1970 by the server's clock. */
export class Salts {
  #known: FutureSalt[] = [];
  #askedAt = -Infinity;

  /** Adds announced salts. */
  add(salts: readonly FutureSalt[]): void {
    const byValue = new Map(
      // A client that is idle keeps them for hours: as small as they can be.
      [...this.#known, ...salts].map(({ validSince, validUntil, salt }) => [
        salt,
        { validSince, validUntil, salt },
      ]),
    );
    this.#known = [...byValue.values()].sort((a, b) => a.validSince - b.validSince);
  }

  /** Forgets all salts: after the server refused one, the others may be wrong too. */
  forget(): void {
    this.#known = [];
  }

  /** Returns the announced salt that is valid at `time` and longest after it, if there is one. */
  at(time: number): bigint | undefined {
    const isOver = (salt: FutureSalt): boolean => salt.validUntil <= time;
    if (this.#known.some(isOver)) this.#known = this.#known.filter((salt) => !isOver(salt));
    return this.#known.findLast((salt) => salt.validSince <= time)?.salt;
  }

  /** Returns whether to ask for more salts; true at most once in ten minutes. */
  shouldAsk(time: number): boolean {
    const last = this.#known.at(-1);
    if (last !== undefined && last.validUntil > time + REFILL_BEFORE) return false;
    if (time < this.#askedAt + ASK_AGAIN_AFTER) return false;
    this.#askedAt = time;
    return true;
  }
}
