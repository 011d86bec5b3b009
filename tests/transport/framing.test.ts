/**
 * The layouts of all transports, byte by byte: https://core.telegram.org/mtproto/mtproto-transports
 */
import { bytesToHex, concatBytes, hexToBytes } from "../../src/crypto/mod.ts";
import { crc32 } from "../../src/transport/crc32.ts";
import {
  abridged,
  acceptTransport,
  FramingError,
  full,
  intermediate,
  MAX_PACKET_LENGTH,
  paddedIntermediate,
  type Transport,
  TransportError,
} from "../../src/transport/mod.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { CHUNKINGS } from "./chunkings.ts";

const random = seededRandom(1);
const zeros = (length: number): Uint8Array => new Uint8Array(length);
const noRandom = (length: number): Uint8Array => zeros(length);

/** Returns the server's side of `client`, after the client's first bytes. */
function serverOf(client: Transport, source = random): Transport {
  const server = acceptTransport({ random: source });
  assertEquals(server.receive(client.start()), []);
  return server;
}

Deno.test("crc32() gives the published check value for 123456789", () => {
  assertEquals(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assertEquals(crc32(zeros(0)), 0);
});

Deno.test("abridged() begins with ef", () => {
  assertEquals(bytesToHex(abridged().start()), "ef");
});

Deno.test("abridged() writes lengths of 1 to 126 words in one byte", () => {
  for (let words = 1; words <= 126; words++) {
    const payload = random(words * 4);
    const packed = abridged().pack(payload);
    assertEquals(packed[0], words);
    assertEquals(packed.subarray(1), payload);
    assertEquals(packed.length, 1 + payload.length);
  }
});

Deno.test("abridged() writes lengths from 127 words on as 7f and three bytes", () => {
  const cases: [words: number, header: string][] = [
    [127, "7f7f0000"],
    [128, "7f800000"],
    [255, "7fff0000"],
    [256, "7f000100"],
    [65536, "7f000001"],
    [MAX_PACKET_LENGTH / 4, "7f000040"],
  ];
  for (const [words, header] of cases) {
    const packed = abridged().pack(zeros(words * 4));
    assertEquals(bytesToHex(packed.subarray(0, 4)), header);
    assertEquals(packed.length, 4 + words * 4);
  }
});

Deno.test("abridged() asks for a quick acknowledgement by the highest bit", () => {
  const client = abridged();
  assertEquals(
    bytesToHex(client.pack(hexToBytes("01020304"), { quickAck: true })),
    "8101020304",
  );
  assertEquals(
    bytesToHex(client.pack(zeros(508), { quickAck: true }).subarray(0, 4)),
    "ff7f0000",
  );
});

Deno.test("intermediate() begins with eeeeeeee and writes lengths in four bytes", () => {
  const client = intermediate();
  assertEquals(bytesToHex(client.start()), "eeeeeeee");
  assertEquals(
    bytesToHex(client.pack(hexToBytes("0102030405060708"))),
    "080000000102030405060708",
  );
  assertEquals(
    bytesToHex(client.pack(hexToBytes("01020304"), { quickAck: true })),
    "0400008001020304",
  );
});

Deno.test("paddedIntermediate() begins with dddddddd, and its lengths include the padding", () => {
  // The first random byte chooses the length of the padding: 0x25 modulo 16 is 5.
  const source = (length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => 0x25 + index);
  const client = paddedIntermediate(source);
  assertEquals(bytesToHex(client.start()), "dddddddd");
  assertEquals(
    bytesToHex(client.pack(hexToBytes("0102030405060708"))),
    "0d000000" + "0102030405060708" + "262728292a",
  );
  assertEquals(
    bytesToHex(client.pack(hexToBytes("0102030405060708"), { quickAck: true })),
    "0d000080" + "0102030405060708" + "262728292a",
  );
});

Deno.test("paddedIntermediate() pads with 0 to 15 bytes, and the server with 0 to 3", () => {
  const source = seededRandom(5);
  const client = paddedIntermediate(source);
  const server = serverOf(client, source);
  const [fromClient, fromServer] = [new Set<number>(), new Set<number>()];
  for (let count = 0; count < 500; count++) {
    fromClient.add(client.pack(zeros(24)).length - 28);
    fromServer.add(server.pack(zeros(24)).length - 28);
  }
  const ascending = (found: Set<number>): number[] => [...found].sort((a, b) => a - b);
  assertEquals(ascending(fromClient), Array.from({ length: 16 }, (_, index) => index));
  assertEquals(ascending(fromServer), [0, 1, 2, 3]);
  assertEquals(paddedIntermediate(source, { maxPadding: 0 }).pack(zeros(24)).length, 28);
  assertThrows(() => paddedIntermediate(source, { maxPadding: 16 }), RangeError, "from 0 to 15");
  assertThrows(() => acceptTransport({ random: source, maxPadding: -1 }), RangeError);
});

Deno.test("full() has no tag, and writes length, number and CRC-32", () => {
  const client = full();
  assertEquals(client.start(), zeros(0));
  const first = client.pack(hexToBytes("01020304"));
  assertEquals(bytesToHex(first.subarray(0, 12)), "10000000" + "00000000" + "01020304");
  const crc = new DataView(first.buffer).getUint32(12, true);
  assertEquals(crc, crc32(first.subarray(0, 12)));
  const second = client.pack(hexToBytes("05060708"));
  assertEquals(bytesToHex(second.subarray(0, 12)), "10000000" + "01000000" + "05060708");
});

Deno.test("full() counts the packets of each direction separately", () => {
  const client = full();
  const server = acceptTransport({ random });
  server.receive(client.pack(zeros(4)));
  server.receive(client.pack(zeros(4)));
  assertEquals(bytesToHex(server.pack(zeros(4)).subarray(4, 8)), "00000000");
  assertEquals(bytesToHex(server.pack(zeros(4)).subarray(4, 8)), "01000000");
});

Deno.test("full() refuses a packet without the next number", () => {
  const other = full();
  other.pack(zeros(4));
  const error = assertThrows(() => full().receive(other.pack(zeros(4))), FramingError);
  assertStringIncludes(error.message, "its number is 1, expected 0");
});

Deno.test("full() names the CRC-32 of a damaged packet, and the expected one", () => {
  const damaged = full().pack(zeros(4));
  const [given, right] = [hexToBytes("01000000"), damaged.slice(-4)];
  damaged.set(given, damaged.length - 4);
  const error = assertThrows(() => full().receive(damaged), FramingError);
  const expected = bytesToHex(right.toReversed());
  assertStringIncludes(error.message, `its CRC-32 is 00000001, expected ${expected}`);
});

Deno.test("full() refuses a packet with a changed bit", () => {
  const packed = full().pack(hexToBytes("0102030405060708"));
  for (let bit = 0; bit < packed.length * 8; bit++) {
    const damaged = packed.slice();
    damaged[bit >> 3] ^= 1 << (bit & 7);
    const client = full();
    try {
      // A damaged length may ask for more bytes: then no packet arrives.
      assertEquals(client.receive(damaged), []);
    } catch (error) {
      assert(error instanceof FramingError || error instanceof TransportError);
    }
  }
});

Deno.test("pack() refuses payloads that are empty, too long or not a multiple of 4", () => {
  for (const client of [abridged(), intermediate(), paddedIntermediate(random), full()]) {
    for (const length of [0, 1, 2, 3, 5, 21, MAX_PACKET_LENGTH + 4]) {
      assertThrows(() => client.pack(zeros(length)), RangeError, `a packet of ${length} bytes`);
    }
  }
});

/** Transport errors of a server, as literal bytes. */
const CLIENTS: [name: string, make: () => Transport, notFound: string][] = [
  ["abridged", () => abridged(), "01" + "6cfeffff"],
  ["intermediate", () => intermediate(), "04000000" + "6cfeffff"],
  ["padded", () => paddedIntermediate(noRandom), "04000000" + "6cfeffff"],
  ["full", () => full(), "10000000" + "00000000" + "6cfeffff"],
];

for (const [name, make, notFound] of CLIENTS) {
  for (const [chunking, chunk] of CHUNKINGS) {
    Deno.test(`${name}: receive() throws TransportError -404, received ${chunking}`, () => {
      let bytes = hexToBytes(notFound);
      if (name === "full") {
        const crc = zeros(4);
        new DataView(crc.buffer).setUint32(0, crc32(bytes), true);
        bytes = concatBytes(bytes, crc);
      }
      const client = make();
      const error = assertThrows(() => {
        for (const part of chunk(bytes)) assertEquals(client.receive(part), []);
      }, TransportError);
      assertEquals(error.code, -404);
      assertStringIncludes(error.message, "auth key");
    });
  }

  Deno.test(`${name}: the client's receive() throws the code of packError()`, () => {
    const known: [number, string][] = [
      [-403, "forbidden"],
      [-404, "auth key"],
      [-429, "flood"],
      [-444, "data center"],
      [-500, "does not have this code"],
      [-2, "does not have this code"],
    ];
    for (const [code, text] of known) {
      const client = make();
      const server = serverOf(client);
      if (name === "full") server.receive(client.pack(zeros(4)));
      const error = assertThrows(() => client.receive(server.packError(code)), TransportError);
      assertEquals(error.code, code);
      assertStringIncludes(error.message, text);
      assertStringIncludes(error.message, String(code));
    }
    assertThrows(() => make().packError(404), RangeError, "negative");
  });

  Deno.test(`${name}: an error has the packets before it in the same chunk`, () => {
    const client = make();
    const server = serverOf(client, noRandom);
    if (name === "full") server.receive(client.pack(zeros(4)));
    const bytes = concatBytes(server.pack(zeros(24)), server.packError(-429));
    const error = assertThrows(() => client.receive(bytes), TransportError);
    assertEquals(error.packets, [{ payload: zeros(24), quickAck: false }]);
    const again = assertThrows(() => client.receive(server.pack(zeros(24))), FramingError);
    assertStringIncludes(again.message, "it failed before");
    assertEquals(again.cause, error);
  });

  Deno.test(`${name}: a server takes a client's negative number of 4 bytes as a packet`, () => {
    const client = make();
    const server = serverOf(client);
    const payload = hexToBytes("6cfeffff");
    assertEquals(
      server.receive(client.pack(payload)).map((packet) => packet.payload.slice(0, 4)),
      [payload],
    );
  });
}

Deno.test("paddedIntermediate() does not pad transport errors", () => {
  const server = serverOf(paddedIntermediate(random), () => Uint8Array.of(3, 1, 2, 3));
  assertEquals(bytesToHex(server.packError(-404)), "04000000" + "6cfeffff");
});

Deno.test("paddedIntermediate() recognises a transport error with padding behind it", () => {
  const client = paddedIntermediate(random);
  const bytes = hexToBytes("13000000" + "53feffff" + "00112233445566778899aabbccddee");
  assertEquals(assertThrows(() => client.receive(bytes), TransportError).code, -429);
});

Deno.test("full() recognises a bare code in the place of a length", () => {
  const bytes = hexToBytes("53feffff" + "53feffff" + "53feffff");
  assertEquals(assertThrows(() => full().receive(bytes), TransportError).code, -429);
});

const TOKEN = hexToBytes("a1b2c3d4");
const TOKENS: [name: string, make: () => Transport, packed: string][] = [
  ["abridged", () => abridged(), "d4c3b2a1"],
  ["intermediate", () => intermediate(), "a1b2c3d4"],
  ["padded", () => paddedIntermediate(noRandom), "08000000" + "ffffffff" + "a1b2c3d4"],
];

for (const [name, make, packed] of TOKENS) {
  Deno.test(`${name}: a quick acknowledgement has the layout of the specification`, () => {
    for (const [, chunk] of CHUNKINGS) {
      const client = make();
      const server = serverOf(client, noRandom);
      const [packet] = server.receive(client.pack(zeros(40), { quickAck: true }));
      assert(packet.quickAck);
      assertEquals(bytesToHex(server.packQuickAck(TOKEN)), packed);
      const bytes = concatBytes(server.packQuickAck(TOKEN), server.pack(zeros(24)));
      const packets = chunk(bytes).flatMap((part) => client.receive(part));
      assertEquals(packets, [{ payload: zeros(24), quickAck: false }]);
    }
  });

  Deno.test(`${name}: receive() refuses a quick acknowledgement that no packet asked for`, () => {
    const client = make();
    const server = serverOf(client, noRandom);
    const error = assertThrows(() => client.receive(server.packQuickAck(TOKEN)), FramingError);
    assertStringIncludes(error.message, "no packet asked for this quick acknowledgement");
  });

  Deno.test(`${name}: packQuickAck() refuses tokens that look like lengths`, () => {
    const server = serverOf(make());
    assertThrows(() => server.packQuickAck(hexToBytes("ffffff7f")), RangeError);
    assertThrows(() => server.packQuickAck(hexToBytes("ffffffffff")), RangeError);
  });
}

Deno.test("paddedIntermediate() takes a padded quick acknowledgement", () => {
  for (let padding = 0; padding <= 8; padding++) {
    const client = paddedIntermediate(random);
    client.pack(zeros(24), { quickAck: true });
    const length = (8 + padding).toString(16).padStart(2, "0");
    const bytes = hexToBytes(`${length}000000ffffffffa1b2c3d4${"55".repeat(padding)}`);
    assertEquals(client.receive(bytes), []);
  }
});

Deno.test("pack() cannot ask for a quick acknowledgement in full and on the server's side", () => {
  assertThrows(
    () => full().pack(zeros(4), { quickAck: true }),
    RangeError,
    `the client's side of "full"`,
  );
  const token = hexToBytes("00000080");
  assertThrows(() => full().packQuickAck(token), RangeError, "this transport does not have them");
  const server = serverOf(abridged());
  assertThrows(
    () => server.pack(zeros(4), { quickAck: true }),
    RangeError,
    `the server's side of "abridged"`,
  );
});

Deno.test("receive() refuses impossible lengths at once, before any more bytes", () => {
  const cases: [make: () => Transport, bytes: string, text: string][] = [
    [() => abridged(), "00", "packet of 0 bytes"],
    [() => abridged(), "7f000000", "packet of 0 bytes"],
    [() => abridged(), "7f010040", "packet of 16777220 bytes"],
    [() => abridged(), "7fffffff", "packet of 67108860 bytes"],
    [() => intermediate(), "00000000", "packet of 0 bytes"],
    [() => intermediate(), "05000000", "packet of 5 bytes"],
    [() => intermediate(), "04000001", "packet of 16777220 bytes"],
    [() => intermediate(), "fcffff7f", "packet of 2147483644 bytes"],
    [() => paddedIntermediate(random), "03000000", "packet of 3 bytes"],
    [() => paddedIntermediate(random), "01000001", "packet of 16777217 bytes"],
    [() => paddedIntermediate(random), "fcffffff", "packet of 4294967292 bytes"],
    [() => full(), "00000000", "packet of -12 bytes"],
    [() => full(), "0c000000", "packet of 0 bytes"],
    [() => full(), "11000000", "packet of 5 bytes"],
    [() => full(), "10000001", "packet of 16777220 bytes"],
    [() => full(), "00000080", "expected at most"],
  ];
  for (const [make, bytes, text] of cases) {
    for (const [, chunk] of CHUNKINGS) {
      const client = make();
      const error = assertThrows(() => {
        for (const part of chunk(hexToBytes(bytes))) client.receive(part);
      }, FramingError);
      assertStringIncludes(error.message, text);
    }
  }
});
