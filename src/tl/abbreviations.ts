/**
 * Abbreviations for the shipped text of the API schema: each frequent phrase becomes a character
 * that the text does not use. A bundle is 5 KB smaller after gzip; expanding all of it takes about
 * three milliseconds, so packed_lines.ts expands only the lines that are used.
 */

/** In the order of use: a phrase comes before the phrases inside it. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ["&", " flags:# "],
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

/** The fields of the second word of flags count on from here. */
const SECOND_FLAGS = 32;

/** An abbreviated vector, a condition with its flag, or another abbreviation. */
const SHORT = /\([\w.,)\];><%*]+|(?:@(\d+))?([[?])|[^\w\s:=.]/g;

/** Returns the abbreviated text. Only the generator of the schema text calls it. */
export function abbreviate(text: string): string {
  const short = shorten(shortenConditions(text.replace(/(Vector<[\w.]+)>/g, "$1")));
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
 * Abbreviates the conditions of fields: `[` is one of `true`, `?` one of another type, and `@5`
 * before them is the number of the flag, unless it is the one after the flag of the field before.
 */
function shortenConditions(text: string): string {
  let next = 0;
  return text.replace(
    / flags:# |:flags(2?)\.(\d+)\?(true )?/g,
    (long, second: string, bit: string | undefined, isTrue: string | undefined) => {
      if (bit === undefined) {
        next = 0;
        return long;
      }
      const flag = Number(bit) + (second === "" ? 0 : SECOND_FLAGS);
      const number = flag === next ? "" : `@${flag}`;
      next = flag + 1;
      return number + (isTrue === undefined ? "?" : "[");
    },
  );
}

/**
 * Returns the full text, the inverse of {@linkcode abbreviate}. One pass over the text is twice as
 * fast as one for each abbreviation. An abbreviated vector ends at the end of its type name.
 */
export function writeOut(text: string): string {
  let next = 0;
  return text.replace(SHORT, (short, number?: string, condition?: string) => {
    if (condition !== undefined) {
      const flag = number === undefined ? next : Number(number);
      next = flag + 1;
      const word = flag < SECOND_FLAGS ? "flags" : "flags2";
      return `:${word}.${flag % SECOND_FLAGS}?${condition === "[" ? "true " : ""}`;
    }
    if (short === "&") next = 0;
    return short.length > 1
      ? `Vector<${writeOut(short.slice(1))}>`
      : ABBREVIATIONS.get(short) ?? short;
  });
}
