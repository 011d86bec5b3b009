/**
 * Fake TLS, both sides together and each alone with hostile bytes, in chunks of every size.
 * node:crypto computes the proofs a second time; tests/interop has clients and proxies by others.
 */
import { createHmac } from "node:crypto";
import { bytesToHex, concatBytes, equalBytes, hexToBytes } from "../../../src/crypto/mod.ts";
import { FramingError } from "../../../src/transport/mod.ts";
import {
  FakeTlsClient,
  FakeTlsServer,
  type FakeTlsServerOptions,
  HELLO_PROFILES,
  ProxySecret,
  UnprovenAnswerError,
} from "../../../src/transport/mtproxy/mod.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../helpers/assert.ts";
import { runs } from "../../helpers/long.ts";
import { pick, seededRandom } from "../../helpers/seeded_random.ts";
import { CHUNKINGS } from "../chunkings.ts";

const NOW = 1_800_000_000;
const KEY = hexToBytes("5e".repeat(16));
const SECRET = new ProxySecret(KEY, "tls", "example.org");
const NOTHING = new Uint8Array(0);

function client(seed = 1, now = NOW): FakeTlsClient {
  const profile = HELLO_PROFILES[seed % 3];
  return new FakeTlsClient({ secret: SECRET, random: seededRandom(seed), now, profile });
}

function server(options: Partial<FakeTlsServerOptions> = {}): FakeTlsServer {
  const random = seededRandom(77);
  return new FakeTlsServer({
    secret: SECRET,
    random,
    behind: 60,
    ahead: 30,
    wasSeen: () => false,
    ...options,
  });
}

/** The answer of a server to a ClientHello. */
function answerTo(hello: Uint8Array, options: Partial<FakeTlsServerOptions> = {}): Uint8Array {
  return server(options).receive(hello, NOW).answer ?? NOTHING;
}

/** A client and a server after their greetings. */
function opened(seed = 1): readonly [FakeTlsClient, FakeTlsServer] {
  const [one, other] = [client(seed), server()];
  one.receive(other.receive(one.start(), NOW).answer ?? NOTHING);
  assert(one.isOpen);
  return [one, other];
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

function hmac(...parts: Uint8Array[]): Uint8Array {
  const hash = createHmac("sha256", KEY);
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

for (const [name, chunk] of CHUNKINGS) {
  Deno.test(`FakeTlsClient and FakeTlsServer pass a stream on, fed ${name}`, () => {
    for (const seed of [1, 2, 3]) {
      const [one, other] = [client(seed), server()];
      const random = seededRandom(seed);
      let toClient: Uint8Array = NOTHING;
      for (const part of chunk(one.start())) {
        toClient = concatBytes(toClient, other.receive(part, NOW).answer ?? NOTHING);
      }
      for (const part of chunk(toClient)) assertEquals(one.receive(part), NOTHING);
      assert(one.isOpen);
      for (const length of [64, 1, 16_401, 16_402, 40_000]) {
        const sent = random(length);
        const there = chunk(one.pack(sent)).map((part) => other.receive(part, NOW).data);
        assert(equalBytes(concatBytes(...there), sent));
        const back = chunk(other.pack(sent)).map((part) => one.receive(part));
        assert(equalBytes(concatBytes(...back), sent));
      }
    }
  });
}

Deno.test("FakeTlsClient proves the secret and the time as node:crypto computes it", () => {
  for (const seed of [1, 2, 3]) {
    const hello = client(seed).start();
    const expected = hmac(hello.slice().fill(0, 11, 43));
    const view = new DataView(expected.buffer);
    view.setUint32(28, view.getUint32(28, true) ^ NOW, true);
    assertEquals(bytesToHex(hello.subarray(11, 43)), bytesToHex(expected));
  }
});

Deno.test("FakeTlsServer answers with the three records of TLS 1.3 and its proof", () => {
  const hello = client(1).start();
  const answer = answerTo(hello);
  assertEquals(bytesToHex(answer.subarray(0, 11)), "160303007a020000760303");
  assertEquals(answer.subarray(43, 76), hello.subarray(43, 76), "the session id");
  // Firefox's first cipher suite; supported_versions 1.3; a key share for X25519.
  assertEquals(
    bytesToHex(answer.subarray(76, 95)),
    "13010000" + "2e002b00020304" + "00330024001d0020",
  );
  assertEquals(bytesToHex(answer.subarray(127, 136)), "140303000101170303");
  const length = answer[136] << 8 | answer[137];
  assertEquals(answer.length, 138 + length);
  assert(length >= 2048 && length < 4096);
  const expected = hmac(hello.subarray(11, 43), answer.slice().fill(0, 11, 43));
  assertEquals(bytesToHex(answer.subarray(11, 43)), bytesToHex(expected));
});

Deno.test("FakeTlsServer chooses the first cipher suite that is not GREASE", () => {
  const cipher = (seed: number): string =>
    bytesToHex(answerTo(client(seed).start()).subarray(76, 78));
  assertEquals([cipher(3), cipher(4), cipher(5)], ["1301", "1301", "1302"]);
});

Deno.test("FakeTlsClient sends a record 14 once, before its first bytes", () => {
  const [one] = opened();
  assertEquals(one.pack(NOTHING), NOTHING);
  assertEquals(bytesToHex(one.pack(Uint8Array.of(1, 2))), "140303000101" + "17030300020102");
  assertEquals(bytesToHex(one.pack(Uint8Array.of(3))), "170303000103");
});

Deno.test("records that are sent are as long as a browser's, 2^14 bytes and 17", () => {
  const [one] = opened();
  one.pack(Uint8Array.of(1));
  const sent = one.pack(new Uint8Array(40_000));
  const lengths: number[] = [];
  for (let at = 0; at < sent.length; at += 5 + lengths[lengths.length - 1]) {
    lengths.push(sent[at + 3] << 8 | sent[at + 4]);
  }
  assertEquals(lengths, [16_401, 16_401, 7198]);
});

Deno.test("FakeTlsClient accepts empty records, and any split of what it receives", () => {
  const sent = concatBytes(
    hexToBytes("1703030000" + "17030300020102" + "1703030000" + "170303000103"),
  );
  for (let cut = 0; cut <= sent.length; cut++) {
    const [one] = opened();
    const received = [sent.subarray(0, cut), sent.subarray(cut)].map((part) => one.receive(part));
    assertEquals(bytesToHex(concatBytes(...received)), "010203");
  }
});

Deno.test("FakeTlsClient returns bytes that come with the answer", () => {
  const one = client();
  const answer = answerTo(one.start());
  assertEquals(one.receive(concatBytes(answer, hexToBytes("170303000109"))), Uint8Array.of(9));
});

Deno.test("FakeTlsClient accepts an answer whose records have other lengths", () => {
  const one = client();
  const digest = one.start().subarray(11, 43);
  const answer = concatBytes(
    hexToBytes("1603030026" + "02000022" + "0303" + "00".repeat(32)),
    hexToBytes("140303000101" + "1703030001" + "77"),
  );
  answer.set(hmac(digest, answer), 11);
  assertEquals(one.receive(answer), NOTHING);
  assert(one.isOpen);
});

Deno.test("FakeTlsClient refuses every answer of which one bit is wrong", () => {
  const hello = client().start();
  const answer = answerTo(hello);
  // Not all of the random ones: each client makes keys.
  const places = [
    ...Array(12).keys(),
    42,
    43,
    75,
    76,
    94,
    126,
    ...range(127, 140),
    answer.length - 1,
  ];
  for (const place of places) {
    const one = client();
    assertEquals(one.start(), hello);
    const wrong = answer.slice();
    wrong[place] ^= 1 << place % 8;
    let error: unknown;
    try {
      one.receive(wrong);
      // A length that is too long: the rest is waited for.
    } catch (caught) {
      error = caught;
    }
    assert(!one.isOpen, `byte ${place}`);
    assert(error === undefined || error instanceof UnprovenAnswerError, `byte ${place}`);
    assert(error !== undefined || [3, 4, 136, 137].includes(place), `byte ${place}`);
  }
});

Deno.test("FakeTlsClient refuses an alert, an HTTP answer, and the answer to another hello", () => {
  const other = answerTo(client(4).start());
  for (const bytes of [hexToBytes("15030300020228"), new TextEncoder().encode("HTTP/1.1"), other]) {
    const one = client();
    one.start();
    assertThrows(() => one.receive(bytes), UnprovenAnswerError);
    // Not even the right answer changes this.
    assertThrows(() => one.receive(answerTo(client().start())), UnprovenAnswerError);
    assert(!one.isOpen);
    assertThrows(() => one.pack(Uint8Array.of(1)), TypeError);
  }
});

Deno.test("FakeTlsClient refuses the answer of a server with another secret", () => {
  const one = client();
  const secret = new ProxySecret(hexToBytes("11".repeat(16)), "tls", "example.org");
  const two = new FakeTlsClient({ secret, random: seededRandom(1), now: NOW });
  const wrong = answerTo(two.start(), { secret });
  one.start();
  const error = assertThrows(() => one.receive(wrong), UnprovenAnswerError);
  assertStringIncludes(error.message, "it lacks the proof of the secret");
});

Deno.test("records of other types, and too long ones, are an error after the greeting", () => {
  for (
    const bytes of ["14030300", "150303", "16", "1803", "1702000000", "1703040000", "170303ffff"]
  ) {
    const [one, other] = opened();
    const error = assertThrows(() => one.receive(hexToBytes(bytes)), FramingError);
    assertStringIncludes(error.message, "Cannot accept a record of TLS");
    if (bytes !== "14030300") {
      assertThrows(() => other.receive(hexToBytes(bytes), NOW), FramingError);
    }
  }
});

Deno.test("FakeTlsServer accepts a time within its bounds only", () => {
  const accepts = (seconds: number): boolean => {
    try {
      return answerTo(client(1, NOW + seconds).start()).length > 0;
    } catch (error) {
      assertStringIncludes((error as Error).message, `its time is wrong by ${seconds} s`);
      return false;
    }
  };
  assertEquals([-61, -60, 30, 31].map(accepts), [false, true, true, false]);
});

Deno.test("FakeTlsServer refuses a ClientHello that it has seen, and one of another secret", () => {
  const hello = client().start();
  const seen = new Set<string>();
  const wasSeen = (digest: Uint8Array): boolean => {
    const was = seen.has(bytesToHex(digest));
    seen.add(bytesToHex(digest));
    return was;
  };
  assert(answerTo(hello, { wasSeen }).length > 0);
  assertThrows(() => answerTo(hello, { wasSeen }), FramingError, "it was sent before");
  const secret = new ProxySecret(hexToBytes("11".repeat(16)), "tls", "example.org");
  assertThrows(
    () => answerTo(client(2).start(), { secret, wasSeen }),
    FramingError,
    "its client does not know the secret",
  );
  assertEquals(seen.size, 1, "what is not proven is not remembered");
});

/** A ClientHello with a domain, padded to a length with an extension 21. */
function longHello(length: number): Uint8Array {
  const hello = client(2).start();
  const added = length - hello.length;
  const padded = concatBytes(hello, new Uint8Array(added));
  const view = new DataView(padded.buffer);
  view.setUint16(hello.length, 21);
  view.setUint16(hello.length + 2, added - 4);
  for (const at of [3, 7]) view.setUint16(at, view.getUint16(at) + added);
  const extensions = 44 + 32 + 2 + view.getUint16(76) + 2;
  view.setUint16(extensions, view.getUint16(extensions) + added);
  const digest = hmac(padded.fill(0, 11, 43));
  const last = new DataView(digest.buffer);
  last.setUint32(28, last.getUint32(28, true) ^ NOW, true);
  padded.set(digest, 11);
  return padded;
}

Deno.test("FakeTlsServer accepts a ClientHello of any length up to 2^14", () => {
  for (const length of [4000, 8191, 16_389]) {
    assert(answerTo(longHello(length)).length > 0, String(length));
  }
  assertThrows(() => answerTo(longHello(16_390)), FramingError, "it has 16385 bytes");
});

Deno.test("FakeTlsServer accepts a ClientHello that is cut into several records", () => {
  const hello = client(1).start();
  for (const sizes of [[1], [3, 700], [100, 100, 100], [hello.length - 6]]) {
    const records: Uint8Array[] = [];
    let at = 5;
    for (const size of [...sizes, hello.length]) {
      const body = hello.subarray(at, at + size);
      records.push(
        concatBytes(hexToBytes("160301"), Uint8Array.of(body.length >> 8, body.length & 255)),
        body,
      );
      at += body.length;
    }
    assert(answerTo(concatBytes(...records)).length > 0);
  }
});

Deno.test("FakeTlsServer refuses what is no ClientHello, before it is whole where it can", () => {
  for (
    const bytes of [
      "474554202f",
      "efefefef",
      "16040100",
      "16030100" + "01" + "02",
      "1603010000",
      "16030100" + "04" + "01ffffff",
      "16030100" + "05" + "0100000000",
      "16030100" + "04" + "01000000",
      "1703030000",
    ]
  ) {
    const one = server();
    assertThrows(() => {
      one.receive(hexToBytes(bytes), NOW);
      one.receive(hexToBytes("00".repeat(8)), NOW);
    }, FramingError);
  }
  const many = concatBytes(
    hexToBytes("160301000401000080"),
    ...Array.from({ length: 64 }, () => hexToBytes("160301000101")),
  );
  assertThrows(() => server().receive(many, NOW), FramingError, "too many records");
});

const HELLOS = [1, 2, 3].map((seed) => client(seed).start());

Deno.test("hostile bytes end in one of the errors, on both sides", () => {
  const random = seededRandom(99);
  for (let run = 0; run < runs(100, 20_000); run++) {
    const seed = run % 3 + 1;
    const hello = HELLOS[seed - 1];
    const answer = run % 10 === 0 ? answerTo(hello) : NOTHING;
    for (
      const [original, receive] of [
        [hello, (bytes: Uint8Array) => server().receive(bytes, NOW)],
        [answer, (bytes: Uint8Array) => {
          const one = client(seed);
          one.start();
          one.receive(bytes);
        }],
      ] as const
    ) {
      if (original.length === 0) continue;
      const bytes = original.slice(
        0,
        pick(random, 3) === 0 ? pick(random, original.length) : undefined,
      );
      for (let change = pick(random, 4); change >= 0; change--) {
        if (bytes.length > 0) bytes[pick(random, Math.min(bytes.length, 200))] = random(1)[0];
      }
      try {
        receive(bytes);
      } catch (error) {
        const isKnown = error instanceof FramingError || error instanceof UnprovenAnswerError;
        if (!isKnown) throw error;
      }
    }
  }
});
