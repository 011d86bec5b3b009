/**
 * Public keys for a ClientHello that is never answered in earnest: they look like keys of a
 * browser, and nobody has use for their private halves. X25519 is that of RFC 7748, section 5; a
 * point on P-256 is one of FIPS 186-4, appendix D.1.2.3; an ML-KEM-768 key is encoded as in FIPS
 * 203, section 4.2.1. None of this protects anything, so its time may depend on its values.
 */
import { bigIntToBytes, bytesToBigInt, concatBytes } from "../../crypto/mod.ts";
import type { Random } from "../../runtime/mod.ts";

const X25519_PRIME = 2n ** 255n - 19n;
const A24 = 121665n;
const P256_PRIME = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const ML_KEM_Q = 3329;
/** The coefficients of a key: three polynomials of 256. */
const ML_KEM_COEFFICIENTS = 768;

/** Returns the X25519 public key of a scalar of 32 bytes. */
export function x25519PublicKey(scalar: Uint8Array): Uint8Array {
  const clamped = scalar.slice();
  clamped[0] &= 248;
  clamped[31] = clamped[31] & 127 | 64;
  const u = montgomeryLadder(bytesToBigInt(clamped.reverse()), 9n);
  return bigIntToBytes(u, 32).reverse();
}

/** Returns the u-coordinate of `k` times the point at `u`: the ladder of RFC 7748, section 5. */
function montgomeryLadder(k: bigint, u: bigint): bigint {
  const p = X25519_PRIME;
  let [x2, z2, x3, z3] = [1n, 0n, u, 1n];
  for (let bit = 254n; bit >= 0n; bit--) {
    const isSet = (k >> bit & 1n) === 1n;
    if (isSet) [x2, z2, x3, z3] = [x3, z3, x2, z2];
    const [a, b, c, d] = [x2 + z2, x2 - z2, x3 + z3, x3 - z3];
    const [aa, bb, da, cb] = [a * a % p, b * b % p, d * a % p, c * b % p];
    const e = aa - bb;
    [x3, z3] = [(da + cb) ** 2n % p, u * ((da - cb) ** 2n % p) % p];
    [x2, z2] = [aa * bb % p, e * (aa + A24 * e) % p];
    if (isSet) [x2, z2, x3, z3] = [x3, z3, x2, z2];
  }
  return modulo(x2 * power(modulo(z2, p), p - 2n, p), p);
}

/** Returns a random point on P-256, uncompressed: 65 bytes. */
export function p256Point(random: Random): Uint8Array {
  const p = P256_PRIME;
  for (;;) {
    const x = bytesToBigInt(random(32)) % p;
    const square = modulo(x ** 3n - 3n * x + P256_B, p);
    const root = power(square, (p + 1n) / 4n, p);
    if (root * root % p !== square) continue; // half of all numbers are no x of a point
    const y = (random(1)[0] & 1) === 0 ? root : p - root;
    return concatBytes(Uint8Array.of(4), bigIntToBytes(x, 32), bigIntToBytes(y, 32));
  }
}

/** Returns a random encoded ML-KEM-768 public key: 1184 bytes. */
export function mlKem768Key(random: Random): Uint8Array {
  const key = new Uint8Array(ML_KEM_COEFFICIENTS / 2 * 3 + 32);
  const next = coefficients(random);
  for (let offset = 0; offset < key.length - 32; offset += 3) {
    const [one, other] = [next(), next()];
    key[offset] = one & 255;
    key[offset + 1] = one >> 8 | (other & 15) << 4;
    key[offset + 2] = other >> 4;
  }
  key.set(random(32), key.length - 32);
  return key;
}

/** Returns a function that returns random numbers below 3329, each as likely as the others. */
function coefficients(random: Random): () => number {
  let bytes: Uint8Array = new Uint8Array(0);
  let used = 0;
  return () => {
    for (;;) {
      if (used === bytes.length) [bytes, used] = [random(1024), 0];
      const number = bytes[used] | (bytes[used + 1] & 15) << 8;
      used += 2;
      if (number < ML_KEM_Q) return number;
    }
  };
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}
