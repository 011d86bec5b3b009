/** The modular power in BigInt: the independent reference for the WASM kernel. */

/** Returns base^exponent mod modulus, by squaring and multiplying. */
export function powerBySquaring(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  let factor = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * factor % modulus;
    factor = factor * factor % modulus;
  }
  return result;
}
