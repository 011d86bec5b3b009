/**
 * Recognises the texts of this library by how they begin: sealed texts, and the text of a state. It
 * reads neither, so that a program with a `StringSession` loads no code for them.
 */

import { pastedValue } from "../../runtime/mod.ts";

/**
 * Returns a session text, of whatever library, as it was before people copied it: without quotes,
 * line breaks, spaces, the name of a variable, and `%` codes. JSON stays as it is.
 */
export function sessionTextOf(given: string): string {
  const text = pastedValue(given);
  return text.startsWith("{")
    ? text
    : text.replace(/\s+/g, "").replace(/%(2[bf]|3d)/gi, (code) => decodeURIComponent(code));
}

/**
 * Whether a text is a sealed text of this library, of any version.
 *
 * @param text the text to look at
 * @returns true if the text begins like the result of {@linkcode sealText}; the rest is not checked
 */
export function isSealed(text: string): boolean {
  return /^tessera-sealed\d+\./.test(text);
}

/**
 * The version that the text of a state claims to have; `undefined` if the text is not of this
 * library.
 */
export function stateTextVersion(text: string): string | undefined {
  return /^tessera(\d+)\./.exec(text)?.[1];
}

/**
 * The most characters of a session as a text. Ours has the most: 32 data centers with 32
 * addresses each are 400,000 at the very most. A longer text is an attack, and would fill the
 * memory.
 */
export const MAX_TEXT_LENGTH = 2 ** 20;
