/** The digits of all scripts, as Telegram takes them. */

/**
 * Returns a text with the digits 0 to 9 for those of other scripts, such as Arabic ones and those
 * of full width.
 */
export function withAsciiDigits(text: string): string {
  return text.normalize("NFKC").replace(/(?!\d)\p{Nd}/gu, (digit) => {
    // The ten digits of a script stand in a row, from 0 to 9.
    const code = digit.codePointAt(0) ?? 0;
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
    return String((code - first) % 10);
  });
}
