/**
 * Both halves of an MTProxy with bytes that an enemy has cut, changed and split: each stream ends
 * in success or in one typed error, whatever its chunks are, and little waits to become whole.
 */
import fc from "fast-check";
import { concatBytes, hexToBytes } from "../../../src/crypto/mod.ts";
import {
  FramingError,
  obfuscated,
  paddedIntermediate,
  type Transport,
} from "../../../src/transport/mod.ts";
import {
  FakeTlsClient,
  FakeTlsServer,
  HELLO_PROFILES,
  ProxiedStream,
  ProxySecret,
  UnprovenAnswerError,
} from "../../../src/transport/mtproxy/mod.ts";
import { tlsRecord } from "../../../src/transport/mtproxy/records.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { runs } from "../../helpers/long.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";

const SEED = 20261128;
const NOW = 1_800_000_000;
const SECRET = new ProxySecret(hexToBytes("5e".repeat(16)), "tls", "example.org");
const DATA = 0x17;
const HANDSHAKE = 0x16;
/** The most bytes that may wait: the records of an answer, or of a ClientHello, are not longer. */
const MOST_WAITING = 3 * 17_000;

/** In the long tests, a stream is cut at every byte. */
const STRIDE = runs(37, 1);

/** What takes the bytes of the other side. */
type Receive = (chunk: Uint8Array) => Uint8Array;

function tlsClient(): FakeTlsClient {
  const [profile] = HELLO_PROFILES;
  return new FakeTlsClient({ secret: SECRET, random: seededRandom(1), now: NOW, profile });
}

function tlsServer(): FakeTlsServer {
  const random = seededRandom(2);
  const rules = { behind: 3, ahead: 3, wasSeen: () => false };
  return new FakeTlsServer({ secret: SECRET, random, ...rules });
}

function header(): Uint8Array {
  const random = seededRandom(3);
  const options = { random, dcId: -2, secret: SECRET.key };
  const transport: Transport = obfuscated(paddedIntermediate(random), options);
  return concatBytes(transport.start(), transport.pack(random(64)));
}

const HELLO = tlsClient().start();
const ANSWER = tlsServer().receive(HELLO, NOW).answer ?? new Uint8Array(0);
const RECORDS = concatBytes(
  Uint8Array.of(0x14, 3, 3, 0, 1, 1),
  ...[1, 0, 300].map((length) => tlsRecord(DATA, seededRandom(4)(length))),
);

/** The halves, each with a stream that it accepts. The greeting of a half is part of its stream. */
const HALVES: Readonly<Record<string, readonly [good: Uint8Array, open: () => Receive]>> = {
  "a client of fake TLS": [concatBytes(ANSWER, RECORDS.subarray(6)), () => {
    const one = tlsClient();
    one.start();
    return (chunk) => one.receive(chunk);
  }],
  "a server of fake TLS": [concatBytes(HELLO, RECORDS), () => {
    const one = tlsServer();
    return (chunk) => one.receive(chunk, NOW).data;
  }],
  "a proxy behind the obfuscation": [header(), () => {
    const one = new ProxiedStream(SECRET, () => false);
    return (chunk) => one.receive(chunk);
  }],
};

/** The end of a stream: the bytes inside, or the name of the error. */
function endOf(receive: Receive, chunks: readonly Uint8Array[]): Uint8Array | string {
  const inside: Uint8Array[] = [];
  try {
    for (const chunk of chunks) inside.push(receive(chunk).slice());
  } catch (error) {
    assert(error instanceof FramingError || error instanceof UnprovenAnswerError, `${error}`);
    return error.name;
  }
  return concatBytes(...inside);
}

function splitAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length];
  const sorted = cuts.sort((one, other) => one - other);
  return sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end));
}

/** Changes of a stream: bytes that are replaced, mostly near its beginning, and where it ends. */
const CHANGES = fc.record({
  replaced: fc.array(
    fc.tuple(fc.oneof(fc.nat(90), fc.nat(6000)), fc.integer({ min: 0, max: 255 })),
    { maxLength: 4 },
  ),
  end: fc.oneof(fc.constant(Infinity), fc.nat(6000)),
  more: fc.uint8Array({ maxLength: 40 }),
  places: fc.array(fc.nat(6000), { maxLength: 8 }),
});

for (const [half, [good, open]] of Object.entries(HALVES)) {
  Deno.test(`hostile bytes end ${half} by one typed error, however they are split`, () => {
    fc.assert(
      fc.property(CHANGES, ({ replaced, end, more, places }) => {
        const bytes = concatBytes(good.subarray(0, Math.min(end, good.length)), more);
        for (const [at, value] of replaced) if (at < bytes.length) bytes[at] = value;
        const whole = endOf(open(), [bytes]);
        assertEquals(endOf(open(), splitAt(bytes, places)), whole);
        assertEquals(endOf(open(), splitAt(bytes, [...bytes.keys()])), whole);
        if (typeof whole !== "string") return;
        const receive = open();
        endOf(receive, [bytes]);
        assertEquals(endOf(receive, [good]), whole, "it has ended, and stays so");
      }),
      { seed: SEED, numRuns: runs(15, 1000) },
    );
  });

  Deno.test(`${half} takes its stream in two parts, wherever it is cut`, () => {
    const whole = endOf(open(), [good]);
    assert(typeof whole !== "string" && whole.length > 0);
    for (let at = 0; at < good.length; at += STRIDE) {
      assertEquals(endOf(open(), splitAt(good, [at])), whole);
    }
  });
}

Deno.test("fake TLS holds no more than a greeting, whatever follows without an end", () => {
  const bodies = fc.record({
    type: fc.constantFrom(HANDSHAKE, 0x14, DATA),
    length: fc.oneof(fc.nat(40), fc.nat(16_384)),
    first: fc.constantFrom(1, 2, 0xff),
  });
  fc.assert(
    fc.property(fc.array(bodies, { minLength: 1, maxLength: 4 }), (records) => {
      for (const half of ["a client of fake TLS", "a server of fake TLS"]) {
        const receive = HALVES[half][1]();
        let isOver = false;
        for (let turn = 0, length = 0; !isOver; turn++) {
          const { type, length: size, first } = records[turn % records.length];
          const record = tlsRecord(type, new Uint8Array(size).fill(first));
          isOver = typeof endOf(receive, [record]) === "string";
          length += record.length;
          assert(length <= MOST_WAITING, `${half} has taken ${length} bytes without an answer`);
        }
      }
    }),
    { seed: SEED, numRuns: runs(40, 3000) },
  );
});
