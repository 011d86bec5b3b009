// Phone numbers, as auth.sendCode takes them: digits, with whatever people put between them.
// https://core.telegram.org/api/auth#test-accounts for the numbers 99966XYYYY. Nothing here knows of countries.

import { RpcFailure } from "./failure.ts";

/** The digits of a phone number, or undefined if it is not one. */
export function phoneDigits(phone: string): string | undefined {
  const digits = phone.replace(/[\s()+.\-]/g, "");
  return /^[1-9][0-9]{6,14}$/.test(digits) ? digits : undefined;
}

/** The code of a test number 99966XYYYY, which is X five times; undefined for any other number. */
export function testNumberCode(digits: string): string | undefined {
  return /^99966([0-9])[0-9]{4}$/.exec(digits)?.[1].repeat(5);
}

/** The digits of a phone number; refuses what is none. */
export function digitsOf(phoneNumber: string): string {
  const digits = phoneDigits(phoneNumber);
  if (digits === undefined) throw new RpcFailure(406, "PHONE_NUMBER_INVALID");
  return digits;
}
