/**
 * The server's detection of transports, and its errors for other protocols.
 * https://core.telegram.org/mtproto/mtproto-transports
 */
import { concatBytes, hexToBytes } from "../../src/crypto/mod.ts";
import {
  abridged,
  acceptTransport,
  FramingError,
  full,
  intermediate,
  obfuscated,
  paddedIntermediate,
  type ServerTransport,
  type Transport,
} from "../../src/transport/mod.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { CHUNKINGS } from "./chunkings.ts";

const random = seededRandom(1);
const SECRET = hexToBytes("00112233445566778899aabbccddeeff");

const PLAIN: [name: string, make: () => Transport][] = [
  ["abridged", () => abridged()],
  ["intermediate", () => intermediate()],
  ["padded", () => paddedIntermediate(random)],
  ["full", () => full()],
];

for (const [name, make] of PLAIN) {
  Deno.test(`acceptTransport() detects ${name}, in any chunking`, () => {
    for (const [, chunk] of CHUNKINGS) {
      const client = make();
      const server = acceptTransport({ random });
      assertEquals(server.detected, undefined);
      assertEquals(server.start().length, 0);
      const payload = random(40);
      const bytes = concatBytes(client.start(), client.pack(payload), client.pack(payload));
      const packets = chunk(bytes).flatMap((part) => server.receive(part));
      assertEquals(packets.map((packet) => packet.payload.slice(0, 40)), [payload, payload]);
      assertEquals(server.name, name);
      assertEquals(server.detected as string, name);
      assert(!server.obfuscated);
      assertEquals(server.dcId, undefined);
    }
  });

  Deno.test(`acceptTransport() with a secret refuses plain ${name}`, () => {
    const client = make();
    const server = acceptTransport({ random, secret: SECRET });
    const bytes = concatBytes(client.start(), client.pack(random(40)));
    const error = assertThrows(() => server.receive(bytes), FramingError);
    assertStringIncludes(error.message, `plain ${name}`);
  });
}

Deno.test("acceptTransport() cannot send before the client's first bytes", () => {
  const server = acceptTransport({ random });
  assertThrows(() => server.pack(random(4)), TypeError, "has not chosen");
  assertThrows(() => server.packError(-404), TypeError, "has not chosen");
  assertEquals(server.name, "unknown");
});

Deno.test("acceptTransport() refuses HTTP and TLS from their first bytes", () => {
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
  const cases: [Uint8Array, string][] = [
    [ascii("GET / HTTP/1.1\r\n"), "an HTTP request (GET)"],
    [ascii("POST /api HTTP/1.1\r\n"), "an HTTP request (POST)"],
    [ascii("HEAD / HTTP/1.1\r\n"), "an HTTP request (HEAD)"],
    [ascii("OPTIONS * HTTP/1.1\r\n"), "an HTTP request (OPTIONS)"],
    [hexToBytes("1603010200010001fc0303"), "a TLS handshake"],
  ];
  for (const [bytes, text] of cases) {
    for (const [, chunk] of CHUNKINGS) {
      const server = acceptTransport({ random });
      const parts = chunk(bytes);
      const error = assertThrows(() => parts.forEach((part) => server.receive(part)), FramingError);
      assertStringIncludes(error.message, text);
      const again = assertThrows(() => server.receive(random(1)), FramingError);
      assertEquals(again.cause, error);
    }
  }
});

Deno.test("acceptTransport() refuses 64 bytes with an unknown protocol, and names it", () => {
  const bytes = concatBytes(Uint8Array.of(1), seededRandom(99)(63));
  const error = assertThrows(() => acceptTransport({ random }).receive(bytes), FramingError);
  assertStringIncludes(error.message, "expected efefefef, eeeeeeee or dddddddd");
});

Deno.test("acceptTransport() refuses a header of another secret, and tells to check it", () => {
  const client = obfuscated(abridged(), { random, secret: random(16) });
  const server = acceptTransport({ random, secret: SECRET });
  const error = assertThrows(() => server.receive(client.start()), FramingError);
  assertStringIncludes(error.message, "Check that both sides have the same secret.");
});

Deno.test("acceptTransport() refuses a full packet with an impossible length", () => {
  const error = assertThrows(
    () => acceptTransport({ random }).receive(hexToBytes("ffffff00" + "00000000")),
    FramingError,
  );
  assertStringIncludes(error.message, "Cannot receive a packet");
});

/** Feeds hostile bytes. They must give packets, a wait or a `FramingError`. */
function feed(server: ServerTransport, chunks: Uint8Array[]): "waits" | "refuses" {
  try {
    for (const chunk of chunks) server.receive(chunk);
    return "waits";
  } catch (error) {
    assert(error instanceof FramingError, `${error}`);
    assertStringIncludes(error.message, "Cannot ");
    assertStringIncludes(error.message, "expected ");
    return "refuses";
  }
}

const INPUTS = runs(800, 10_000);
const STREAMS = runs(200, 2_000);

Deno.test(`acceptTransport() refuses ${INPUTS} random inputs, or waits`, () => {
  const bytes = seededRandom(2024);
  const tags = ["", "ef", "eeeeeeee", "dddddddd", "1000000000000000"].map(hexToBytes);
  let refused = 0;
  for (let count = 0; count < INPUTS; count++) {
    const [tag, length] = bytes(2);
    const input = concatBytes(tags[tag % tags.length], bytes(length));
    const [, chunk] = CHUNKINGS[count % CHUNKINGS.length];
    if (feed(acceptTransport({ random }), chunk(input)) === "refuses") refused++;
  }
  // Most are refused. The others claimed more bytes than they sent.
  assert(refused > INPUTS / 2, `${refused} of ${INPUTS} were refused`);
});

Deno.test(`acceptTransport() survives ${STREAMS} damaged streams of real clients`, () => {
  const bytes = seededRandom(4048);
  for (let count = 0; count < STREAMS; count++) {
    const makers = [
      ...PLAIN.map(([, make]) => make),
      () => obfuscated(abridged(), { random: bytes }),
      () => obfuscated(paddedIntermediate(bytes), { random: bytes }),
    ];
    const client = makers[count % makers.length]();
    const stream = concatBytes(client.start(), client.pack(bytes(40)), client.pack(bytes(600)));
    const [place, bit] = [new DataView(bytes(4).buffer).getUint32(0), bytes(1)[0]];
    stream[place % stream.length] ^= 1 << (bit & 7);
    const [, chunk] = CHUNKINGS[count % CHUNKINGS.length];
    feed(acceptTransport({ random }), chunk(stream));
  }
});
