/** JSON with a secret in it. The error of `JSON.parse` shows a part of the text. */

/** Parses JSON. Its error says nothing of the text. */
export function parseSecretJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError("It is not JSON");
  }
}
