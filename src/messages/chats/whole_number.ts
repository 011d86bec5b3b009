/** Whole numbers as people pass them: ids and limits from a form or a URL are texts. */
import { pasted } from "../../runtime/mod.ts";

/** Returns a whole number that is given as a number, a bigint or a text of digits. */
export function wholeNumber(given: unknown): number | undefined {
  const text = typeof given === "string" ? pasted(given) : "";
  const number = /^\d{1,16}$/.test(text) || typeof given === "bigint"
    ? Number(typeof given === "bigint" ? given : text)
    : given;
  return Number.isSafeInteger(number) ? number as number : undefined;
}

/** Describes what is no such number. A text is not shown: it may be a secret. */
export function describeNumber(given: unknown): string {
  if (typeof given === "number" || typeof given === "bigint") return String(given);
  return `of type ${given === null ? "null" : typeof given}`;
}
