/**
 * Modular exponentiation of numbers of up to 2048 bits, for Diffie-Hellman, RSA and SRP:
 * https://core.telegram.org/mtproto/auth_key and https://core.telegram.org/api/srp
 *
 * The kernel (wasm/modexp.ts) takes the same time for all exponents of one length, and wipes its
 * input.
 */
import { bigIntToBytes, bytesToBigInt } from "./bytes.ts";
import { kernels } from "./wasm.ts";

/** The longest operand, bytes: every number in MTProto has at most 2048 bits. */
const MAX_BYTES = 256;

/** Returns a view of the number without its leading zero bytes. */
function stripZeros(number: Uint8Array): Uint8Array {
  let start = 0;
  while (start < number.length && number[start] === 0) start++;
  return number.subarray(start);
}

function checkLength(name: string, number: Uint8Array): void {
  if (number.length > MAX_BYTES) {
    throw new RangeError(
      `Cannot compute a modular power: the ${name} has ${number.length} bytes, ` +
        `expected at most ${MAX_BYTES}`,
    );
  }
}

/**
 * Computes base^exponent mod modulus. All numbers are big-endian, of up to 256 bytes, with or
 * without leading zeros.
 *
 * The time depends on the lengths of the arguments, and on whether the base is at most 15 (a
 * generator), but not on the value of the exponent. So pass a secret exponent in its full length.
 *
 * @param base Any number; one above the modulus is reduced.
 * @param exponent Any number; with 0 the result is 1 (or 0 modulo 1).
 * @param modulus An odd number.
 * @returns the power, with as many bytes as `modulus`
 * @throws {RangeError} if a number is longer than 256 bytes, or the modulus is even (also 0)
 *
 * @example A Diffie-Hellman public value
 * ```ts
 * import { modPow, TELEGRAM_DH_PRIME } from "@tessera/mtproto/crypto";
 *
 * const a = crypto.getRandomValues(new Uint8Array(256));
 * const publicValue = modPow(Uint8Array.of(3), a, TELEGRAM_DH_PRIME); // 256 bytes
 * ```
 */
export function modPow(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array {
  checkLength("base", base);
  checkLength("exponent", exponent);
  checkLength("modulus", modulus);
  if (modulus.length === 0 || (modulus[modulus.length - 1] & 1) === 0) {
    throw new RangeError("Cannot compute a modular power: the modulus is even, expected odd");
  }
  const n = stripZeros(modulus);
  let x = stripZeros(base);
  // The kernel takes a base above the modulus, but not one with more bytes.
  if (x.length > n.length) x = bigIntToBytes(bytesToBigInt(x) % bytesToBigInt(n), n.length);

  const { bytes, MODEXP, modexp } = kernels();
  bytes.set(x, MODEXP);
  bytes.set(exponent, MODEXP + MAX_BYTES);
  bytes.set(n, MODEXP + 2 * MAX_BYTES);
  modexp(x.length, exponent.length, n.length);
  const result = new Uint8Array(modulus.length);
  result.set(bytes.subarray(MODEXP, MODEXP + n.length), modulus.length - n.length);
  bytes.fill(0, MODEXP, MODEXP + n.length);
  return result;
}
