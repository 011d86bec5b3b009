/**
 * Lazy loading at a folder's door: the code behind it is loaded when one of its functions is called
 * for the first time. A bot that never signs in as a person never loads the steps of a person.
 */

/** The asynchronous functions of a module, or methods of an object, that is loaded on first use. */
export type Lazy<T> = Pick<
  T,
  { [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never }[keyof T]
>;

/**
 * Returns an object with the functions of the module (or object) that `load` returns. Calling one
 * loads it first. A name that the module does not have is a `TypeError` when it is called, as
 * nothing is known of the module before.
 */
export function lazy<T extends object>(load: () => T | Promise<T>): Lazy<T> {
  const functions: Record<PropertyKey, unknown> = {};
  return new Proxy(functions as Lazy<T>, {
    get(_target, name) {
      // It is no promise, has nothing to show when it is printed, and is otherwise a plain object.
      const isPlain = typeof name === "symbol" || name === "then" || name === "toJSON";
      if (isPlain || name in functions) return functions[name];
      return functions[name] = async (...args: unknown[]): Promise<unknown> => {
        const loaded = await load();
        const called: unknown = loaded[name as keyof T];
        if (typeof called === "function") return await called.apply(loaded, args);
        throw new TypeError(`Cannot call "${name}": there is no such method. Check its spelling.`);
      };
    },
  });
}
