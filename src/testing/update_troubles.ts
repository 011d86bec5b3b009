/**
 * What happens to a packet of updates on its way: nothing, or one of the troubles of updates.
 *
 * Random troubles have a seed, and depend on nothing else: the same packets meet the same fates.
 */
import type { Trouble, Troubles } from "./troubles.ts";

/** The fate of one packet of updates. */
export type Fate =
  | { readonly kind: "send" | "drop" | "hold" | "twice" | "loseSession" }
  | { readonly kind: "delay"; readonly ms: number };

type BadUpdates = Extract<Trouble, { kind: "badUpdates" }>;

const DELAY_MS = 1000;

/** Decides the fates of packets. */
export class UpdateTroubles {
  readonly #troubles: Troubles;
  #random: { readonly cause: BadUpdates; readonly next: () => number } | undefined;

  constructor(troubles: Troubles) {
    this.#troubles = troubles;
  }

  /** Returns the fate of the next packet. */
  next(): Fate {
    const troubles = this.#troubles;
    const isLost = troubles.take("loseSession") !== undefined;
    const isDropped = troubles.take("dropUpdate") !== undefined;
    const isHeld = troubles.take("reorderUpdate") !== undefined;
    const isDoubled = troubles.take("duplicateUpdate") !== undefined;
    const late = troubles.take("delayUpdate");
    if (isLost) return { kind: "loseSession" };
    if (isDropped) return { kind: "drop" };
    if (isHeld) return { kind: "hold" };
    if (isDoubled) return { kind: "twice" };
    if (late !== undefined) return { kind: "delay", ms: late.ms };
    const cause = troubles.lasting("badUpdates");
    return cause === undefined ? { kind: "send" } : this.#randomFate(cause);
  }

  #randomFate(cause: BadUpdates): Fate {
    if (this.#random?.cause !== cause) this.#random = { cause, next: seeded(cause.seed) };
    const { next } = this.#random;
    const { drop = 0, delay = 0, reorder = 0, duplicate = 0, loseSession = 0 } = cause;
    const { ms = DELAY_MS } = cause;
    const fates: readonly (readonly [number, Fate])[] = [
      [drop, { kind: "drop" }],
      [delay, { kind: "delay", ms: Math.floor(next() * ms) }],
      [reorder, { kind: "hold" }],
      [duplicate, { kind: "twice" }],
      [loseSession, { kind: "loseSession" }],
    ];
    let left = next();
    for (const [probability, fate] of fates) {
      if (left < probability) return fate;
      left -= probability;
    }
    return { kind: "send" };
  }
}

/** Returns a source of numbers from 0 to 1: https://en.wikipedia.org/wiki/Xorshift */
function seeded(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
