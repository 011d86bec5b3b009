/**
 * Makes key exchanges cheap: `deno task test` loads it before each file of tests (`--preload`), and
 * `deno task test:long` does not. It changes no result of a kernel:
 *
 * - Random numbers of 256 bytes, which are exponents, have 4 random bytes behind zeros.
 * - A modular power skips the zeros at the beginning of the exponent.
 * - A number that was encrypted with RSA here is decrypted by looking it up, once the private key
 *   has decrypted another one.
 * - A number is factorized once: it is the same in each key exchange of the offline Telegram.
 *
 * The tests of the kernels run without it, and those of sessions, where 256 bytes are a key.
 */
const WITHOUT = /\/tests\/(crypto|session)\/|\/\d+\.(crypto|session)\.test\.ts$/;
const MAX_BYTES = 256;
const RANDOM_BYTES = 4;
/** Makes each exponent so large that its power of 2 or more exceeds the modulus. */
const HIGHEST_BIT = 0x80;
/** The public exponent of each RSA key: 65537. */
const PUBLIC_EXPONENT = "010001";

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly MODEXP: WebAssembly.Global;
  modexp(base: number, exponent: number, modulus: number): void;
  factorize64(value: bigint): bigint;
}

/** Returns `modexp` of these exports, quicker. */
function quickPower({ memory, MODEXP, modexp }: Exports): Exports["modexp"] {
  const bytes = new Uint8Array(memory.buffer);
  const operand = (index: number, length: number): Uint8Array => {
    const at = MODEXP.value + index * MAX_BYTES;
    return bytes.subarray(at, at + length);
  };
  /** What was encrypted, hex, by the modulus and the result. */
  const encrypted = new Map<string, string>();
  /** The exponents that have decrypted something, hex, by the modulus. */
  const privateExponents = new Map<string, string>();

  return (baseLength, exponentLength, modulusLength) => {
    const base = operand(0, baseLength).toHex();
    const digits = operand(1, exponentLength);
    const exponent = digits.toHex();
    const modulus = operand(2, modulusLength).toHex();
    const power = operand(0, modulusLength);
    const known = encrypted.get(modulus + base);
    if (known !== undefined && privateExponents.get(modulus) === exponent) {
      operand(0, 3 * MAX_BYTES).fill(0);
      power.setFromHex(known);
      return;
    }
    const zeros = Math.max(digits.findIndex((digit) => digit !== 0), 0);
    digits.copyWithin(0, zeros);
    digits.fill(0, exponentLength - zeros);
    modexp(baseLength, exponentLength - zeros, modulusLength);
    const result = power.toHex();
    if (exponent === PUBLIC_EXPONENT) {
      encrypted.set(modulus + result, base.padStart(modulus.length, "0"));
    }
    if (known === result) privateExponents.set(modulus, exponent);
  };
}

/** Returns `factorize64`, which remembers its results. */
function quickFactors({ factorize64 }: Exports): Exports["factorize64"] {
  const factors = new Map<bigint, bigint>();
  return (value) => {
    const factor = factors.get(value) ?? factorize64(value);
    factors.set(value, factor);
    return factor;
  };
}

if (!WITHOUT.test(Deno.mainModule)) {
  const getRandomValues = crypto.getRandomValues.bind(crypto);
  const shortened = (array: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    getRandomValues(array);
    if (array instanceof Uint8Array && array.length === MAX_BYTES) {
      array.fill(0, 0, MAX_BYTES - RANDOM_BYTES);
      array[MAX_BYTES - RANDOM_BYTES] |= HIGHEST_BIT;
    }
    return array;
  };
  crypto.getRandomValues = shortened as Crypto["getRandomValues"];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const instance: WebAssembly.Instance = Reflect.construct(target, args);
      if (!("modexp" in instance.exports)) return instance;
      const exports = instance.exports as unknown as Exports;
      const quick = { modexp: quickPower(exports), factorize64: quickFactors(exports) };
      return { exports: { ...exports, ...quick } };
    },
  });
}
