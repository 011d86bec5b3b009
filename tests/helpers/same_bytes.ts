/** The comparison of long byte strings. Not in assert.ts, which tests in a browser load, too. */
import { Buffer } from "node:buffer";
import { assertEquals } from "./assert.ts";

/** Asserts that byte strings are equal, also of many MiB, and shows none of their bytes. */
export function assertSameBytes(actual: Uint8Array, expected: Uint8Array, message?: string): void {
  assertEquals(actual.length, expected.length, message);
  assertEquals(Buffer.compare(actual, expected), 0, message);
}
