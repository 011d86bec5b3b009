/** Values of a program that a call reads later, when the program may have changed them. */

/** Returns a copy of a plain object or an array, one level deep; any other value as it is. */
export function ownCopy<T>(value: T): T {
  if (Array.isArray(value)) return [...value] as T;
  const isPlain = Object(value) === value && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? { ...value } : value;
}
