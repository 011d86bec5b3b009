/**
 * What code of others throws: mostly errors, but JavaScript can throw anything, also what has no
 * text. Whoever waits for an end must not fail over the reason of that end.
 */

/** Returns what was thrown, if that is an error with a text; otherwise an error that tells it. */
export function errorOf(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return thrown;
    return new Error(String(thrown));
  } catch {
    return new Error(`a value of type ${typeof thrown} was thrown. Throw an Error.`);
  }
}
