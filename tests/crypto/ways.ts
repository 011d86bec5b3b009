/** Runs tests of the cryptography with the WASM module alone, and with what the runtime has. */
import { chooseNative, type Thresholds } from "../../src/crypto/native.ts";
import { longTest } from "../helpers/long.ts";

/** The ways, by name: thresholds as {@linkcode chooseNative} takes them. */
export const WAYS: ReadonlyMap<string, Thresholds | null | undefined> = new Map([
  ["in WASM alone", null],
  ["hashed natively", { hash: 0, ige: Infinity }],
  ["all natively", { hash: 0, ige: 0 }],
]);

/** Does work in one of the ways. */
export function inWay<T>(way: Thresholds | null | undefined, work: () => T): T {
  chooseNative(way);
  try {
    return work();
  } finally {
    chooseNative();
  }
}

/** Registers a test for each of the ways. */
export function testEachWay(name: string, test: () => void): void {
  for (const [kind, way] of WAYS) Deno.test(`${name}, ${kind}`, () => inWay(way, test));
}

/** The same, for a long test. */
export function longTestEachWay(name: string, test: () => void): void {
  for (const [kind, way] of WAYS) longTest(`${name}, ${kind}`, () => inWay(way, test));
}
