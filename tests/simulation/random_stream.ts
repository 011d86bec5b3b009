/**
 * Named streams of random numbers. Each part of a world draws from a stream of its own, so that a
 * change in one part does not shift the numbers of the others.
 */
import type { Random } from "../../src/runtime/mod.ts";

const EXPONENT_BYTES = 256;
const EXPONENTS = 16;
/** More than the keys of a world: each of them is to be another one. */
const SERVER_EXPONENTS = 128;

/** Numbers that are the same for the same seed and name. The generator is mulberry32. */
export class RandomStream {
  readonly #name: string;
  #state: number;
  #first: number | undefined;
  #exponents = 0;

  constructor(seed: number, name: string) {
    this.#name = name;
    let hash = seed ^ 0x9e3779b9;
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    this.#state = Math.imul(hash ^ hash >>> 16, 0x85ebca6b) >>> 0;
  }

  /** Returns an integer of 32 bits. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(this.#state ^ this.#state >>> 15, this.#state | 1);
    value ^= value + Math.imul(value ^ value >>> 7, value | 61);
    return (value ^ value >>> 14) >>> 0;
  }

  /** Returns a number from 0 to 1, without 1. */
  fraction(): number {
    return this.word() / 2 ** 32;
  }

  /** Returns an integer from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** Returns true with a probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Returns one item of a list. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Returns an integer of a range. Each order of magnitude is as likely as the next one. */
  magnitude(low: number, high: number): number {
    return Math.round(low * (high / low) ** this.fraction());
  }

  /**
   * Random bytes. The secret numbers of a key exchange are a few ones, so that the powers of them
   * are computed once: see helpers/remembered_powers.ts.
   */
  readonly bytes: Random = (length) => {
    if (length !== EXPONENT_BYTES) return this.#take(length);
    // The servers' numbers differ within a world, so that no two of its keys are the same.
    const isServer = this.#name === "server";
    const drawn = this.below(EXPONENTS);
    const which = isServer ? (this.#first ??= drawn) + this.#exponents++ : drawn;
    return new RandomStream(which % SERVER_EXPONENTS, isServer ? "a" : "").#take(length);
  };

  #take(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.word();
      for (let i = at; i < Math.min(at + 4, length); i++) bytes[i] = word >>> (i - at) * 8;
    }
    return bytes;
  }
}
