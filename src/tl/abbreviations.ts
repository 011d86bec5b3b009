// The abbreviations in which the API's schema text ships: what it says most often, each as a character that it has not.
// They make a bundle 4 KB smaller after gzip, and writing them out again takes about three milliseconds, once.

/** Applied in this order: what contains another comes before it. */
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

/** The text with what is said most often abbreviated; for whoever makes the text that ships. */
export function abbreviate(text: string): string {
  let short = text.replace(/(Vector<[\w.]+)>/g, "$1");
  for (const [abbreviation, long] of ABBREVIATIONS) short = short.replaceAll(long, abbreviation);
  if (writeOut(short) === text) return short;
  throw new TypeError(
    `Cannot abbreviate "${text}": it has what stands for something else, expected TL`,
  );
}

/** The text that was abbreviated. In one pass: one for each abbreviation takes twice as long. A vector ends where its name does. */
export function writeOut(text: string): string {
  return text.replace(
    /\([\w.,)\];><%*]+|[^\w\s:?=.]/g,
    (short) =>
      short.length > 1 ? `Vector<${writeOut(short.slice(1))}>` : ABBREVIATIONS.get(short) ?? short,
  );
}
