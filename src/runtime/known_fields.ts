/** Options that are not understood are refused, never passed over in silence. */

/**
 * Throws a `TypeError` if an object has a field that is not known. A field of value `undefined` is
 * as good as absent.
 *
 * @param what what cannot be done then: "send a message"
 */
export function checkFields(
  what: string,
  object: object,
  known: readonly string[],
): void {
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    const type = object === null ? "null" : Array.isArray(object) ? "array" : typeof object;
    throw new TypeError(`Cannot ${what}: the options are of type ${type}, expected an object`);
  }
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined || known.includes(name)) continue;
    const like = known.find((one) => one.toLowerCase() === name.toLowerCase().replaceAll("_", ""));
    const hint = like === undefined ? `Known are ${known.join(", ")}.` : `Did you mean "${like}"?`;
    throw new TypeError(`Cannot ${what}: the option "${name}" is not known. ${hint}`);
  }
}
