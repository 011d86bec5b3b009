/**
 * Two-step verification: proves knowledge of the password with Telegram's variant of the Secure
 * Remote Password protocol 6a. Both sides. https://core.telegram.org/api/srp
 *
 * The names are those of the page: x is the hash of the password, v = g^x the verifier, a and b the
 * secrets of client and server, A = g^a and B = k * v + g^b their public values. All numbers are
 * 256 bytes, big-endian; all arithmetic is mod p. The caller checks the group (checkDhGroup).
 */
import type { Random } from "../runtime/mod.ts";
import { bigIntToBytes, bytesToBigInt, concatBytes, encodeUtf8, equalBytes } from "./bytes.ts";
import { modPow } from "./modexp.ts";
import { pbkdf2HmacSha512 } from "./pbkdf2.ts";
import { checkDhPublic } from "./primes.ts";
import { sha256 } from "./sha.ts";

/** The length of every number, bytes: 2048 bits. */
const LENGTH = 256;
const ITERATIONS = 100_000;
/** An honest A is out of range once in 2^64 attempts. */
const MAX_ATTEMPTS = 16;

/** The fields of `passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow`. */
export interface SrpParameters {
  /** The generator, 2 to 7. */
  readonly g: number;
  /** The prime, 256 bytes, big-endian. */
  readonly p: Uint8Array;
  /** The first salt: a server part and a client part. */
  readonly salt1: Uint8Array;
  /** The second salt, chosen by the server. */
  readonly salt2: Uint8Array;
}

/** The fields of `inputCheckPasswordSRP`, without `srp_id`. */
export interface SrpProof {
  /** The client's public value, 256 bytes. */
  readonly A: Uint8Array;
  /** The proof, 32 bytes. */
  readonly M1: Uint8Array;
}

/** The server's secret and public value for one check of a password. */
export interface SrpChallenge {
  /** The server's secret, 256 bytes. Good for one check only. */
  readonly b: Uint8Array;
  /** B, the `srp_B` of `account.password`, 256 bytes. */
  readonly srpB: Uint8Array;
}

/**
 * Computes x, the hash of a password (`PH2` on the page). It blocks for 100,000 iterations of
 * PBKDF2, about a tenth of a second.
 *
 * @param password The password, as typed.
 * @param salt1 The first salt.
 * @param salt2 The second salt.
 * @returns 32 bytes; they are as good as the password, so keep them secret and wipe them
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
 * Computes the verifier of a password, v = g^x mod p. A server stores it; a client that sets a new
 * password sends it as `new_password_hash`.
 *
 * @param password The password, as typed.
 * @param parameters The group and the salts.
 * @returns 256 bytes
 * @throws {RangeError} if p does not have 2048 bits or g is not 2 to 7
 */
export function srpVerifier(password: string, parameters: SrpParameters): Uint8Array {
  checkParameters(parameters);
  const x = passwordHash(password, parameters.salt1, parameters.salt2);
  const verifier = modPow(Uint8Array.of(parameters.g), x, parameters.p);
  x.fill(0);
  return verifier;
}

/**
 * Proves knowledge of the password: the client's side of a check. It does not check the group; do
 * that before.
 *
 * @param options.password The password, as typed.
 * @param options.parameters The fields of `current_algo` of `account.password`.
 * @param options.srpB `srp_B` of `account.password`; a leading zero byte may be missing.
 * @param options.random The source of a: our own generator, not the server's `secure_random`.
 * @returns the fields of `inputCheckPasswordSRP`
 * @throws {RangeError} if the parameters are out of range, or if srpB is hostile: not in 0 < B < p,
 * or leading to a common secret that others could know
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
  if (B <= 0n || B >= p) {
    throw hostile(`it is ${B <= 0n ? "0" : "not below p"}, expected 0 < B < p`);
  }
  const srpB = bigIntToBytes(B, LENGTH);

  const { a, A, u } = chooseSecret(parameters, srpB, random);
  const x = passwordHash(password, parameters.salt1, parameters.salt2);
  const v = modPow(Uint8Array.of(parameters.g), x, parameters.p);
  // t = g_b = B - k * v, which is negative before the reduction for about half of all B.
  const t = (B - multiplier(parameters) * bytesToBigInt(v) % p + p) % p;
  const base = bigIntToBytes(t, LENGTH);
  const fault = checkDhPublic(base, parameters.p);
  if (fault !== undefined) throw hostile(`g_b = B - k * v is out of range: ${fault}`);

  // s_a = t^(a + u * x) = t^a * (t^x)^u: a + u * x may have 2049 bits, and these exponents have
  // fixed lengths.
  const blinded = modPow(modPow(base, x, parameters.p), u, parameters.p);
  const s = multiply(modPow(base, a, parameters.p), blinded, p);
  const M1 = proof(parameters, A, srpB, s);
  for (const secret of [a, x, v, base, blinded, s]) secret.fill(0);
  return { A, M1 };
}

/**
 * Makes the server's challenge for one check of a password: B = k * v + g^b mod p.
 *
 * @param parameters The group and the salts.
 * @param verifier The result of {@linkcode srpVerifier}, 256 bytes.
 * @param random The source of b.
 * @returns b and B
 * @throws {RangeError} if p does not have 2048 bits or g is not 2 to 7
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
 * Checks the proof of a client: the server's side.
 *
 * @param options.parameters The group and the salts.
 * @param options.verifier The result of {@linkcode srpVerifier}, 256 bytes.
 * @param options.b The secret of {@linkcode srpServerChallenge}.
 * @param options.srpB The public value of {@linkcode srpServerChallenge}.
 * @param options.A The client's public value.
 * @param options.M1 The client's proof.
 * @returns false for a wrong password, and for an A or M1 that no honest client sends
 * @throws {RangeError} if p does not have 2048 bits or g is not 2 to 7
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
  // With an A such as 0, everybody would know the common secret.
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

/** Chooses a secret a with a good A = g^a, and computes u = H(A | B), which must not be 0. */
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

/** Computes SH(data, salt) = H(salt | data | salt). */
function saltedHash(data: Uint8Array, salt: Uint8Array): Uint8Array {
  return sha256(salt, data, salt);
}

/** Returns g in 256 bytes, as the hashes take it. */
function paddedGenerator(g: number): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  bytes[LENGTH - 1] = g;
  return bytes;
}

/** Computes k = H(p | g). */
function multiplier({ p, g }: SrpParameters): bigint {
  return bytesToBigInt(sha256(p, paddedGenerator(g)));
}

/** Computes M1 = H(H(p) xor H(g) | H(salt1) | H(salt2) | A | B | H(s)). */
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

/** Computes a * b mod p, in 256 bytes. */
function multiply(a: Uint8Array, b: Uint8Array, p: bigint): Uint8Array {
  return bigIntToBytes(bytesToBigInt(a) * bytesToBigInt(b) % p, LENGTH);
}

function checkParameters({ g, p }: SrpParameters): void {
  if (p.length !== LENGTH || p[0] < 0x80) {
    throw new RangeError(
      `Cannot use SRP parameters: p has ${p.length} bytes or begins with a zero bit, ` +
        "expected 2048 bits",
    );
  }
  if (!Number.isInteger(g) || g < 2 || g > 7) {
    throw new RangeError(`Cannot use SRP parameters: g is ${g}, expected 2 to 7`);
  }
}

function hostile(problem: string): RangeError {
  return new RangeError(`Cannot accept the server's srp_B: ${problem}`);
}

function unlucky(name: string): RangeError {
  return new RangeError(
    `Cannot choose SRP's ${name}: ${MAX_ATTEMPTS} random secrets gave values out of range. ` +
      "Use a random source that does not repeat.",
  );
}
