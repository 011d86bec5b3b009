/**
 * The ClientHellos are those of the browsers that they name: their JA4 is the one that these
 * browsers are published with, their JA3 too, where the browser keeps an order.
 */
import { createECDH, createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import { Buffer } from "node:buffer";
import { clientHello } from "../../../src/transport/mtproxy/client_hello.ts";
import { HELLO_PROFILES, ProxySecret } from "../../../src/transport/mtproxy/mod.ts";
import { hexToBytes } from "../../../src/crypto/mod.ts";
import { systemRandom } from "../../../src/runtime/mod.ts";
import { assert, assertEquals, assertNotEquals } from "../../helpers/assert.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";
import { ja3, ja4, numbers, readHello } from "./ja4.ts";

const SECRET = new ProxySecret(hexToBytes("5e".repeat(16)), "tls", "example.org");

/**
 * JA4 and, without a shuffle, JA3; as tls.peet.ws and others report them of these browsers.
 * docs/networks.md names a page for each JA4.
 */
const PUBLISHED: Readonly<Record<string, readonly [ja4: string, ja3?: string]>> = {
  "Chrome 144 to 149": ["t13d1516h2_8daaf6152771_d8a2da3f94cd"],
  "Chrome 150 and 151": ["t13d1516h2_8daaf6152771_806a8c22fdea"],
  "Firefox 135 to 150": [
    "t13d1717h2_5b57614c22b0_3cbfd9057e0d",
    "6f7889b9fb1a62a9577e685c1fcfa919",
  ],
  "Safari 26": ["t13d2013h2_a09f3c656075_7f0f34a4126d", "ecdf4f49dd59effc439639da29186671"],
};

const hellos = (index: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, seed) =>
    clientHello({
      secret: SECRET,
      profile: HELLO_PROFILES[index],
      random: seededRandom(seed + 1),
      now: 1_800_000_000,
    }));

for (const [index, { browser }] of HELLO_PROFILES.entries()) {
  Deno.test(`the ClientHello of ${browser} has the JA4 that is published of it`, () => {
    const [expected, order] = PUBLISHED[browser];
    for (const hello of hellos(index, 6)) {
      assertEquals(ja4(hello), expected);
      if (order !== undefined) assertEquals(ja3(hello), order);
    }
  });

  Deno.test(`the ClientHello of ${browser} names the domain, and repeats nothing`, () => {
    const [one, other] = hellos(index, 2).map(readHello);
    const name = one.extensions.get(0) ?? new Uint8Array(0);
    assertEquals(new TextDecoder().decode(name.subarray(5)), "example.org");
    assertNotEquals(one.sessionId, other.sessionId);
    assertNotEquals(one.extensions.get(0x33), other.extensions.get(0x33));
    assert(one.length > 512, "a proxy takes shorter ones for no TLS");
    assert(one.length < 2048);
  });

  Deno.test(`the key shares of ${browser} are keys, by OpenSSL`, () => {
    for (const hello of hellos(index, 3)) {
      for (const [group, key] of keyShares(hello)) checkKey(group, key);
    }
  });
}

Deno.test("Chrome shuffles its extensions between two of GREASE, which differ", () => {
  const orders = hellos(0, 8).map((hello) => readHello(hello).order);
  assertEquals(new Set(orders.map((order) => order.slice(1, -1).join())).size, 8);
  assertEquals(new Set(orders.map((order) => order.slice(1, -1).toSorted().join())).size, 1);
  for (const order of orders) assertNotEquals(order[0], order.at(-1));
});

Deno.test("Firefox has one X25519 key in both of its shares; Chrome has two", () => {
  const isSame = (index: number): boolean => {
    const shares = new Map(keyShares(hellos(index, 1)[0]));
    const hybrid = shares.get(0x11ec)?.subarray(1184);
    return String(hybrid) === String(shares.get(0x1d));
  };
  assertEquals([0, 1, 2, 3].map(isSame), [false, true, false, false]);
});

Deno.test("the groups of the key shares, GREASE too, are among the supported ones", () => {
  for (const index of HELLO_PROFILES.keys()) {
    const [hello] = hellos(index, 1);
    const groups = numbers((readHello(hello).extensions.get(10) ?? new Uint8Array(2)).subarray(2));
    for (const [group] of keyShares(hello)) assert(groups.includes(group));
  }
});

Deno.test("the lengths of the encrypted client hello are those of the browser", () => {
  const lengths = (index: number): Set<number> =>
    new Set(
      hellos(index, 24).map((hello) => {
        const body = readHello(hello).extensions.get(0xfe0d) ?? new Uint8Array(0);
        return body.length - 42;
      }),
    );
  assertEquals([...lengths(0)].toSorted((a, b) => a - b), [144, 176, 208, 240]);
  assertEquals([...lengths(1)], [239]);
});

Deno.test("every profile is chosen, one for each connection", async () => {
  const { FakeTlsClient } = await import("../../../src/transport/mtproxy/mod.ts");
  const seen = new Set(
    Array.from(
      { length: 60 },
      () => ja4(new FakeTlsClient({ secret: SECRET, random: systemRandom, now: 1 }).start()),
    ),
  );
  assertEquals(seen, new Set(Object.values(PUBLISHED).map(([value]) => value)));
});

function keyShares(hello: Uint8Array): [number, Uint8Array][] {
  const body = readHello(hello).extensions.get(0x33) ?? new Uint8Array(0);
  const shares: [number, Uint8Array][] = [];
  for (let at = 2; at < body.length;) {
    const [group, length] = numbers(body.subarray(at, at + 4));
    shares.push([group, body.subarray(at + 4, at += 4 + length)]);
  }
  return shares;
}

function checkKey(group: number, key: Uint8Array): void {
  if (group === 0x11ec) {
    assertEquals(key.length, 1216);
    for (let at = 0; at < 1152; at += 3) {
      const bits = key[at] | key[at + 1] << 8 | key[at + 2] << 16;
      assert((bits & 4095) < 3329 && bits >> 12 < 3329);
    }
    checkKey(0x1d, key.subarray(1184));
  } else if (group === 0x1d) {
    assertEquals(key.length, 32);
    assert(key[31] < 128);
    const x = Buffer.from(key).toString("base64url");
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
    // OpenSSL refuses points of a small order.
    diffieHellman({ privateKey: generateKeyPairSync("x25519").privateKey, publicKey });
  } else if (group === 0x17) {
    const ecdh = createECDH("prime256v1");
    ecdh.generateKeys();
    ecdh.computeSecret(key); // throws unless it is a point on the curve
  } else {
    assertEquals(key.length, 1);
  }
}
