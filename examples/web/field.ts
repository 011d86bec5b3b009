/**
 * The texts of the fields of the page. White space around a phone number or a code is a slip; in a
 * password it belongs to the password. Fields with `data-secret` have passwords, also while they
 * are shown.
 */

/** The parts of an `<input>` that are read. */
export interface Field {
  readonly dataset: { readonly secret?: string };
  type: string;
  value: string;
}

/** Returns the text that a person has typed: a password to the letter, anything else trimmed. */
export function textOf({ dataset, value }: Field): string {
  return dataset.secret === undefined ? value.trim() : value;
}

/** Empties the fields that have passwords, and hides what is typed there next. */
export function forgetPasswords(fields: Iterable<Field>): void {
  for (const field of fields) {
    if (field.dataset.secret === undefined) continue;
    field.value = "";
    field.type = "password";
  }
}

/**
 * Returns the code in a text that was typed or pasted, such as a whole message from Telegram. A
 * code of words, and a text that is not clear, stay as they are.
 */
export function codeIn(text: string, length: number | undefined): string {
  const trimmed = text.trim();
  if (length === undefined) return trimmed;
  const joined = trimmed.replace(/(?<=\d)[\s\u00a0-](?=\d)/g, "");
  const numbers = joined.match(/\d+/g) ?? [];
  const codes = numbers.filter((digits) => digits.length === length);
  return codes.length === 1 || numbers.length === 1 ? codes[0] ?? numbers[0] : trimmed;
}
