/**
 * Two-step verification: the proof that one knows the password, by the Secure Remote Password protocol 6a as Telegram has
 * it, for both sides. https://core.telegram.org/api/srp
 *
 * The names are the page's: x is the hash of the password, v = g^x the verifier, a and b the secrets of client and server,
 * A = g^a and B = k * v + g^b their public values. All numbers are 256 bytes, big-endian; all arithmetic is mod p. Whether
 * p and g are good is for the caller to check (checkDhGroup), who may know them already.
 */
import type { Random } from "../runtime/mod.ts";
import { bigIntToBytes, bytesToBigInt, concatBytes, encodeUtf8, equalBytes } from "./bytes.ts";
import { modPow } from "./modexp.ts";
import { pbkdf2HmacSha512 } from "./pbkdf2.ts";
import { checkDhPublic } from "./primes.ts";
import { sha256 } from "./sha.ts";

/** Length of every number: 2048 bits. */
const LENGTH = 256;
const ITERATIONS = 100_000;
/** An honest A is out of range once in 2^64 tries. */
const MAX_ATTEMPTS = 16;

/** What `passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow` holds. */
export interface SrpParameters {
  /** The generator, 2 to 7. */
  readonly g: number;
  /** The prime, 256 bytes, big-endian. */
  readonly p: Uint8Array;
  /** The salt that client and server chose together. */
  readonly salt1: Uint8Array;
  /** The server's salt. */
  readonly salt2: Uint8Array;
}

/** What `inputCheckPasswordSRP` sends, besides `srp_id`. */
export interface SrpProof {
  /** The client's public value, 256 bytes. */
  readonly A: Uint8Array;
  /** The proof, 32 bytes. */
  readonly M1: Uint8Array;
}

/** What the server keeps and sends for one check of a password. */
export interface SrpChallenge {
  /** The server's secret, 256 bytes. Good for one check only. */
  readonly b: Uint8Array;
  /** B, the `srp_B` of `account.password`, 256 bytes. */
  readonly srpB: Uint8Array;
}

/**
 * The hash of a password, `PH2` on the page: x. It takes 100,000 iterations of PBKDF2, about a tenth of a second.
 *
 * @returns 32 bytes. As good as the password itself: keep it secret, and wipe it.
 */
export function passwordHash(password: string, salt1: Uint8Array, salt2: Uint8Array): Uint8Array {
  const bytes = encodeUtf8(password);
  const first = saltedHash(saltedHash(bytes, salt1), salt2); // PH1
  const stretched = pbkdf2HmacSha512(first, salt1, ITERATIONS);
  const hash = saltedHash(stretched, salt2);
  for (const secret of [bytes, first, stretched]) secret.fill(0);
  return hash;
}

/**
 * The verifier of a password, v = g^x mod p: what a server stores, and what setting a new password sends as
 * `new_password_hash`.
 *
 * @returns 256 bytes.
 * @throws {RangeError} if p does not have 2048 bits.
 */
export function srpVerifier(password: string, parameters: SrpParameters): Uint8Array {
  checkParameters(parameters);
  const x = passwordHash(password, parameters.salt1, parameters.salt2);
  const verifier = modPow(Uint8Array.of(parameters.g), x, parameters.p);
  x.fill(0);
  return verifier;
}

/**
 * Proves the knowledge of the password: the client's side of a check. The group is taken as good: check it before.
 *
 * @param options.password The password, as typed.
 * @param options.parameters What `current_algo` of `account.password` holds.
 * @param options.srpB `srp_B` of `account.password`; a leading zero byte may be missing.
 * @param options.random Where a comes from: our own generator, not the server's `secure_random`.
 * @throws {RangeError} if p does not have 2048 bits, or srpB is hostile: not in 0 < B < p, or nothing but k * v, or giving
 * a common secret that others could know.
 *
 * @example Both sides
 * ```ts
 * import * as tessera from "@tessera/mtproto/crypto";
 *
 * const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
 * const p = tessera.TELEGRAM_DH_PRIME;
 * const parameters = { g: 3, p, salt1: random(40), salt2: random(16) };
 * const verifier = tessera.srpVerifier("hunter2", parameters);
 *
 * const { b, srpB } = tessera.srpServerChallenge(parameters, verifier, random);
 * const proof = tessera.srpProof({ password: "hunter2", parameters, srpB, random });
 * tessera.srpServerCheck({ parameters, verifier, b, srpB, ...proof }); // true
 * ```
 */
export function srpProof(options: {
  password: string;
  parameters: SrpParameters;
  srpB: Uint8Array;
  random: Random;
}): SrpProof {
  const { password, parameters, random } = options;
  checkParameters(parameters);
  const p = bytesToBigInt(parameters.p);
  const B = bytesToBigInt(options.srpB);
  if (B <= 0n || B >= p) throw hostile(B <= 0n ? "it is 0" : "it is not below p");
  const srpB = bigIntToBytes(B, LENGTH);

  const { a, A, u } = chooseSecret(parameters, srpB, random);
  const x = passwordHash(password, parameters.salt1, parameters.salt2);
  const v = modPow(Uint8Array.of(parameters.g), x, parameters.p);
  // t = g_b = B - k * v, which is negative before the reduction for about every second B.
  const t = (B - multiplier(parameters) * bytesToBigInt(v) % p + p) % p;
  const base = bigIntToBytes(t, LENGTH);
  const fault = checkDhPublic(base, parameters.p);
  if (fault !== undefined) throw hostile(`g_b = B - k * v is no good value: ${fault}`);

  // s_a = t^(a + u * x) = t^a * (t^x)^u, in exponents of fixed lengths: a + u * x may have 2049 bits.
  const blinded = modPow(modPow(base, x, parameters.p), u, parameters.p);
  const s = multiply(modPow(base, a, parameters.p), blinded, p);
  const M1 = proof(parameters, A, srpB, s);
  for (const secret of [a, x, v, base, blinded, s]) secret.fill(0);
  return { A, M1 };
}

/**
 * Makes the server's challenge for one check of a password: B = k * v + g^b mod p.
 *
 * @param verifier What {@linkcode srpVerifier} gave, 256 bytes.
 * @throws {RangeError} if p does not have 2048 bits.
 */
export function srpServerChallenge(
  parameters: SrpParameters,
  verifier: Uint8Array,
  random: Random,
): SrpChallenge {
  checkParameters(parameters);
  const p = bytesToBigInt(parameters.p);
  const kv = multiplier(parameters) * bytesToBigInt(verifier) % p;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const b = random(LENGTH);
    const publicValue = modPow(Uint8Array.of(parameters.g), b, parameters.p);
    const srpB = bigIntToBytes((kv + bytesToBigInt(publicValue)) % p, LENGTH);
    // The client refuses a g_b out of range, and B = 0.
    if (checkDhPublic(publicValue, parameters.p) === undefined && srpB.some((byte) => byte !== 0)) {
      return { b, srpB };
    }
  }
  throw unlucky("B");
}

/**
 * Checks a client's proof: the server's side. A wrong password, and an A or M1 that no honest client sends, give `false`.
 *
 * @param options.b The secret that {@linkcode srpServerChallenge} gave along with `srpB`.
 * @throws {RangeError} if p does not have 2048 bits.
 */
export function srpServerCheck(options: {
  parameters: SrpParameters;
  verifier: Uint8Array;
  b: Uint8Array;
  srpB: Uint8Array;
  A: Uint8Array;
  M1: Uint8Array;
}): boolean {
  const { parameters, verifier, b, srpB } = options;
  checkParameters(parameters);
  // A = 0 and its like would make the common secret known to anyone.
  if (checkDhPublic(options.A, parameters.p) !== undefined) return false;
  const p = bytesToBigInt(parameters.p);
  const A = bigIntToBytes(bytesToBigInt(options.A), LENGTH);
  const u = sha256(A, srpB);
  // s_b = (A * v^u)^b
  const base = multiply(A, modPow(verifier, u, parameters.p), p);
  const s = modPow(base, b, parameters.p);
  const expected = proof(parameters, A, srpB, s);
  for (const secret of [base, s]) secret.fill(0);
  return equalBytes(options.M1, expected);
}

/** A secret a with a good A = g^a, and u = H(A | B), which must not be 0. */
function chooseSecret(
  parameters: SrpParameters,
  srpB: Uint8Array,
  random: Random,
): { a: Uint8Array; A: Uint8Array; u: Uint8Array } {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const a = random(LENGTH);
    const A = modPow(Uint8Array.of(parameters.g), a, parameters.p);
    const u = sha256(A, srpB);
    if (checkDhPublic(A, parameters.p) === undefined && u.some((byte) => byte !== 0)) {
      return { a, A, u };
    }
  }
  throw unlucky("A");
}

/** SH(data, salt) = H(salt | data | salt). */
function saltedHash(data: Uint8Array, salt: Uint8Array): Uint8Array {
  return sha256(salt, data, salt);
}

/** g as it is hashed: in 256 bytes. */
function paddedGenerator(g: number): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  bytes[LENGTH - 1] = g;
  return bytes;
}

/** k = H(p | g). */
function multiplier({ p, g }: SrpParameters): bigint {
  return bytesToBigInt(sha256(p, paddedGenerator(g)));
}

/** M1 = H(H(p) xor H(g) | H(salt1) | H(salt2) | A | B | H(s)). */
function proof(
  { g, p, salt1, salt2 }: SrpParameters,
  A: Uint8Array,
  srpB: Uint8Array,
  s: Uint8Array,
): Uint8Array {
  const hashG = sha256(paddedGenerator(g));
  const group = sha256(p).map((byte, index) => byte ^ hashG[index]);
  const key = sha256(s); // k_a
  const M1 = sha256(concatBytes(group, sha256(salt1), sha256(salt2), A, srpB, key));
  key.fill(0);
  return M1;
}

/** a * b mod p, in 256 bytes. */
function multiply(a: Uint8Array, b: Uint8Array, p: bigint): Uint8Array {
  return bigIntToBytes(bytesToBigInt(a) * bytesToBigInt(b) % p, LENGTH);
}

function checkParameters({ g, p }: SrpParameters): void {
  if (p.length !== LENGTH || p[0] < 0x80) {
    throw new RangeError(
      `Cannot use SRP parameters: p has ${p.length} bytes or begins with a zero bit, expected 2048 bits`,
    );
  }
  if (!Number.isInteger(g) || g < 2 || g > 7) {
    throw new RangeError(`Cannot use SRP parameters: g is ${g}, expected 2 to 7`);
  }
}

function hostile(problem: string): RangeError {
  return new RangeError(`Cannot accept the server's srp_B: ${problem}, expected 0 < B < p`);
}

function unlucky(name: string): RangeError {
  return new RangeError(
    `Cannot choose SRP's ${name}: ${MAX_ATTEMPTS} random secrets gave values out of range, expected good random bytes`,
  );
}
