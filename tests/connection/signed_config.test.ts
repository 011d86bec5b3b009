/**
 * The signed list of addresses: a real one, ours, and hostile ones.
 */
import fc from "fast-check";
import { textIn } from "../../src/connection/blocked/address_search.ts";
import {
  addressesFor,
  configKey,
  readSignedConfig,
} from "../../src/connection/blocked/signed_config.ts";
import { encodeBase64, encodeUtf8 } from "../../src/crypto/mod.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { type List, LIST_KEY, serialiseList, signList } from "../helpers/signed_list.ts";
import vector from "../vectors/signed_config.json" with { type: "json" };

const SEED = 20261127;
const SECRET = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const LIST: List = {
  date: 1000,
  expires: 2000,
  rules: [
    { dcId: 2, addresses: [{ host: "203.0.113.5", port: 443 }] },
    { dcId: 2, addresses: [{ host: "255.1.2.3", port: 80, secret: SECRET }] },
    { dcId: 4, phonePrefixes: "+7,-79", addresses: [{ host: "10.0.0.1", port: 1 }] },
  ],
};

/** Asserts that a text is refused with a reason. */
function assertRefused(text: string, reason = ""): void {
  const error = assertThrows(() => readSignedConfig(text, LIST_KEY), RangeError);
  assertStringIncludes(error.message, `Cannot use the signed list of addresses: ${reason}`);
}

Deno.test("a list that Telegram published in 2019 is signed by its key, and has expired", () => {
  const text = textIn({ Answer: vector.texts.map((data) => ({ type: 16, data })) });
  const config = readSignedConfig(text, configKey());
  assertEquals([config.date, config.expires], [vector.date, vector.expires]);
  assertEquals(config.rules.map(({ dcId }) => dcId), vector.dcIds);
  const refused = assertThrows(() => addressesFor(config, { now: 1_800_000_000 }), RangeError);
  assertStringIncludes(refused.message, "it has expired");
  const found = addressesFor(config, { now: vector.expires });
  assertEquals([...found.keys()], vector.dcIds);
  const [{ host, port, secret }] = found.get(2) ?? [];
  assertEquals(`${host}:${port}`, vector.address);
  assertEquals(secret?.subarray(17), encodeUtf8(vector.domain)); // fake TLS
  assertRefused(text, "its signature is wrong"); // with another key
});

Deno.test("a signed list is read, with its secrets and its phone numbers", () => {
  const config = readSignedConfig(signList(serialiseList(LIST)), LIST_KEY);
  assertEquals([config.date, config.expires], [1000, 2000]);
  const both = [
    { host: "203.0.113.5", port: 443 },
    { host: "255.1.2.3", port: 80, secret: SECRET },
  ];
  const far = [{ host: "10.0.0.1", port: 1 }];
  for (
    const [phone, isFar] of [
      [undefined, true],
      ["+7 812 1234567", true],
      ["79121234567", false],
      ["+49 30 1234567", false],
    ] as const
  ) {
    const found = addressesFor(config, { now: 2000, phone });
    assertEquals([found.get(2), found.get(4)], [both, isFar ? far : undefined]);
  }
});

Deno.test("a list that expired, or cannot be of this time, is not used", () => {
  const config = readSignedConfig(signList(serialiseList(LIST)), LIST_KEY);
  assertThrows(() => addressesFor(config, { now: 2000.5 }), RangeError, "it has expired");
  const odd = readSignedConfig(signList(serialiseList({ ...LIST, date: 3000 })), LIST_KEY);
  assertThrows(() => addressesFor(odd, { now: 1000 }), RangeError, "it was made after");
});

Deno.test("a list with any bit changed is refused", () => {
  const text = signList(serialiseList(LIST));
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const property = fc.property(
    fc.integer({ min: 0, max: 341 }), // the last ones have bits that mean nothing
    fc.constantFrom(...alphabet),
    (at, other) => {
      fc.pre(text[at] !== other);
      assertRefused(text.slice(0, at) + other + text.slice(at + 1));
    },
  );
  fc.assert(property, { seed: SEED, numRuns: runs(15, 5000) });
});

Deno.test("texts of any kind are refused, and nothing else is thrown", () => {
  for (const text of ["", "A", "A".repeat(344), "=".repeat(344), "A".repeat(1_000_000)]) {
    assertRefused(text);
  }
  const anyBytes = fc.uint8Array({ minLength: 256, maxLength: 256 });
  const property = fc.property(anyBytes, (bytes) => assertRefused(encodeBase64(bytes)));
  fc.assert(property, { seed: SEED, numRuns: runs(6, 2000) });
});

Deno.test("a list that is signed and damaged is refused, and nothing else is thrown", () => {
  const good = serialiseList(LIST);
  assertRefused(signList(good, { length: 7 }), "its length is 7");
  assertRefused(signList(good, { length: 209 }), "its length is 209");
  assertRefused(signList(good, { length: -1 }), "its length is -1");
  assertRefused(signList(good, { length: good.length + 8 }), "it has 4 more bytes");
  const property = fc.property(
    fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.integer({ min: 8, max: 208 }),
    fc.boolean(),
    (changes, length, isCut) => {
      const bad = good.slice();
      for (const [at, byte] of changes) bad[at] = byte;
      const text = signList(bad, isCut ? { length } : {});
      try {
        const { rules } = readSignedConfig(text, LIST_KEY);
        for (const { addresses } of rules) {
          for (const { host, port, secret } of addresses) {
            assert(/^(\d{1,3}\.){3}\d{1,3}$/.test(host) && port >= 1 && port <= 65_535);
            assert(secret === undefined || secret.length >= 16);
          }
        }
      } catch (error) {
        assert(error instanceof RangeError, `it threw ${error}`);
      }
    },
  );
  fc.assert(property, { seed: SEED, numRuns: runs(20, 5000) });
});

Deno.test("answers of the DNS of any kind give a text", () => {
  for (const answer of [null, 1, "x", [], {}, { Answer: 1 }, { Answer: [null, 1, {}] }]) {
    assertEquals(textIn(answer), "");
  }
  assertEquals(textIn({ Answer: [{ type: 16, data: 5 }, { type: 16, data: '"a" "b"' }] }), "ab");
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      textIn({ Answer: value });
    }),
    { seed: SEED, numRuns: runs(40, 2000) },
  );
});
