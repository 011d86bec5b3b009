import { createDiffieHellman } from "node:crypto";
import { bigIntToBytes, bytesToBigInt, bytesToHex, hexToBytes } from "../../src/crypto/bytes.ts";
import { modPow } from "../../src/crypto/modexp.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { powerBySquaring } from "../helpers/power.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";

/** Compares one case with BigInt. */
function compare(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): void {
  const expected = powerBySquaring(
    bytesToBigInt(base),
    bytesToBigInt(exponent),
    bytesToBigInt(modulus),
  );
  const shown = `${bytesToHex(base)} ^ ${bytesToHex(exponent)} mod ${bytesToHex(modulus)}`;
  assertEquals(
    bytesToHex(modPow(base, exponent, modulus)),
    bytesToHex(bigIntToBytes(expected, modulus.length)),
    shown,
  );
}

function odd(bytes: Uint8Array): Uint8Array {
  bytes[bytes.length - 1] |= 1;
  return bytes;
}

interface Vector {
  name: string;
  base: string;
  exponent: string;
  modulus: string;
  result: string;
}

for (const { name, base, exponent, modulus, result } of readVectors<Vector>("modexp.json")) {
  Deno.test(`modPow() returns the published result of "${name}"`, () => {
    const power = modPow(hexToBytes(base), hexToBytes(exponent), hexToBytes(modulus));
    assertEquals(bytesToHex(power), result);
  });
}

Deno.test("modPow() equals BigInt in random cases of 1 to 64 bytes", () => {
  const random = seededRandom(1);
  for (let i = 0; i < runs(100, 3_000); i++) {
    const length = 1 + pick(random, 64);
    compare(
      random(pick(random, length + 1)),
      random(pick(random, 24)),
      odd(random(length)),
    );
  }
});

Deno.test("modPow() equals BigInt in random cases of up to 2048 bits", () => {
  const random = seededRandom(2);
  for (let i = 0; i < runs(8, 400); i++) {
    compare(
      random(pick(random, 257)),
      random(pick(random, 48)),
      odd(random(200 + pick(random, 57))),
    );
  }
});

Deno.test("modPow() equals BigInt for every modulus length from 1 to 256 bytes", () => {
  const random = seededRandom(3);
  for (let length = 1; length <= 256; length++) {
    compare(random(length), random(5), odd(random(length)));
  }
});

Deno.test("modPow() equals BigInt for full 2048-bit operands", () => {
  const random = seededRandom(4);
  for (let i = 0; i < 20; i++) compare(random(256), random(256), odd(random(256)));
});

Deno.test("modPow() equals BigInt for every small base, small modulus and small exponent", () => {
  for (let modulus = 1; modulus < 40; modulus += 2) {
    for (let base = 0; base < 42; base++) {
      for (let exponent = 0; exponent < 9; exponent++) {
        compare(Uint8Array.of(base), Uint8Array.of(exponent), Uint8Array.of(modulus));
      }
    }
  }
});

Deno.test("modPow() equals BigInt for the bases 0 to 17 with moduli of all sizes", () => {
  const random = seededRandom(5);
  for (let base = 0; base <= 17; base++) {
    for (const length of [1, 3, 7, 8, 31, 32, 33, 64, 127, 200, 255, 256]) {
      compare(Uint8Array.of(base), random(40), odd(random(length)));
    }
  }
});

Deno.test("modPow() equals BigInt next to powers of two and to the modulus", () => {
  const random = seededRandom(6);
  for (const bits of [2, 8, 27, 28, 29, 55, 56, 57, 64, 112, 1023, 1024, 2040, 2047, 2048]) {
    for (const modulus of [(1n << BigInt(bits)) - 1n, (1n << BigInt(bits - 1)) + 1n]) {
      const length = Math.ceil(bits / 8);
      for (const base of [modulus - 1n, modulus, modulus + 1n, modulus - 2n, modulus >> 1n]) {
        if (base >> BigInt(8 * length)) continue;
        compare(bigIntToBytes(base, length), random(9), bigIntToBytes(modulus, length));
      }
    }
  }
});

Deno.test("modPow() takes the largest values that 256 bytes hold", () => {
  const ones = new Uint8Array(256).fill(0xff);
  compare(ones, ones, ones);
  compare(ones, ones, odd(ones.map((byte, index) => index === 0 ? 0x80 : byte)));
  compare(ones.fill(0xfe, 255), ones, new Uint8Array(256).fill(0xff));
});

Deno.test("modPow() returns 1 for exponent 0, and 0 modulo 1", () => {
  const modulus = hexToBytes("00fff1");
  assertEquals(modPow(Uint8Array.of(5), new Uint8Array(0), modulus), hexToBytes("000001"));
  assertEquals(modPow(Uint8Array.of(5), new Uint8Array(256), modulus), hexToBytes("000001"));
  assertEquals(modPow(new Uint8Array(0), new Uint8Array(0), modulus), hexToBytes("000001"));
  assertEquals(modPow(Uint8Array.of(5), Uint8Array.of(3), Uint8Array.of(0, 1)), hexToBytes("0000"));
  assertEquals(modPow(Uint8Array.of(5), new Uint8Array(0), Uint8Array.of(1)), hexToBytes("00"));
});

Deno.test("modPow() reduces a base that is longer than the modulus", () => {
  const random = seededRandom(7);
  for (let i = 0; i < 50; i++) {
    compare(random(256), random(3), odd(random(1 + pick(random, 100))));
  }
});

Deno.test("modPow() ignores leading zeros, and returns as many bytes as the modulus has", () => {
  const power = modPow(
    hexToBytes("000000000002"),
    hexToBytes("0000000a"),
    hexToBytes("00000007d1"),
  );
  assertEquals(power, hexToBytes("0000000400"));
});

Deno.test("modPow() takes views into larger buffers, and does not change its arguments", () => {
  const random = seededRandom(8);
  const buffer = random(800);
  buffer[3 + 256 + 131 + 254] |= 1;
  const copy = buffer.slice();
  compare(
    buffer.subarray(3, 259),
    buffer.subarray(259, 290),
    buffer.subarray(390, 3 + 256 + 131 + 255),
  );
  assertEquals(buffer, copy);
});

Deno.test("modPow() agrees with node:crypto's Diffie-Hellman on both sides of an exchange", () => {
  const random = seededRandom(9);
  const prime = hexToBytes(readVectors<Vector>("modexp.json")[0].modulus);
  for (let i = 0; i < 12; i++) {
    const secret = random(128);
    const theirs = createDiffieHellman(prime, 2);
    theirs.generateKeys();
    const ourPublic = modPow(Uint8Array.of(2), secret, prime);
    const shared = modPow(new Uint8Array(theirs.getPublicKey()), secret, prime);
    assertEquals(
      bytesToHex(shared),
      bytesToHex(new Uint8Array(theirs.computeSecret(ourPublic))).padStart(256, "0"),
    );
  }
});

Deno.test("modPow() refuses an even modulus and operands of more than 256 bytes", () => {
  const one = Uint8Array.of(1);
  for (
    const modulus of [new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(2), hexToBytes("0100")]
  ) {
    assertThrows(() => modPow(one, one, modulus), RangeError, "the modulus is even");
  }
  const long = new Uint8Array(257).fill(1);
  assertThrows(() => modPow(long, one, one), RangeError, "the base has 257 bytes");
  assertThrows(() => modPow(one, long, one), RangeError, "the exponent has 257 bytes");
  assertThrows(() => modPow(one, one, long), RangeError, "the modulus has 257 bytes");
});

Deno.test("modPow() leaves no operand in the memory of the module", () => {
  const random = seededRandom(10);
  const base = random(256);
  const exponent = random(256);
  const modulus = odd(random(256));
  const { bytes } = kernels();
  modPow(base, exponent, modulus); // whatever else the memory holds is there now
  const before = bytes.slice();
  const power = modPow(base.toReversed(), exponent.toReversed(), odd(modulus.toReversed()));
  assert(power.some((byte) => byte !== 0));
  assertEquals(bytes.findIndex((byte, index) => byte !== before[index]), -1);
  const { MODEXP } = kernels();
  assert(bytes.subarray(MODEXP, MODEXP + 768).every((byte) => byte === 0));
});
