/**
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 * OpenSSL (`node:crypto`) is the other side.
 */
import { createCipheriv, createHash } from "node:crypto";
import { bytesToHex, concatBytes, hexToBytes } from "../../src/crypto/mod.ts";
import {
  abridged,
  acceptTransport,
  full,
  intermediate,
  obfuscated,
  paddedIntermediate,
  type Transport,
} from "../../src/transport/mod.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const SECRET = hexToBytes("99".repeat(16));
const TAGS: [name: string, make: () => Transport, tag: string][] = [
  ["abridged", () => abridged(), "efefefef"],
  ["intermediate", () => intermediate(), "eeeeeeee"],
  ["padded", () => paddedIntermediate(seededRandom(3), { maxPadding: 0 }), "dddddddd"],
];

/** Returns the keystreams of a header, by OpenSSL. */
function opensslCiphers(header: Uint8Array, secret?: Uint8Array) {
  const cipher = (keyAndIv: Uint8Array) => {
    const key = secret
      ? createHash("sha256").update(keyAndIv.subarray(0, 32)).update(secret).digest()
      : keyAndIv.subarray(0, 32);
    const ctr = createCipheriv("aes-256-ctr", key, keyAndIv.subarray(32, 48));
    return (bytes: Uint8Array): Uint8Array => new Uint8Array(ctr.update(bytes));
  };
  return {
    clientToServer: cipher(header.slice(8, 56)),
    serverToClient: cipher(header.slice().reverse().slice(8, 56)),
  };
}

for (const [name, make, tag] of TAGS) {
  for (const secret of [undefined, SECRET]) {
    const title = `obfuscated(${name}${secret ? ", with a secret" : ""})`;

    Deno.test(`${title}: the header and both directions equal OpenSSL's`, () => {
      const random = seededRandom(11);
      const client = obfuscated(make(), { random, dcId: -4, secret });
      assertEquals(client.name, `obfuscated ${name}`);
      const header = client.start();
      assertEquals(header.length, 64);
      assertEquals(header.slice(0, 56), seededRandom(11)(64).slice(0, 56));

      const { clientToServer, serverToClient } = opensslCiphers(header, secret);
      const plain = clientToServer(header);
      assertEquals(bytesToHex(plain.slice(56, 60)), tag);
      // Media data center 4 is -4, little-endian.
      assertEquals(bytesToHex(plain.slice(60, 62)), "fcff");

      const payload = seededRandom(12)(40);
      const inner = make();
      assertEquals(clientToServer(client.pack(payload)), inner.pack(payload));
      assertEquals(clientToServer(client.pack(payload)), inner.pack(payload));
      const answer = inner.pack(payload);
      assertEquals(client.receive(serverToClient(answer))[0].payload, payload);
      assertEquals(client.receive(serverToClient(answer))[0].payload, payload);
    });

    Deno.test(`${title}: acceptTransport() detects it, and answers in it`, () => {
      const random = seededRandom(21);
      const client = obfuscated(make(), { random, dcId: 10002, secret });
      const server = acceptTransport({ random, secret });
      const payload = seededRandom(22)(24);
      const bytes = concatBytes(client.start(), client.pack(payload));
      const packets = [...bytes].flatMap((byte) => server.receive(Uint8Array.of(byte)));
      assertEquals(packets.map((packet) => packet.payload), [payload]);
      assertEquals(server.name, `obfuscated ${name}`);
      assertEquals(server.detected as string, name);
      assert(server.obfuscated);
      assertEquals(server.dcId, 10002);
      const [answer] = client.receive(server.pack(payload));
      assertEquals(answer.payload.slice(0, 24), payload);
    });
  }
}

Deno.test("obfuscated() asks for quick acknowledgements, and drops them", () => {
  for (const [name, make] of TAGS) {
    const client = obfuscated(make(), { random: seededRandom(4) });
    const server = acceptTransport({ random: seededRandom(5) });
    server.receive(client.start());
    const [packet] = server.receive(client.pack(new Uint8Array(24), { quickAck: true }));
    assert(packet.quickAck, name);
    assertEquals(client.receive(server.packQuickAck(hexToBytes("01020384"))), []);
  }
});

Deno.test("obfuscated() packs the frames of a server like the transport inside", () => {
  const [client, plain] = [obfuscated(abridged(), { random: seededRandom(4) }), abridged()];
  const header = client.start();
  const { clientToServer } = opensslCiphers(header);
  clientToServer(header);
  const token = hexToBytes("01020384");
  const said = concatBytes(client.packError(-404), client.packQuickAck(token));
  const meant = concatBytes(plain.packError(-404), plain.packQuickAck(token));
  assertEquals(bytesToHex(clientToServer(said)), bytesToHex(meant));
});

Deno.test("obfuscated() draws again if servers would read its header as another protocol", () => {
  const usable = seededRandom(31)(64);
  const starts = [
    "ef000000" + "01010101",
    "dddddddd" + "01010101",
    "eeeeeeee" + "01010101",
    bytesToHex(new TextEncoder().encode("GET /api")),
    bytesToHex(new TextEncoder().encode("POST /ap")),
    bytesToHex(new TextEncoder().encode("HEAD /ap")),
    bytesToHex(new TextEncoder().encode("OPTIONS ")),
    "16030102" + "01010101",
    "01010101" + "00000000",
  ];
  const attempts = starts.map((start) => concatBytes(hexToBytes(start), usable.slice(8)));
  attempts.push(usable);
  const client = obfuscated(abridged(), { random: () => attempts.shift() ?? usable });
  assertEquals(client.start().slice(0, 56), usable.slice(0, 56));
  assertEquals(attempts, []);
});

Deno.test("obfuscated() stops after 100 unusable headers", () => {
  const client = obfuscated(abridged(), { random: (length) => new Uint8Array(length) });
  assertThrows(() => client.start(), RangeError, "a random source that does not repeat");
});

Deno.test("obfuscated() sends random bytes without a data center", () => {
  const random = seededRandom(41);
  const header = obfuscated(abridged(), { random }).start();
  const plain = opensslCiphers(header).clientToServer(header);
  assertEquals(plain.slice(60), seededRandom(41)(64).slice(60));
});

Deno.test("obfuscated() refuses full, wrong secrets and impossible data centers", () => {
  const random = seededRandom(51);
  assertThrows(() => obfuscated(full(), { random }), RangeError, '"full"');
  const twice = obfuscated(abridged(), { random });
  assertThrows(() => obfuscated(twice, { random }), RangeError, "obfuscated abridged");
  for (const length of [0, 15, 17]) {
    const secret = new Uint8Array(length).fill(0x77);
    const error = assertThrows(() => obfuscated(abridged(), { random, secret }), RangeError);
    assertStringIncludes(error.message, `${length} bytes, expected 16`);
    assert(!error.message.includes("77"));
    assertThrows(() => acceptTransport({ random, secret }), RangeError, "expected 16");
  }
  for (const dcId of [40000, -40000, 1.5, NaN]) {
    assertThrows(() => obfuscated(abridged(), { random, dcId }), RangeError, "16 bits");
  }
});

Deno.test("obfuscated() works only after one start()", () => {
  const client = obfuscated(abridged(), { random: seededRandom(61) });
  assertThrows(() => client.pack(new Uint8Array(4)), TypeError, "start()");
  assertThrows(() => client.receive(new Uint8Array(4)), TypeError, "start()");
  client.start();
  assertThrows(() => client.start(), TypeError, "it was started before");
});
