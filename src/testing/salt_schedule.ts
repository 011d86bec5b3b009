/**
 * The server salts of one auth key: a new one every half an hour, each valid for an hour, so that a
 * client always has a salt to change to. https://core.telegram.org/mtproto/description#server-salt
 */
import type { FutureSalt } from "../mtproto/mod.ts";
import { type Random, randomLong } from "../runtime/mod.ts";

/** A new salt begins with each period. */
const PERIOD_SECONDS = 1800;
const VALIDITY_SECONDS = 3600;

/** The salts of one auth key over time. All times are Unix seconds. */
export class SaltSchedule {
  readonly #random: Random;
  #salts: FutureSalt[];

  /** Starts with the salt of the key exchange, if there is one. */
  constructor(random: Random, nowSeconds: number, first?: bigint) {
    this.#random = random;
    this.#salts = [this.#make(nowSeconds, first)];
  }

  /** Returns the current salt: of the valid ones, the one that is valid for longest. */
  current(nowSeconds: number): bigint {
    this.upcoming(nowSeconds, 1);
    return (this.#salts.findLast((salt) => salt.validSince <= nowSeconds) ?? this.#salts[0]).salt;
  }

  /** Returns whether a client may use a salt now. */
  accepts(salt: bigint, nowSeconds: number): boolean {
    return this.#valid(nowSeconds).some((known) =>
      known.salt === salt && known.validSince <= nowSeconds
    );
  }

  /** Returns `count` salts: the oldest valid one and those after it. */
  upcoming(nowSeconds: number, count: number): FutureSalt[] {
    const valid = this.#valid(nowSeconds);
    while (valid.length < count || (valid.at(-1)?.validSince ?? 0) + PERIOD_SECONDS <= nowSeconds) {
      const last = valid.at(-1);
      valid.push(this.#make(last === undefined ? nowSeconds : last.validSince + PERIOD_SECONDS));
    }
    this.#salts = valid;
    return valid.slice(0, Math.max(count, 1));
  }

  /** Invalidates all salts. */
  expire(nowSeconds: number): void {
    this.#salts = [this.#make(nowSeconds)];
  }

  #valid(nowSeconds: number): FutureSalt[] {
    return this.#salts.filter((salt) => salt.validUntil > nowSeconds);
  }

  #make(validSince: number, value?: bigint): FutureSalt {
    const salt = value ?? randomLong(this.#random);
    return {
      validSince: Math.floor(validSince),
      validUntil: Math.floor(validSince) + VALIDITY_SECONDS,
      salt,
    };
  }
}
