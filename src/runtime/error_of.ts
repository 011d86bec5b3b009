/**
 * Programs can throw any value, even one that cannot be converted to a text. Code that handles it
 * must not throw for that reason.
 */

/** Returns the thrown value if it is an error with a text; otherwise an error that shows it. */
export function errorOf(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return thrown;
    return new Error(String(thrown));
  } catch {
    return new Error(`a value of type ${typeof thrown} was thrown. Throw an Error.`);
  }
}
