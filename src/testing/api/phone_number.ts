/**
 * Phone numbers, as `auth.sendCode` accepts them: digits, with common separators between them.
 * https://core.telegram.org/api/auth#test-accounts describes the test numbers 99966XYYYY.
 * Countries and their numbering plans are unknown here.
 */
import { RpcFailure } from "./failure.ts";

/** Returns the digits of a phone number; undefined for a string that is not one. */
export function phoneDigits(phone: string): string | undefined {
  const digits = phone.replace(/[\s()+.\-]/g, "");
  return /^[1-9][0-9]{6,14}$/.test(digits) ? digits : undefined;
}

/** Returns the code of a test number 99966XYYYY, X five times; undefined for another number. */
export function testNumberCode(digits: string): string | undefined {
  return /^99966([0-9])[0-9]{4}$/.exec(digits)?.[1].repeat(5);
}

/** Returns the digits of a phone number; refuses a string that is not one. */
export function digitsOf(phoneNumber: string): string {
  const digits = phoneDigits(phoneNumber);
  if (digits === undefined) throw new RpcFailure(406, "PHONE_NUMBER_INVALID");
  return digits;
}
