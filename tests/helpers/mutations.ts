/**
 * Changes bytes as an attacker or a broken disk does, and measures how much time and memory the
 * reader of such bytes takes.
 */
import type { Random } from "../../src/runtime/mod.ts";
import { assert } from "./assert.ts";
import { runs } from "./long.ts";
import { pick } from "./seeded_random.ts";

/** The numbers at which lengths and counts go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

/** Returns changed bytes: one to four changes, of one of seven kinds each. */
export function mutated(random: Random, bytes: Uint8Array, others: readonly Uint8Array[]) {
  let changed = bytes.slice();
  for (let left = 1 + pick(random, 4); left > 0 && changed.length > 0; left--) {
    const at = below(random, changed.length);
    const length = 1 + below(random, Math.min(64, changed.length - at));
    switch (pick(random, 7)) {
      case 0:
        changed[at] ^= 1 << pick(random, 8);
        break;
      case 1:
        changed[at] = EDGES[pick(random, EDGES.length)];
        break;
      case 2: // a number of two or four bytes
        changed.set(
          new Uint8Array(Math.min(2 + 2 * pick(random, 2), changed.length - at))
            .fill(EDGES[pick(random, EDGES.length)]),
          at,
        );
        break;
      case 3:
        changed = joined(changed.subarray(0, at), changed.subarray(at + length));
        break;
      case 4:
        changed = joined(changed.subarray(0, at + length), changed.subarray(at));
        break;
      case 5:
        changed = changed.slice(0, at);
        break;
      default: {
        const other = others[pick(random, others.length)];
        const from = below(random, other.length);
        const part = other.subarray(from, from + length);
        changed.set(part.subarray(0, changed.length - at), at);
      }
    }
  }
  return changed;
}

function below(random: Random, limit: number): number {
  return limit <= 1 ? 0 : limit <= 65_536 ? pick(random, limit) : (pick(random, 65_536) * 65_536 +
    pick(random, 65_536)) % limit;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The bounds of one input: the garbage collector and a busy machine take some of the time. */
const MAX_TIME = 15_000;
const MAX_MEMORY = 64 * 2 ** 20;

/** The worst time and memory of many inputs. */
export class Worst {
  #inputs = 0;
  #accepted = 0;
  #time = 0;
  #memory = 0;

  /**
   * Reads an input. An error that `isExpected` refuses fails the test.
   *
   * @param read returns whether the input was accepted
   */
  async measure(
    read: () => Promise<boolean> | boolean,
    isExpected: (error: unknown) => boolean,
  ): Promise<void> {
    const isSampled = this.#inputs++ % 8 === 0;
    const before = isSampled ? memory() : undefined;
    const begun = performance.now();
    try {
      if (await read()) this.#accepted++;
    } catch (error) {
      if (!isExpected(error)) throw error;
    }
    const time = performance.now() - begun;
    this.#time = Math.max(this.#time, time);
    assert(time < MAX_TIME, `an input took ${time} ms`);
    if (before === undefined) return;
    const used = memory() - before;
    this.#memory = Math.max(this.#memory, used);
    assert(used < MAX_MEMORY, `an input took ${used} bytes`);
  }

  /** Prints the numbers, in `deno task test:long`. */
  print(of: string): void {
    if (runs(0, 1) === 0) return;
    const megabytes = (this.#memory / 2 ** 20).toFixed(1);
    Deno.stderr.writeSync(new TextEncoder().encode(
      `${of}: ${this.#inputs} inputs, ${this.#accepted} accepted, ` +
        `worst ${this.#time.toFixed(0)} ms and ${megabytes} MB\n`,
    ));
  }
}

function memory(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
