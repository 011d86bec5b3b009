/**
 * The server salts of one auth key: each is given out for half an hour and taken for an hour, so that there is always one to change to.
 * https://core.telegram.org/mtproto/description#server-salt
 */
import type { FutureSalt } from "../mtproto/mod.ts";
import type { Random } from "../runtime/mod.ts";

const PERIOD = 1800; // seconds
const VALIDITY = 3600;

/** Makes up salts as time goes on. Times are Unix seconds. */
export class SaltSchedule {
  readonly #random: Random;
  #salts: FutureSalt[];

  /** Begins with the salt of the key exchange, if there is one. */
  constructor(random: Random, now: number, first?: bigint) {
    this.#random = random;
    this.#salts = [this.#make(now, first)];
  }

  /** The salt to give out at `now`: of those that are good the one that stays so for longest. */
  current(now: number): bigint {
    this.upcoming(now, 1);
    return (this.#salts.findLast((salt) => salt.validSince <= now) ?? this.#salts[0]).salt;
  }

  /** Whether a client may use that salt at `now`. */
  accepts(salt: bigint, now: number): boolean {
    return this.#valid(now).some((known) => known.salt === salt && known.validSince <= now);
  }

  /** The present salt and those after it, `count` of them. */
  upcoming(now: number, count: number): FutureSalt[] {
    const valid = this.#valid(now);
    while (valid.length < count || (valid.at(-1)?.validSince ?? 0) + PERIOD <= now) {
      const last = valid.at(-1);
      valid.push(this.#make(last === undefined ? now : last.validSince + PERIOD));
    }
    this.#salts = valid;
    return valid.slice(0, Math.max(count, 1));
  }

  /** Makes every salt that was given out so far wrong. */
  expire(now: number): void {
    this.#salts = [this.#make(now)];
  }

  #valid(now: number): FutureSalt[] {
    return this.#salts.filter((salt) => salt.validUntil > now);
  }

  #make(validSince: number, value?: bigint): FutureSalt {
    const bytes = this.#random(8);
    const salt = value ?? new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
    return {
      validSince: Math.floor(validSince),
      validUntil: Math.floor(validSince) + VALIDITY,
      salt,
    };
  }
}
