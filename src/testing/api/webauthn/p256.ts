/**
 * Verification of ECDSA signatures on the curve P-256: FIPS 186-5, section 6.4.2.
 *
 * Nothing here is secret or urgent, so the arithmetic is the textbook's, with `bigint`. It does not
 * sign.
 */
import { bytesToBigInt } from "../../../crypto/mod.ts";

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const A = P - 3n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const BASE: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

/** A point of the curve. `undefined` stands for the point at infinity. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** Returns whether these are the coordinates of a point of the curve. */
export function isOnCurve({ x, y }: Point): boolean {
  return x < P && y < P && mod(y * y - (x * x * x + A * x + B), P) === 0n;
}

/**
 * Returns whether a signature of a hash (32 bytes) belongs to a public key. The key must be on the
 * curve.
 */
export function verifyP256(publicKey: Point, hash: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = readSignature(signature) ?? [0n, 0n];
  if (r < 1n || r >= ORDER || s < 1n || s >= ORDER) return false;
  const inverted = invert(s, ORDER);
  const one = multiply(BASE, mod(bytesToBigInt(hash) * inverted, ORDER));
  const sum = add(one, multiply(publicKey, mod(r * inverted, ORDER)));
  return sum !== undefined && mod(sum.x, ORDER) === r;
}

/** Reads the two numbers of a signature in DER: a SEQUENCE of two INTEGERs. */
function readSignature(der: Uint8Array): [r: bigint, s: bigint] | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const end = 4 + der[3];
  const [r, s] = [readInteger(der.subarray(2, end)), readInteger(der.subarray(end))];
  return r === undefined || s === undefined ? undefined : [r, s];
}

/** Reads one positive INTEGER in its shortest form. */
function readInteger(der: Uint8Array): bigint | undefined {
  const isWhole = der[0] === 0x02 && der[1] === der.length - 2 && der.length > 2;
  const isShortest = der[2] !== 0 || der[3] >= 0x80;
  return isWhole && der[2] < 0x80 && isShortest ? bytesToBigInt(der.subarray(2)) : undefined;
}

function mod(a: bigint, modulus: bigint): bigint {
  const rest = a % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** Returns the inverse by Euclid's algorithm. The modulus is prime and does not divide `a`. */
function invert(a: bigint, modulus: bigint): bigint {
  let [r, nextR, t, nextT] = [modulus, mod(a, modulus), 0n, 1n];
  while (nextR !== 0n) {
    const quotient = r / nextR;
    [r, nextR] = [nextR, r - quotient * nextR];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  return mod(t, modulus);
}

function add(one: Point | undefined, two: Point | undefined): Point | undefined {
  if (one === undefined || two === undefined) return one ?? two;
  if (one.x === two.x && mod(one.y + two.y, P) === 0n) return undefined;
  const slope = one.x === two.x
    ? (3n * one.x * one.x + A) * invert(2n * one.y, P)
    : (two.y - one.y) * invert(two.x - one.x, P);
  const x = mod(slope * slope - one.x - two.x, P);
  return { x, y: mod(slope * (one.x - x) - one.y, P) };
}

function multiply(point: Point, by: bigint): Point | undefined {
  let product: Point | undefined;
  for (const bit of by.toString(2)) {
    product = add(product, product);
    if (bit === "1") product = add(product, point);
  }
  return product;
}
