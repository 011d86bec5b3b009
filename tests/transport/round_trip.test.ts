/**
 * Packed packets arrive, in both directions and in any chunks.
 */
import fc from "fast-check";
import { concatBytes } from "../../src/crypto/mod.ts";
import {
  abridged,
  acceptTransport,
  full,
  intermediate,
  MAX_PACKET_LENGTH,
  obfuscated,
  paddedIntermediate,
  type Transport,
} from "../../src/transport/mod.ts";
import { byteByByte, randomChunks } from "../../src/net/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { longTest, runs } from "../helpers/long.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { CHUNKINGS } from "./chunkings.ts";

const random = seededRandom(1);
const secret = seededRandom(2)(16);

interface Case {
  readonly name: string;
  readonly secret?: Uint8Array;
  readonly padded?: boolean;
  client(): Transport;
}

const CASES: Case[] = [
  { name: "abridged", client: () => abridged() },
  { name: "intermediate", client: () => intermediate() },
  { name: "padded", padded: true, client: () => paddedIntermediate(random) },
  { name: "full", client: () => full() },
  { name: "obfuscated abridged", client: () => obfuscated(abridged(), { random }) },
  { name: "obfuscated intermediate", client: () => obfuscated(intermediate(), { random }) },
  {
    name: "obfuscated padded with a secret",
    padded: true,
    secret,
    client: () => obfuscated(paddedIntermediate(random), { random, secret, dcId: 2 }),
  },
];

/** Payloads like MTProto's: multiples of 4 bytes, at least as long as a plain message. */
const payloads = fc.array(
  fc.tuple(fc.integer({ min: 5, max: 600 }), fc.integer({ min: 1 }), fc.boolean()).map(
    ([words, seed, quickAck]) => ({ payload: seededRandom(seed)(words * 4), quickAck }),
  ),
  { minLength: 1, maxLength: 6 },
);

for (const one of CASES) {
  Deno.test(`${one.name}: any packets arrive unchanged in any chunks, in both directions`, () => {
    fc.assert(
      fc.property(payloads, payloads, fc.integer(), (requests, answers, seed) => {
        const client = one.client();
        const server = acceptTransport({ random, secret: one.secret });
        const chunk = randomChunks(seed, 1 + Math.abs(seed) % 700);

        const quickAcks = one.name !== "full";
        const up = concatBytes(
          client.start(),
          ...requests.map(({ payload, quickAck }) =>
            client.pack(payload, { quickAck: quickAck && quickAcks })
          ),
        );
        const received = chunk(up).flatMap((part) => server.receive(part));
        assertEquals(
          received.map((packet) => packet.quickAck),
          requests.map(({ quickAck }) => quickAck && quickAcks),
        );
        compare(received.map((packet) => packet.payload), requests, one.padded ? 15 : 0);

        const down = concatBytes(...answers.map(({ payload }) => server.pack(payload)));
        const answered = chunk(down).flatMap((part) => client.receive(part));
        assert(answered.every((packet) => !packet.quickAck));
        compare(answered.map((packet) => packet.payload), answers, one.padded ? 3 : 0);
      }),
      { seed: 42, numRuns: runs(20, 100) },
    );
  });

  for (const [chunking, chunk] of CHUNKINGS) {
    Deno.test(`${one.name}: a conversation arrives whole, received ${chunking}`, () => {
      const client = one.client();
      const server = acceptTransport({ random, secret: one.secret });
      const sent = [5, 126, 127, 128, 300].map((words) => ({ payload: random(words * 4) }));
      const up = concatBytes(client.start(), ...sent.map(({ payload }) => client.pack(payload)));
      const received = chunk(up).flatMap((part) => server.receive(part));
      compare(received.map((packet) => packet.payload), sent, one.padded ? 15 : 0);
      const down = concatBytes(...sent.map(({ payload }) => server.pack(payload)));
      const answered = chunk(down).flatMap((part) => client.receive(part));
      compare(answered.map((packet) => packet.payload), sent, one.padded ? 3 : 0);
    });
  }

  longTest(
    `${one.name}: a packet of 1 MiB that comes byte by byte costs no more than its length`,
    () => {
      const client = one.client();
      const server = acceptTransport({ random, secret: one.secret });
      server.receive(client.start());
      const payload = new Uint8Array(1 << 20).fill(7);
      const parts = byteByByte(client.pack(payload));
      // Quadratic copying would move half a terabyte here and run for minutes; the runner would be
      // stopped.
      const received = parts.flatMap((part) => server.receive(part));
      assertEquals(received.length, 1);
      assertEquals(received[0].payload.slice(0, payload.length).every((byte) => byte === 7), true);
    },
  );
}

longTest("the longest packet passes, in chunks as a socket gives them", () => {
  for (const one of CASES) {
    const client = one.client();
    const server = acceptTransport({ random, secret: one.secret });
    server.receive(client.start());
    const payload = new Uint8Array(MAX_PACKET_LENGTH - (one.padded ? 16 : 0));
    const framed = client.pack(payload);
    let received = 0;
    for (let start = 0; start < framed.length; start += 65536) {
      received += server.receive(framed.subarray(start, start + 65536)).length;
    }
    assertEquals(received, 1);
  }
});

Deno.test("received packets are copies that later chunks do not change", () => {
  const client = abridged();
  const server = acceptTransport({ random });
  const framed = concatBytes(client.start(), client.pack(new Uint8Array(24).fill(1)));
  const [packet] = server.receive(framed);
  framed.fill(9);
  server.receive(client.pack(new Uint8Array(24).fill(2)));
  assertEquals(packet.payload, new Uint8Array(24).fill(1));
});

function compare(
  received: Uint8Array[],
  sent: { payload: Uint8Array }[],
  padding: number,
): void {
  assertEquals(received.length, sent.length);
  for (const [index, { payload }] of sent.entries()) {
    assertEquals(received[index].slice(0, payload.length), payload);
    assert(received[index].length - payload.length <= padding);
  }
}
