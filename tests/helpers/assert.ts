/**
 * The assertions that the tests use, typed. `@std/assert` reaches us as plain JavaScript, so its
 * types are stated here, once.
 */
import * as std from "@std/assert";

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

interface Assertions {
  assert(condition: unknown, message?: string): asserts condition;
  assertEquals<T>(actual: T, expected: T, message?: string): void;
  assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  assertStrictEquals<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
  assertMatch(actual: string, expected: RegExp, message?: string): void;
  assertNotMatch(actual: string, expected: RegExp, message?: string): void;
  assertStringIncludes(actual: string, expected: string, message?: string): void;
  assertInstanceOf<T>(
    actual: unknown,
    expected: abstract new (...args: never[]) => T,
    message?: string,
  ): asserts actual is T;
  assertThrows(run: () => unknown, message?: string): unknown;
  assertThrows<E extends Error>(
    run: () => unknown,
    errorClass: ErrorClass<E>,
    includes?: string,
    message?: string,
  ): E;
  assertRejects(run: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
  assertRejects<E extends Error>(
    run: () => PromiseLike<unknown>,
    errorClass: ErrorClass<E>,
    includes?: string,
    message?: string,
  ): Promise<E>;
}

const typed: Assertions = std;

export const assert: Assertions["assert"] = typed.assert;
export const assertEquals: Assertions["assertEquals"] = typed.assertEquals;
export const assertNotEquals: Assertions["assertNotEquals"] = typed.assertNotEquals;
export const assertStrictEquals: Assertions["assertStrictEquals"] = typed.assertStrictEquals;
export const assertMatch: Assertions["assertMatch"] = typed.assertMatch;
export const assertNotMatch: Assertions["assertNotMatch"] = typed.assertNotMatch;
export const assertStringIncludes: Assertions["assertStringIncludes"] = typed.assertStringIncludes;
export const assertInstanceOf: Assertions["assertInstanceOf"] = typed.assertInstanceOf;
export const assertThrows: Assertions["assertThrows"] = typed.assertThrows;
export const assertRejects: Assertions["assertRejects"] = typed.assertRejects;
