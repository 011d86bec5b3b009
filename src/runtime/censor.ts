/**
 * Keeps secrets out of what people print: an object that holds an auth key, a code hash or a phone number shows only what
 * its `toJSON()` gives, whether it is turned into text, into JSON, or inspected by Deno, Node or Bun. It does not
 * stop a program that reads the fields themselves, nor the console of a browser.
 */

/** What a censored object shows of itself: no secrets, nothing that JSON cannot hold. */
export type Shown = Record<string, unknown>;

const DENO_INSPECT = Symbol.for("Deno.customInspect");
const NODE_INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** Deno calls the hook with (inspect, options), Node and Bun with (depth, options, inspect). */
function inspectShown(this: { toJSON(): Shown }, ...passed: unknown[]): string {
  const inspect = passed.find((one) => typeof one === "function");
  const options = passed.find((one) => typeof one === "object" && one !== null);
  const shown = this.toJSON();
  const text: unknown = inspect === undefined ? JSON.stringify(shown) : inspect(shown, options);
  const name = this.constructor.name;
  return name === "Object" ? String(text) : `${name} ${text}`;
}

function stringifyShown(this: { toJSON(): Shown }): string {
  return `${this.constructor.name} ${JSON.stringify(this.toJSON())}`;
}

/** Adds methods that are not seen when the fields are listed or copied. */
function addHidden(target: object, methods: Record<PropertyKey, unknown>): void {
  for (const key of Reflect.ownKeys(methods)) {
    const value = methods[key];
    Object.defineProperty(target, key, { value, configurable: true, writable: true });
  }
}

/**
 * Makes `toString()` and inspection of `target` show no more than its `toJSON()`. Give it a class's prototype, in the
 * class's static block.
 */
export function censor(target: object & { toJSON(): Shown }): void {
  addHidden(target, {
    toString: stringifyShown,
    [DENO_INSPECT]: inspectShown,
    [NODE_INSPECT]: inspectShown,
  });
}

/**
 * Censors a plain object: `show` says what may be seen of it. Its fields stay as they are, and a copy of it (a spread, a
 * structured clone) is not censored. Doing it again changes nothing.
 */
export function censorObject<T extends object>(target: T, show: (target: T) => Shown): T {
  if (!Object.hasOwn(target, "toJSON") && Object.isExtensible(target)) {
    const toJSON = (): Shown => show(target);
    addHidden(target, { toJSON, toString: stringifyShown });
    addHidden(target, { [DENO_INSPECT]: inspectShown, [NODE_INSPECT]: inspectShown });
  }
  return target;
}
