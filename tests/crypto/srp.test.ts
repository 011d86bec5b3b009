import { createHash, getDiffieHellman, pbkdf2Sync } from "node:crypto";
import { Buffer } from "node:buffer";
import { computeNewPasswordHash, computeSrpParams } from "@mtcute/core/utils.js";
import Long from "long";
import { computeCheck, computeDigest } from "telegram/Password.js";
import { Api } from "telegram/tl/index.js";
import {
  bigIntToBytes,
  bytesToBigInt,
  bytesToHex,
  concatBytes,
  encodeUtf8,
  hexToBytes,
} from "../../src/crypto/bytes.ts";
import { TELEGRAM_DH_PRIME } from "../../src/crypto/primes.ts";
import {
  passwordHash,
  type SrpParameters,
  srpProof,
  srpServerChallenge,
  srpServerCheck,
  srpVerifier,
} from "../../src/crypto/srp.ts";
import type { Random } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertNotEquals, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { powerBySquaring } from "../helpers/power.ts";
import "../helpers/remembered_powers.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";

const PRIME = bytesToBigInt(TELEGRAM_DH_PRIME);
const PASSWORD = "correct horse battery staple";

function parametersFrom(random: Random, g = 3, p = TELEGRAM_DH_PRIME): SrpParameters {
  // The same salts in the short tests, so that each password is stretched once.
  const salts = runs(0, 1) === 0 ? seededRandom(1) : random;
  return { g, p, salt1: salts(40), salt2: salts(16) };
}

/** Returns these byte strings, one for each draw. */
function scripted(...draws: Uint8Array[]): Random {
  return (length) => {
    const drawn = draws.shift();
    assertEquals(drawn?.length, length);
    return drawn?.slice() ?? new Uint8Array(0);
  };
}

// A second implementation of the page, in BigInt and node:crypto, with no code in common.

function H(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(createHash("sha256").update(concatBytes(...parts)).digest());
}

const stretched = new Map<string, Uint8Array>();

function stretch(password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array {
  const name = `${bytesToHex(password)} ${bytesToHex(salt)} ${iterations}`;
  const known = stretched.get(name) ??
    new Uint8Array(pbkdf2Sync(password, salt, iterations, 64, "sha512"));
  stretched.set(name, known);
  return known;
}

function referenceHash(password: string, { salt1, salt2 }: SrpParameters): Uint8Array {
  const SH = (data: Uint8Array, salt: Uint8Array) => H(salt, data, salt);
  const PH1 = SH(SH(encodeUtf8(password), salt1), salt2);
  return SH(stretch(PH1, salt1, 100_000), salt2);
}

/** k * v mod p. If B is smaller, g_b = B - k * v is negative before the reduction. */
function referenceKv(parameters: SrpParameters, verifier: Uint8Array): bigint {
  const p = bytesToBigInt(parameters.p);
  const k = bytesToBigInt(H(parameters.p, bigIntToBytes(BigInt(parameters.g), 256)));
  return k * bytesToBigInt(verifier) % p;
}

/** The expected M1, by the server's formula S = (A * v^u)^b. */
function referenceM1(
  parameters: SrpParameters,
  verifier: Uint8Array,
  b: Uint8Array,
  srpB: Uint8Array,
  A: Uint8Array,
): Uint8Array {
  const p = bytesToBigInt(parameters.p);
  const g = bigIntToBytes(BigInt(parameters.g), 256);
  const u = bytesToBigInt(H(A, srpB));
  const base = bytesToBigInt(A) * powerBySquaring(bytesToBigInt(verifier), u, p) % p;
  const K = H(bigIntToBytes(powerBySquaring(base, bytesToBigInt(b), p), 256));
  const group = H(parameters.p).map((byte, index) => byte ^ H(g)[index]);
  return H(group, H(parameters.salt1), H(parameters.salt2), A, srpB, K);
}

/** mtcute's implementation, given the secret a. */
async function mtcuteProof(
  password: string,
  { g, p, salt1, salt2 }: SrpParameters,
  srpB: Uint8Array,
  a: Uint8Array,
): Promise<{ A: Uint8Array; M1: Uint8Array }> {
  const crypto = { sha256: H, pbkdf2: stretch, randomBytes: scripted(a) };
  const currentAlgo = {
    _: "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow",
    ...{ g, p, salt1, salt2 },
  };
  const { A, M1 } = await computeSrpParams(
    crypto as unknown as Parameters<typeof computeSrpParams>[0],
    { currentAlgo, srpB, srpId: Long.ONE } as unknown as Parameters<typeof computeSrpParams>[1],
    password,
  );
  return { A, M1 };
}

function gramjsAlgorithm({ g, p, salt1, salt2 }: SrpParameters) {
  return new Api.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow({
    g,
    p: Buffer.from(p),
    salt1: Buffer.from(salt1),
    salt2: Buffer.from(salt2),
  });
}

interface Vector {
  password: string;
  salt1: string;
  salt2: string;
  srpB: string;
  a: string;
  A: string;
  M1: string;
}

for (const vector of readVectors<Vector>("srp.json")) {
  Deno.test("srpProof() returns the published proof for a known secret a", () => {
    const parameters = {
      g: 3,
      p: TELEGRAM_DH_PRIME,
      salt1: hexToBytes(vector.salt1),
      salt2: hexToBytes(vector.salt2),
    };
    const { A, M1 } = srpProof({
      password: vector.password,
      parameters,
      srpB: hexToBytes(vector.srpB),
      random: scripted(hexToBytes(vector.a)),
    });
    assertEquals(bytesToHex(A), vector.A);
    assertEquals(bytesToHex(M1), vector.M1);
  });
}

Deno.test("passwordHash() is PH2 of the page, for many passwords and salts", () => {
  const random = seededRandom(1);
  for (
    const [index, password] of ["", "пароль 🔑", "x".repeat(300), "a", "p\0q"].slice(0, runs(2, 5))
      .entries()
  ) {
    const parameters = { ...parametersFrom(random), salt1: random(17 * index) };
    assertEquals(
      passwordHash(password, parameters.salt1, parameters.salt2),
      referenceHash(password, parameters),
    );
  }
});

Deno.test("srpVerifier() is g^x, as in GramJS and mtcute", async () => {
  const random = seededRandom(2);
  for (const g of [3, 4, 7].slice(0, runs(1, 3))) {
    const parameters = parametersFrom(random, g);
    const verifier = srpVerifier(PASSWORD, parameters);
    assertEquals(verifier.length, 256);
    const x = bytesToBigInt(referenceHash(PASSWORD, parameters));
    assertEquals(bytesToBigInt(verifier), powerBySquaring(BigInt(g), x, PRIME));
    const theirs = await computeDigest(gramjsAlgorithm(parameters), PASSWORD);
    assertEquals(new Uint8Array(theirs), verifier);

    // mtcute lengthens salt1, as for setting a password, and writes it back.
    const algorithm = {
      _: "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow" as const,
      ...parameters,
    };
    const hash = await computeNewPasswordHash(
      {
        sha256: H,
        pbkdf2: stretch,
        randomFill: (bytes: Uint8Array) => bytes.fill(7),
      } as unknown as Parameters<typeof computeNewPasswordHash>[0],
      algorithm as unknown as Parameters<typeof computeNewPasswordHash>[1],
      PASSWORD,
    );
    assertEquals(algorithm.salt1.length, 72);
    assertEquals(srpVerifier(PASSWORD, { ...parameters, salt1: algorithm.salt1 }), hash);
  }
});

const CASES = runs(3, 24);

Deno.test("srpProof() equals mtcute's, with g_b above and below k * v", async () => {
  const random = seededRandom(3);
  const parameters = parametersFrom(random);
  const verifier = srpVerifier(PASSWORD, parameters);
  const kv = referenceKv(parameters, verifier);
  const cases = { negative: 0, positive: 0 };
  for (let i = 0; i < CASES; i++) {
    const { b, srpB } = srpServerChallenge(parameters, verifier, random);
    cases[bytesToBigInt(srpB) < kv ? "negative" : "positive"]++;
    const a = random(256);
    const { A, M1 } = srpProof({ password: PASSWORD, parameters, srpB, random: scripted(a) });
    assertEquals({ A, M1 }, await mtcuteProof(PASSWORD, parameters, srpB, a));
    assertEquals(M1, referenceM1(parameters, verifier, b, srpB, A));
    assert(srpServerCheck({ parameters, verifier, b, srpB, A, M1 }));
  }
  assert(cases.negative > CASES / 6 && cases.positive > CASES / 6, JSON.stringify(cases));
});

Deno.test("srpServerCheck() accepts GramJS's proofs of the right password only", async () => {
  const random = seededRandom(4);
  for (let i = 0; i < runs(1, 5); i++) {
    const parameters = parametersFrom(random, [3, 4, 7][i % 3]);
    const verifier = srpVerifier(PASSWORD, parameters);
    const { b, srpB } = srpServerChallenge(parameters, verifier, random);
    for (const [password, right] of [[PASSWORD, true], [PASSWORD + " ", false]] as const) {
      const { A, M1 } = await computeCheck(
        {
          currentAlgo: gramjsAlgorithm(parameters),
          srp_B: Buffer.from(srpB),
          srpId: 1,
        } as unknown as Parameters<typeof computeCheck>[0],
        password,
      );
      const proof = { A: new Uint8Array(A), M1: new Uint8Array(M1) };
      assertEquals(srpServerCheck({ parameters, verifier, b, srpB, ...proof }), right);
    }
  }
});

Deno.test("SRP works in another group, and with salts of any length", () => {
  const random = seededRandom(5);
  const p = new Uint8Array(getDiffieHellman("modp14").getPrime());
  const parameters = { g: 2, p, salt1: new Uint8Array(0), salt2: random(64) };
  const verifier = srpVerifier("", parameters);
  const { b, srpB } = srpServerChallenge(parameters, verifier, random);
  const proof = srpProof({ password: "", parameters, srpB, random });
  assertEquals(proof.M1, referenceM1(parameters, verifier, b, srpB, proof.A));
  assert(srpServerCheck({ parameters, verifier, b, srpB, ...proof }));
});

Deno.test("srpServerCheck() refuses wrong passwords, also similar ones", () => {
  const random = seededRandom(6);
  const parameters = parametersFrom(random);
  const verifier = srpVerifier(PASSWORD, parameters);
  const { b, srpB } = srpServerChallenge(parameters, verifier, random);
  const similar = [PASSWORD.slice(1), PASSWORD + "\0", "", PASSWORD.toUpperCase()];
  for (const password of similar.slice(0, runs(1, 4))) {
    const proof = srpProof({ password, parameters, srpB, random });
    assert(!srpServerCheck({ parameters, verifier, b, srpB, ...proof }), password);
  }
});

Deno.test("srpServerCheck() refuses proofs that are changed, cut, or for another challenge", () => {
  const random = seededRandom(7);
  const parameters = parametersFrom(random);
  const verifier = srpVerifier(PASSWORD, parameters);
  const { b, srpB } = srpServerChallenge(parameters, verifier, random);
  const { A, M1 } = srpProof({ password: PASSWORD, parameters, srpB, random });
  const good = { parameters, verifier, b, srpB, A, M1 };
  assert(srpServerCheck(good));
  for (const bit of [0, 7, 100, 255]) {
    const broken = M1.slice();
    broken[bit >> 3] ^= 1 << (bit & 7);
    assert(!srpServerCheck({ ...good, M1: broken }));
  }
  const other = A.slice();
  other[200] ^= 1;
  assert(!srpServerCheck({ ...good, A: other }));
  assert(!srpServerCheck({ ...good, M1: M1.subarray(0, 31) }));
  assert(!srpServerCheck({ ...good, M1: new Uint8Array(0) }));
  const next = srpServerChallenge(parameters, verifier, random);
  assert(!srpServerCheck({ ...good, ...next }), "a proof is good for its own challenge only");
});

Deno.test("srpServerCheck() refuses each A that makes the secret known", () => {
  const random = seededRandom(8);
  const parameters = parametersFrom(random);
  const verifier = srpVerifier(PASSWORD, parameters);
  const { b, srpB } = srpServerChallenge(parameters, verifier, random);
  for (const value of [0n, 1n, 2n, PRIME - 1n, PRIME, PRIME + 1n, 2n * PRIME]) {
    const A = bigIntToBytes(value, 257);
    const padded = bigIntToBytes(value & (1n << 2048n) - 1n, 256);
    // The proof of a client without the password that knows that the secret is 0 or 1.
    for (const secret of [0n, 1n]) {
      const K = H(bigIntToBytes(secret, 256));
      const group = H(parameters.p).map((byte, index) =>
        byte ^ H(bigIntToBytes(BigInt(parameters.g), 256))[index]
      );
      const M1 = H(group, H(parameters.salt1), H(parameters.salt2), padded, srpB, K);
      assert(!srpServerCheck({ parameters, verifier, b, srpB, A, M1 }));
      assert(!srpServerCheck({ parameters, verifier, b, srpB, A: padded, M1 }));
    }
  }
  assert(!srpServerCheck({ parameters, verifier, b, srpB, A: new Uint8Array(0), M1: random(32) }));
});

Deno.test("srpProof() refuses a hostile B: 0, p, above p, too long, and k * v itself", () => {
  const random = seededRandom(9);
  const parameters = parametersFrom(random);
  const prove = (srpB: Uint8Array) => srpProof({ password: PASSWORD, parameters, srpB, random });
  for (const B of [new Uint8Array(0), new Uint8Array(256)]) {
    assertThrows(() => prove(B), RangeError, "Cannot accept the server's srp_B: it is 0");
  }
  for (const value of [PRIME, PRIME + 1n, (1n << 2048n) - 1n, 2n * PRIME, 1n << 4000n]) {
    const B = bigIntToBytes(value, value >> 2048n ? 520 : 256);
    assertThrows(() => prove(B), RangeError, "it is not below p, expected 0 < B < p");
  }
  const kv = referenceKv(parameters, srpVerifier(PASSWORD, parameters));
  for (const g of [0n, 1n, 2n, PRIME - 1n]) {
    const B = bigIntToBytes((kv + g) % PRIME, 256);
    assertThrows(() => prove(B), RangeError, "g_b = B - k * v is out of range");
  }
});

Deno.test("srpProof() takes a B without its leading zero bytes", () => {
  const random = seededRandom(10);
  const parameters = parametersFrom(random);
  const B = bigIntToBytes(bytesToBigInt(random(255)), 256);
  const a = random(256);
  const options = { password: PASSWORD, parameters };
  assertEquals(
    srpProof({ ...options, srpB: B.subarray(1), random: scripted(a) }),
    srpProof({ ...options, srpB: B, random: scripted(a) }),
  );
});

Deno.test("srpProof() draws a secret of 2048 bits, and another if A is out of range", () => {
  const random = seededRandom(11);
  const parameters = parametersFrom(random);
  const verifier = srpVerifier(PASSWORD, parameters);
  const { b, srpB } = srpServerChallenge(parameters, verifier, random);
  const a = random(256);
  // With a = 0 and a = 5, A would be 1 and 3^5.
  const draws = scripted(new Uint8Array(256), bigIntToBytes(5n, 256), a);
  const { A, M1 } = srpProof({ password: PASSWORD, parameters, srpB, random: draws });
  assertEquals(bytesToBigInt(A), powerBySquaring(3n, bytesToBigInt(a), PRIME));
  assert(srpServerCheck({ parameters, verifier, b, srpB, A, M1 }));
  const again = srpProof({ password: PASSWORD, parameters, srpB, random });
  assertNotEquals(again.A, A);
  const zeros: Random = (length) => new Uint8Array(length);
  assertThrows(
    () => srpProof({ password: PASSWORD, parameters, srpB, random: zeros }),
    RangeError,
    "Cannot choose SRP's A",
  );
});

Deno.test("srpServerChallenge() draws another b if g^b is out of range", () => {
  const random = seededRandom(12);
  const parameters = parametersFrom(random);
  const verifier = srpVerifier(PASSWORD, parameters);
  const b = random(256);
  const challenge = srpServerChallenge(parameters, verifier, scripted(new Uint8Array(256), b));
  assertEquals(challenge.b, b);
  const expected = referenceKv(parameters, verifier) +
    powerBySquaring(3n, bytesToBigInt(b), PRIME);
  assertEquals(bytesToBigInt(challenge.srpB), expected % PRIME);
  assertEquals(challenge.srpB.length, 256);
  assertThrows(
    () => srpServerChallenge(parameters, verifier, (length) => new Uint8Array(length)),
    RangeError,
    "Cannot choose SRP's B",
  );
});

Deno.test("SRP refuses a p without 2048 bits, and impossible generators", () => {
  const random = seededRandom(13);
  const good = parametersFrom(random);
  const short = good.p.slice();
  short[0] = 0x7f;
  for (const p of [new Uint8Array(0), good.p.subarray(1), short, concatBytes(good.p, good.p)]) {
    assertThrows(
      () => srpVerifier(PASSWORD, { ...good, p }),
      RangeError,
      "Cannot use SRP parameters: p",
    );
  }
  for (const g of [0, 1, 8, 3.5, NaN]) {
    const parameters = { ...good, g };
    const srpB = random(256);
    assertThrows(() => srpVerifier(PASSWORD, parameters), RangeError, `g is ${g}`);
    assertThrows(() => srpProof({ password: "", parameters, srpB, random }), RangeError, `g is`);
    assertThrows(() => srpServerChallenge(parameters, srpB, random), RangeError, `g is ${g}`);
  }
});
