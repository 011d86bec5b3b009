/**
 * Keeps secrets out of printed text. An object with an auth key, a code hash or a phone number
 * prints only the result of its `toJSON()`: as a string, as JSON, and when Deno, Node or Bun
 * inspect it. A program can still read the fields, and so can the console of a browser.
 */

/** The printable part of a censored object: no secrets, and only values that JSON can hold. */
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

/** Adds methods that do not appear when the fields are listed or copied. */
function addHidden(target: object, methods: Record<PropertyKey, unknown>): void {
  for (const key of Reflect.ownKeys(methods)) {
    const value = methods[key];
    Object.defineProperty(target, key, { value, configurable: true, writable: true });
  }
}

/**
 * Makes `toString()` and inspection of `target` show no more than its `toJSON()`. Call it in the
 * static block of a class, with the prototype.
 */
export function censor(target: object & { toJSON(): Shown }): void {
  addHidden(target, {
    toString: stringifyShown,
    [DENO_INSPECT]: inspectShown,
    [NODE_INSPECT]: inspectShown,
  });
}

function ownText(this: object): string {
  return String(this);
}

/** Makes JSON and inspection of `target` show only the text of its `toString()`. */
export function censorAsText(target: object): void {
  addHidden(target, { toJSON: ownText, [DENO_INSPECT]: ownText, [NODE_INSPECT]: ownText });
}

/**
 * Censors a plain object: printing it shows the result of `show`. The fields do not change, and a
 * copy (a spread, a structured clone) is not censored. A second call has no effect.
 */
export function censorObject<T extends object>(target: T, show: (target: T) => Shown): T {
  if (!Object.hasOwn(target, "toJSON") && Object.isExtensible(target)) {
    const toJSON = (): Shown => show(target);
    addHidden(target, { toJSON, toString: stringifyShown });
    addHidden(target, { [DENO_INSPECT]: inspectShown, [NODE_INSPECT]: inspectShown });
  }
  return target;
}
