/** What it takes to decode each object of the schema, in the process of one library. */
import process from "node:process";
import type { Library } from "./library.ts";
import { areSame } from "./rows.ts";

/** For how long an object is decoded before, so that the engine compiles it, in milliseconds. */
const WARM_UP = 15;
/** The time for which a round repeats an object, in milliseconds. */
const ROUND_TIME = 2;

/** An object that is decoded again and again. */
export interface Repeated {
  readonly bytes: Uint8Array;
  readonly repeats: number;
}

function time({ decode }: Library, { bytes, repeats }: Repeated): number {
  const before = process.cpuUsage();
  for (let i = 0; i < repeats; i++) decode(bytes);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function calibrate(library: Library, bytes: Uint8Array): Repeated {
  let repeats = 8;
  let total = 0;
  while (true) {
    const spent = time(library, { bytes, repeats });
    total += spent;
    if (total >= WARM_UP) {
      return { bytes, repeats: Math.max(1, Math.round(repeats * ROUND_TIME / spent)) };
    }
    if (spent < ROUND_TIME) repeats *= 2;
  }
}

/**
 * Makes all objects ready. All are decoded before the first one is measured, as a client meets
 * them in any order.
 *
 * @throws {Error} if the library encodes an object to other bytes than it decoded
 */
export function prepareObjects(
  library: Library,
  objects: ReadonlyMap<string, Uint8Array>,
): readonly Repeated[] {
  for (const [name, bytes] of objects) {
    if (areSame(library.encode(library.decode(bytes)), bytes)) continue;
    throw new Error(`Cannot measure "${name}": it encodes to other bytes`);
  }
  return [...objects.values()].map((bytes) => calibrate(library, bytes));
}

/** Returns the milliseconds of each object, in one round. */
export function measureObjects(library: Library, objects: readonly Repeated[]): number[] {
  return objects.map((object) => time(library, object) / object.repeats);
}
