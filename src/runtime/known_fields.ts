/** Options that are not understood are refused, never passed over in silence. */

/**
 * Throws a `TypeError` if an object has a field that is not known. A field of value `undefined` is
 * as good as absent. A `signal` that is none is refused, too.
 *
 * Without `known`, it only throws for a value that is no object, and for such a signal.
 *
 * @param what what cannot be done then: "send a message"
 * @param instead what to use for names of other libraries, in lower case and without `_`
 */
export function checkFields(
  what: string,
  object: object,
  known?: readonly string[],
  instead: Readonly<Record<string, string>> = {},
): void {
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    const type = object === null ? "null" : Array.isArray(object) ? "array" : typeof object;
    throw new TypeError(`Cannot ${what}: the options are of type ${type}, expected an object`);
  }
  if (known === undefined) {
    const { signal } = object as { signal?: unknown };
    if (signal !== undefined) checkSignal(what, signal);
    return;
  }
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    if (known.includes(name)) {
      if (name === "signal") checkSignal(what, value);
      continue;
    }
    const plain = name.toLowerCase().replaceAll("_", "");
    const like = known.find((one) => one.toLowerCase() === plain);
    const hint = like !== undefined
      ? `Did you mean "${like}"?`
      : Object.hasOwn(instead, plain)
      ? `Use ${instead[plain]}.`
      : known.length > 0
      ? `Known are ${known.join(", ")}.`
      : "There are none.";
    throw new TypeError(`Cannot ${what}: the option "${name}" is not known. ${hint}`);
  }
}

function checkSignal(what: string, signal: unknown): void {
  const { aborted, addEventListener } = Object(signal) as Partial<AbortSignal>;
  if (typeof aborted === "boolean" && typeof addEventListener === "function") return;
  throw new TypeError(
    `Cannot ${what}: the option "signal" is no AbortSignal. Pass the \`signal\` of an ` +
      "AbortController, or leave it out.",
  );
}
