/** The digits of all scripts, as Telegram takes them. */

/**
 * Returns a text with the digits 0 to 9 for those of other scripts, such as Arabic ones and those
 * of full width.
 */
export function withAsciiDigits(text: string): string {
  return text.normalize("NFKC").replace(/(?!\d)\p{Nd}/gu, (digit) => {
    // Each script has its ten digits in a row that begins at …0 or at …6.
    const code = digit.codePointAt(0) ?? 0;
    const row = code & ~15;
    const zero = /\p{Nd}/u.test(String.fromCodePoint(row)) ? row : row + 6;
    return String(code - zero);
  });
}
