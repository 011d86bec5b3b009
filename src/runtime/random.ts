/**
 * Random bytes. The floors above take them as an argument, so that a test can replace them.
 */
import { builtinModule } from "./builtin_modules.ts";
import { runtimeKind } from "./process.ts";

/**
 * Returns `length` random bytes. They must be cryptographically secure, except in tests. The lower
 * floors are pure: randomness comes in through an argument of this type.
 *
 * @example
 * ```ts
 * import type { Random } from "@tessera/mtproto/crypto";
 *
 * const random: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
 * random(16); // 16 fresh bytes
 * ```
 */
export type Random = (length: number) => Uint8Array;

/** The most bytes that one call of `getRandomValues` fills. */
const MAX_RANDOM_LENGTH = 65_536;
/** The bytes of the pool: in Node, a call of the system takes ten times as long as a copy. */
const POOL_LENGTH = 4096;
/** The most bytes that are taken from the pool: the padding of a message, not an auth key. */
const MAX_POOLED = 128;

/** Random bytes to come, and zeros in place of those that are taken. */
let pool: Uint8Array | undefined;
let taken = POOL_LENGTH;
/** MAX_POOLED; 0 in Bun, which has a pool of its own. Undefined before the first use. */
let mostPooled: number | undefined;

/**
 * Returns random bytes of the runtime's cryptographic generator. A few come from a pool, which is
 * filled on use, never while a module loads, and is wiped where bytes are taken.
 */
export const systemRandom: Random = (length) => {
  mostPooled ??= runtimeKind() === "bun" ? 0 : MAX_POOLED;
  if (length > mostPooled || length >>> 0 !== length) return freshBytes(length);
  if (pool === undefined || length > POOL_LENGTH - taken) {
    const fresh = freshBytes(POOL_LENGTH);
    // Each process that starts from a snapshot would have the pool of the first one.
    if (isBuildingSnapshot()) return fresh.slice(0, length);
    pool = fresh;
    taken = 0;
  }
  const start = taken;
  taken += length;
  const bytes = pool.slice(start, taken);
  pool.fill(0, start, taken);
  return bytes;
};

function freshBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += MAX_RANDOM_LENGTH) {
    crypto.getRandomValues(bytes.subarray(start, start + MAX_RANDOM_LENGTH));
  }
  return bytes;
}

/** Whether Node is writing its memory to a file, from which other processes start. */
function isBuildingSnapshot(): boolean {
  return builtinModule("node:v8")?.startupSnapshot?.isBuildingSnapshot() ?? false;
}

/** Returns a random signed 64-bit number, as TL has for session ids, ping ids and message ids. */
export function randomLong(random: Random): bigint {
  const bytes = random(8);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
}
