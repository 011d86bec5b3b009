/**
 * Errors of two copies of this library in one program: `tsx` makes one for `require` and another
 * one for `import`, when a package has no type of modules. `instanceof` takes the errors of both.
 */

/**
 * Returns the answer of `instanceof`: true for an instance, and for an error of another copy that
 * has one of these names.
 *
 * @param asked the class on the right of `instanceof`: `own`, or a subclass of it
 */
export function isInstance(
  value: unknown,
  asked: unknown,
  own: unknown,
  names: readonly string[],
): boolean {
  return Function.prototype[Symbol.hasInstance].call(asked, value) ||
    asked === own && value instanceof Error && names.includes(value.name);
}
