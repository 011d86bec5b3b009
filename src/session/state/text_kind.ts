/**
 * Tells our own texts of a state from other texts. state_text.ts, which reads and writes them, is loaded only by sessions that
 * are kept so: a session string does without it.
 */

/** The version of the state's text that a text claims to be; undefined if it claims to be none. */
export function stateTextVersion(text: string): string | undefined {
  return /^tessera(\d+)\./.exec(text)?.[1];
}
