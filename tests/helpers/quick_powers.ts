/**
 * Makes key exchanges cheap: `deno task test` loads it before each file of tests (`--preload`), and
 * `deno task test:long` does not. It changes no result of a kernel:
 *
 * - Random numbers of 256 bytes, which are exponents, have 16 random bytes behind zeros.
 * - A modular power skips the zeros at the beginning of the exponent.
 * - A modular power of a test key of the offline Telegram is computed modulo its two primes.
 *
 * The tests of the kernels run without it, and those of sessions, where 256 bytes are a key.
 */
const WITHOUT = /\/tests\/(crypto|session)\//;
const MAX_BYTES = 256;
const RANDOM_BYTES = 16;

/** A prime of each key in src/testing/api/test_rsa_keys.ts. */
const PRIMES = [
  "e5d6b759d5940d0293b2c03353d74736e24d1ebeba743ca9d64f83b0777d03cb2e75880ed395e9c9383ea6" +
  "ddfab79a5163693226933d97bf93702a08c54c119f98d570ba71e21c8c397e7a69f312b463c9381f71b090" +
  "0a5d7cd50d8fa588c2708d0284bd8b8e932d2632491a24263eeffb87307ad4b5b6738102c8fe24cc7cd1",
  "cadb60e58cea9fe7d10b0c309629a5002e8779a8c61dd7ff9679ec2f2b501a5fcfa562ad1ff00dbf19b84d" +
  "5f0666a2b9c05fa7cf925a6d93291b531f82a42b5a5b3f53354d6cc37e5fd02e9679fd08248c7fa87155c4" +
  "9c6e7f8bdba7ec93c5f8c85a25c0f2a6499c7ac7df94ef3ba39d20765160708fb446646d6b31f2b164b1",
];

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly MODEXP: WebAssembly.Global;
  modexp(base: number, exponent: number, modulus: number): void;
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${bytes.toHex() || "0"}`);

/** Returns `modexp` of these exports, quicker. */
function quick({ memory, MODEXP, modexp }: Exports): Exports["modexp"] {
  const at = MODEXP.value;
  const bytes = new Uint8Array(memory.buffer);
  const operand = (index: number, length: number): Uint8Array =>
    bytes.subarray(at + index * MAX_BYTES, at + index * MAX_BYTES + length);
  const write = (index: number, number: bigint, length: number): void =>
    operand(index, length).set(Uint8Array.fromHex(number.toString(16).padStart(2 * length, "0")));

  function power(base: bigint, exponent: bigint, prime: bigint): bigint {
    const length = MAX_BYTES / 2;
    [base % prime, exponent % (prime - 1n), prime].forEach((number, index) =>
      write(index, number, length)
    );
    modexp(length, length, length);
    return numberOf(operand(0, length));
  }

  const primes = new Map(PRIMES.map((prime) => [BigInt(`0x${prime}`), 0n]));

  /** Computes a power modulo both primes of a test key. Returns false if it is not of one. */
  function powerOfKey(...[base, exponent, modulus]: bigint[]): boolean {
    for (const [p, known] of primes) {
      if (modulus % p !== 0n) continue;
      const q = modulus / p;
      const inverse = known === 0n ? power(q, p - 2n, p) : known;
      primes.set(p, inverse);
      const [ofP, ofQ] = [p, q].map((prime) => power(base, exponent, prime));
      const difference = (ofP + p - ofQ % p) * inverse % p;
      write(0, ofQ + q * difference, MAX_BYTES);
      return true;
    }
    return false;
  }

  return (base, exponent, modulus) => {
    const lengths = [base, exponent, modulus];
    if (lengths.every((length) => length === MAX_BYTES)) {
      const [, ...others] = lengths.map((length, index) => operand(index, length));
      if (powerOfKey(...lengths.map((length, index) => numberOf(operand(index, length))))) {
        for (const other of others) other.fill(0);
        return;
      }
    }
    const digits = operand(1, exponent);
    const zeros = Math.max(digits.findIndex((digit) => digit !== 0), 0);
    digits.copyWithin(0, zeros);
    digits.fill(0, exponent - zeros);
    modexp(base, exponent - zeros, modulus);
  };
}

if (!WITHOUT.test(Deno.mainModule)) {
  const getRandomValues = crypto.getRandomValues.bind(crypto);
  const shortened = (array: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    getRandomValues(array);
    if (array instanceof Uint8Array && array.length === MAX_BYTES) {
      array.fill(0, 0, MAX_BYTES - RANDOM_BYTES);
    }
    return array;
  };
  crypto.getRandomValues = shortened as Crypto["getRandomValues"];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const instance: WebAssembly.Instance = Reflect.construct(target, args);
      if (!("modexp" in instance.exports)) return instance;
      const exports = instance.exports as unknown as Exports;
      return { exports: { ...exports, modexp: quick(exports) } };
    },
  });
}
