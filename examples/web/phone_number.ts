/**
 * A phone number as people type it: in the international form or that of their country, with any
 * separators. It is shown in groups, and read into the form that Telegram takes.
 */
import { type Country, countryOf } from "./countries.ts";

/** What was read: a number such as `+4915123456789`, or what is wrong with it. */
export type ReadPhone =
  | { readonly number: string }
  | { readonly wrong: "empty" | "letters" | "noCountry" | "tooShort" | "tooLong" };

/** The shortest and the longest number, with the calling code: ITU-T E.164. */
const SHORTEST = 7;
const LONGEST = 15;
/** The zeros of the digits that other scripts have: Arabic, Persian, Devanagari, full-width. */
const ZEROS = [0x660, 0x6f0, 0x966, 0xff10];

/** Returns a text with the digits 0 to 9 in the place of those of other scripts. */
export function plainDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const zero = ZEROS.find((first) => digit >= at(first) && digit <= at(first + 9));
    return zero === undefined ? digit : String(digit.charCodeAt(0) - zero);
  });
}

function at(code: number): string {
  return String.fromCharCode(code);
}

/** Reads a number. One without `+` is completed with the code of the chosen country. */
export function readPhone(typed: string, chosen: Country | undefined): ReadPhone {
  const text = plainDigits(typed);
  if (/[^\d\s().\-\/+\u2010-\u2015\u200e\u202a-\u202c\u00a0]/u.test(text)) {
    return { wrong: "letters" };
  }
  const digits = text.replace(/\D/g, "");
  if (digits === "") return { wrong: "empty" };
  const full = isInternational(text) ? internationalDigits(text) : complete(digits, chosen);
  if (full === undefined) return { wrong: "noCountry" };
  if (full === chosen?.code) return { wrong: "empty" };
  if (full.length < SHORTEST) return { wrong: "tooShort" };
  if (full.length > LONGEST) return { wrong: "tooLong" };
  return { number: `+${full}` };
}

/** Whether a text has the calling code: it begins with `+` or `00`, or has a `+` later. */
export function isInternational(text: string): boolean {
  return text.includes("+") || /^\D*00/.test(text);
}

/**
 * Returns the digits of a number with its calling code. A number that was pasted behind another one
 * counts alone, and a `(0)` for calls within the country is left out.
 */
function internationalDigits(text: string): string {
  const last = text.slice(text.lastIndexOf("+") + 1).replace("(0)", "");
  const digits = last.replace(/\D/g, "");
  return digits.replace(/^00/, "");
}

function complete(digits: string, chosen: Country | undefined): string | undefined {
  if (chosen === undefined) return undefined;
  const { code, trunk, groups } = chosen;
  const length = groups.reduce((sum, group) => sum + group, 0);
  if (digits.startsWith(code) && digits.length === code.length + length) return digits;
  return code + (trunk !== "" && digits.startsWith(trunk) ? digits.slice(trunk.length) : digits);
}

/** Returns a number in groups, such as `+49 1512 3456789`; one without its code as it is. */
export function formatPhone(typed: string, chosen?: Country): string {
  const text = plainDigits(typed);
  if (!isInternational(text)) return typed;
  const digits = internationalDigits(text);
  const country = chosen !== undefined && digits.startsWith(chosen.code)
    ? chosen
    : countryOf(digits);
  if (country === undefined) return `+${digits}`;
  const { code, groups } = country;
  const parts = [`+${code}`];
  let rest = digits.slice(code.length);
  for (const length of groups) {
    if (rest === "") break;
    parts.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return parts.join(" ") + rest;
}

/** Returns a number in groups that stay on one line, for texts. */
export function phoneText(number: string): string {
  return formatPhone(number).replaceAll(" ", "\u00a0");
}

/**
 * Returns the country that a number names, or undefined. The chosen one stays while the number may
 * be its own: several share a code.
 */
export function suggestCountry(typed: string, chosen?: Country): Country | undefined {
  const text = plainDigits(typed);
  if (!isInternational(text)) return undefined;
  const digits = internationalDigits(text);
  const found = countryOf(digits);
  if (chosen === undefined || found?.code !== chosen.code) return found;
  const mayBeOwn = chosen.beginnings.length === 0 ||
    chosen.beginnings.some((first) => first.startsWith(digits) || digits.startsWith(first));
  const isTold = found.beginnings.every((first) => first !== found.code);
  return isTold || !mayBeOwn ? found : chosen;
}

/** Returns where the caret belongs in a number that was formatted: behind as many digits. */
export function caretIn(formatted: string, digitsBefore: number): number {
  let index = 0;
  for (let seen = 0; seen < digitsBefore && index < formatted.length; index++) {
    if (/[\d+]/.test(formatted[index])) seen++;
  }
  return index;
}
