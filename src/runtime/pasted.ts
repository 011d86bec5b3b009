/** Texts as people paste them, which come with what nobody sees or means. */

const OPENING = "\"'`«“„‘<";
const CLOSING = "\"'`»”’“>";
/** The beginning of a line of a shell or a file of variables: `export TOKEN=`. */
const VARIABLE = /^(?:export\s+|set\s+)?[A-Za-z_]\w{0,63}\s*=\s*(?=[^=])/;

/**
 * Returns a text without marks that nobody sees (of direction, of byte order, of zero width), and
 * without the white space and quotes around it.
 */
export function pasted(text: string): string {
  let plain = text.replace(/\p{Cf}/gu, "").trim();
  while (plain.length > 1 && OPENING.includes(plain[0]) && CLOSING.includes(plain.slice(-1))) {
    plain = plain.slice(1, -1).trim();
  }
  return plain;
}

/** Returns a value as {@linkcode pasted} does, without the name of its variable. */
export function pastedValue(text: string): string {
  return pasted(pasted(text).replace(VARIABLE, ""));
}
