/**
 * The text of a field of the page. White space around a phone number or a code is a slip; in a
 * password it belongs to the password.
 */

/** The parts of an `<input>` that are read. */
export interface Field {
  readonly type: string;
  value: string;
}

/** Returns the text that a person has typed: a password to the letter, anything else trimmed. */
export function textOf({ type, value }: Field): string {
  return type === "password" ? value : value.trim();
}

/** Empties the fields that have passwords. */
export function forgetPasswords(fields: Iterable<Field>): void {
  for (const field of fields) if (field.type === "password") field.value = "";
}
