/**
 * Abbreviations for the shipped text of the API schema: each frequent phrase becomes a character
 * that the text does not use. A bundle is 4 KB smaller after gzip; expanding all of it takes about
 * three milliseconds, so packed_lines.ts expands only the lines that are used.
 */

/** In the order of use: a phrase comes before the phrases inside it. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ["'", ":flags.0?true "],
  ["@", ":flags."],
  ["&", " flags:# "],
  ["[", "?true "],
  ["|", ":int "],
  ["~", ":long "],
  ["*", "string"],
  ["(", "Vector<"],
  ["+", "= "],
  ["^", "peer:InputPeer "],
  ["]", "messages."],
  [";", "account."],
  [",", "Message"],
  [")", "Input"],
  ["%", "date"],
  ["<", "message"],
  [">", "Peer"],
]);

/** Returns the abbreviated text. Only the generator of the schema text calls it. */
export function abbreviate(text: string): string {
  const short = shorten(text.replace(/(Vector<[\w.]+)>/g, "$1"));
  if (writeOut(short) === text) return short;
  throw new TypeError(
    `Cannot abbreviate "${text}": it contains an abbreviation, expected plain TL`,
  );
}

/** Returns the abbreviated form of a name: the same as in a line. */
export function shorten(text: string): string {
  for (const [abbreviation, long] of ABBREVIATIONS) text = text.replaceAll(long, abbreviation);
  return text;
}

/**
 * Returns the full text, the inverse of {@linkcode abbreviate}. One pass over the text is twice as
 * fast as one for each abbreviation. An abbreviated vector ends at the end of its type name.
 */
export function writeOut(text: string): string {
  return text.replace(
    /\([\w.,)\];><%*]+|[^\w\s:?=.]/g,
    (short) =>
      short.length > 1 ? `Vector<${writeOut(short.slice(1))}>` : ABBREVIATIONS.get(short) ?? short,
  );
}
