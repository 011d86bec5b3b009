/**
 * DcServer against other and hostile clients: raw bytes over a pipe, in any chunks. Whatever one
 * client sends, the data center keeps running and serves the others.
 */
import { concatBytes, encryptMessage } from "../../src/crypto/mod.ts";
import {
  AuthKey,
  ClientSession,
  exchangeKeys,
  MsgIds,
  packPlainMessage,
  SecurityError,
  unpackPlainMessage,
} from "../../src/mtproto/mod.ts";
import { byteByByte, type ByteStream, pipe, randomChunks } from "../../src/net/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { mtprotoSchema, TlError, type TlObject } from "../../src/tl/mod.ts";
import {
  abridged,
  FramingError,
  full,
  intermediate,
  obfuscated,
  paddedIntermediate,
  type Transport,
  TransportError,
} from "../../src/transport/mod.ts";
import { assert, assertEquals, assertInstanceOf } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { Harness, NEAREST_DC } from "../helpers/connection_harness.ts";

function serve(failures: unknown[] = []): OfflineTelegram {
  return new OfflineTelegram({
    clock: new FakeClock(),
    random: seededRandom(1),
    onFailure: (error) => failures.push(error),
  });
}

function connect(
  telegram: OfflineTelegram,
  chunk?: (bytes: Uint8Array) => Uint8Array[],
): ByteStream {
  const [client, server] = pipe({ chunk });
  void telegram.dc().serve(server);
  return client;
}

/** Reads all bytes until the server closes. */
async function rest(stream: ByteStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk; (chunk = await stream.read()) !== undefined;) chunks.push(chunk);
  return concatBytes(...chunks);
}

/** A client with a key, which sends packets one by one. */
async function begin(
  telegram: OfflineTelegram,
  clock: FakeClock,
  expiresIn?: number,
): Promise<{ session: ClientSession; ask: (packet: Uint8Array) => Promise<Uint8Array> }> {
  const stream = connect(telegram);
  const transport = abridged();
  const exchange = exchangeKeys({
    keys: telegram.keys,
    dcId: 2,
    random: seededRandom(7),
    expiresIn,
  });
  await stream.write(transport.start());
  const ask = async (packet: Uint8Array): Promise<Uint8Array> => {
    await stream.write(transport.pack(packet));
    const bytes = await stream.read();
    assert(bytes !== undefined);
    return transport.receive(bytes)[0].payload;
  };
  let step = exchange.next();
  while (!step.done) {
    const answer = await ask(packPlainMessage({ msgId: 4n, body: step.value }));
    step = exchange.next({ body: unpackPlainMessage(answer).body, now: clock.now() });
  }
  const random = seededRandom(8);
  return { session: new ClientSession({ ...step.value, random, synchronized: true }), ask };
}

function reqPq(): Uint8Array {
  const body = mtprotoSchema().encode({ _: "req_pq_multi", nonce: new Uint8Array(16).fill(7) });
  return packPlainMessage({ msgId: new MsgIds().next(0), body });
}

const random = seededRandom(2);
const TRANSPORTS: ReadonlyArray<readonly [string, () => Transport]> = [
  ["abridged", abridged],
  ["intermediate", intermediate],
  ["padded", () => paddedIntermediate(random)],
  ["full", full],
  ["obfuscated abridged", () => obfuscated(abridged(), { random })],
  ["obfuscated padded", () => obfuscated(paddedIntermediate(random), { random, dcId: 2 })],
];

for (const [name, make] of TRANSPORTS) {
  for (
    const [how, chunk] of [["one byte at a time", byteByByte], [
      "in random chunks",
      randomChunks(5),
    ]] as const
  ) {
    Deno.test(`DcServer answers req_pq_multi over ${name}, fed ${how}`, async () => {
      const telegram = serve();
      const transport = make();
      const stream = connect(telegram, chunk);
      const start = transport.start();
      await stream.write(concatBytes(start, transport.pack(reqPq())));
      let answer: Uint8Array | undefined;
      while (answer === undefined) {
        const bytes = await stream.read();
        assert(bytes !== undefined);
        answer = transport.receive(bytes)[0]?.payload;
      }
      const object = mtprotoSchema().decode(answer.subarray(20), "Object", { allowTrailing: true });
      assertEquals((object as TlObject)._, "resPQ");
      stream.close();
      await telegram.close();
    });
  }
}

Deno.test("DcServer answers a message under an unknown key with -404, and hangs up", async () => {
  const failures: unknown[] = [];
  const telegram = serve(failures);
  const stream = connect(telegram);
  const transport = abridged();
  const key = new AuthKey(new Uint8Array(256).fill(3));
  const packet = encryptMessage(key.bytes, new Uint8Array(64), "client");
  await stream.write(concatBytes(transport.start(), transport.pack(packet)));
  const bytes = await rest(stream);
  try {
    transport.receive(bytes);
    throw new Error("it was no error");
  } catch (error) {
    assertInstanceOf(error, TransportError);
    assertEquals(error.code, -404);
  }
  assertInstanceOf(failures[0], SecurityError);
  assertEquals(telegram.dc().connectionCount, 0);
});

Deno.test("DcServer answers a step out of turn, and an unknown one, with -404", async () => {
  const nonces = { nonce: new Uint8Array(16), serverNonce: new Uint8Array(16) };
  for (
    const object of [
      { _: "set_client_DH_params", ...nonces, encryptedData: new Uint8Array(0) },
      { _: "ping", pingId: 1n },
    ]
  ) {
    const telegram = serve();
    const stream = connect(telegram);
    const transport = intermediate();
    const body = mtprotoSchema().encode(object);
    await stream.write(
      concatBytes(transport.start(), transport.pack(packPlainMessage({ msgId: 4n, body }))),
    );
    const bytes = await rest(stream);
    assertEquals(new DataView(bytes.buffer, bytes.byteOffset).getInt32(4, true), -404);
  }
});

const CONNECTIONS = runs(100, 3_000);

Deno.test("DcServer outlives random and mutated bytes, with errors of the protocol", async () => {
  const failures: unknown[] = [];
  const telegram = serve(failures);
  const random = seededRandom(3);
  const transports = TRANSPORTS.map(([, make]) => make);
  const streams: ByteStream[] = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const stream = connect(telegram, i % 7 === 0 ? randomChunks(i) : undefined);
    streams.push(stream);
    const transport = transports[i % transports.length]();
    let bytes = random(pick(random, 200));
    if (i % 2 === 0) {
      bytes = concatBytes(transport.start(), transport.pack(reqPq()), transport.pack(reqPq()));
      for (let times = pick(random, 6); times > 0; times--) {
        bytes[pick(random, bytes.length)] = random(1)[0];
      }
    }
    await stream.write(bytes).catch(() => {});
    if (i % 100 === 0) await settled();
  }
  await settled();
  for (const stream of streams) stream.close();
  await settled();
  for (const error of failures) {
    const isKnown = [SecurityError, TlError, FramingError, TransportError].some((known) =>
      error instanceof known
    );
    assert(isKnown, error instanceof Error ? error.stack : String(error));
  }
  assert(failures.length > CONNECTIONS / 6, `${failures.length} failures`);
  assertEquals(telegram.dc().connectionCount, 0);
  const client = new Harness({ dial: () => Promise.resolve(connect(telegram)) });
  const { _: answer } = await client.call() as TlObject;
  assertEquals(answer, "nearestDc");
  await client.connection.close();
});

const ROUNDS = runs(3, 100);

Deno.test("DcServer refuses mutated packets with -404, and serves later ones", async () => {
  const failures: unknown[] = [];
  const random = seededRandom(4);
  let damage = false;
  const harness = new Harness({
    telegram: { onFailure: (error) => failures.push(error) },
    dial: () => {
      const [client, server] = pipe();
      void harness.telegram.dc().serve(server);
      return Promise.resolve({
        read: () => client.read(),
        close: () => client.close(),
        write: (bytes: Uint8Array) => {
          if (!damage) return client.write(bytes);
          const broken = bytes.slice();
          const from = Math.min(6, broken.length - 1);
          broken[from + pick(random, broken.length - from)] ^= 1 + pick(random, 255);
          return client.write(broken);
        },
      });
    },
    connection: { connectionRetries: 0 },
  });
  await harness.call();
  for (let i = 0; i < ROUNDS; i++) {
    damage = true;
    const answer = harness.call().catch((error) => error);
    await harness.clock.advance(20_000);
    await answer;
    damage = false;
    const { _: name } = await harness.call() as TlObject;
    assertEquals(name, "nearestDc", `round ${i}`);
  }
  for (const error of failures) {
    const isKnown = [SecurityError, TlError, FramingError].some((known) => error instanceof known);
    assert(isKnown, String(error));
  }
  assert(failures.length > ROUNDS / 5);
  await harness.connection.close();
  await harness.telegram.close();
});

Deno.test("DcServer pushes updates to every session of a key, also a later one", async () => {
  const updates: TlObject[] = [];
  await using harness = new Harness({
    connection: { onUpdate: (update) => updates.push(update) },
  });
  await harness.call();
  const [{ authKeyId }] = harness.calls;
  harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
  await settled();
  assertEquals(updates.map(({ _ }) => _), ["updatesTooLong"]);
  harness.telegram.dc().push("another", { _: "updatesTooLong" });
  await settled();
  assertEquals(updates.length, 1);
});

Deno.test("DcServer keeps the sessions of two clients of one key apart", async () => {
  await using first = new Harness();
  await first.call();
  const second = new Harness({
    dial: () => first.open(),
    keyState: first.key.state,
    seed: 99,
  });
  await Promise.all([first.call(), second.call(), first.call(NEAREST_DC), second.call()]);
  assertEquals(new Set(first.calls.map(({ sessionId }) => sessionId)).size, 2);
  assertEquals(new Set(first.calls.map(({ authKeyId }) => authKeyId)).size, 1);
  assertEquals(first.telegram.dc().connectionCount, 2);
  await second.connection.close();
});

Deno.test("DcServer hangs up on a client that is silent after ping_delay_disconnect", async () => {
  const clock = new FakeClock();
  await using telegram = new OfflineTelegram({ clock, random: seededRandom(6) });
  const { session, ask } = await begin(telegram, clock);
  for (const delay of [100, 200]) {
    session.ping(delay);
    const [ping] = session.flush(clock.now());
    await ask(ping);
    await clock.advance(50_000);
  }
  await clock.advance(149_999);
  assertEquals(telegram.dc().connectionCount, 1);
  await clock.advance(1);
  assertEquals([telegram.dc().connectionCount, clock.sleepers], [0, 0]);
});

Deno.test("DcServer hangs up on a client that sends nothing for idleTimeout seconds", async () => {
  const clock = new FakeClock();
  await using telegram = new OfflineTelegram({
    clock,
    random: seededRandom(6),
    idleTimeout: 60,
  });
  const { session, ask } = await begin(telegram, clock);
  for (let times = 0; times < 3; times++) {
    session.ping();
    const [ping] = session.flush(clock.now());
    await ask(ping);
    await clock.advance(59_999);
    assertEquals(telegram.dc().connectionCount, 1);
  }
  await clock.advance(1);
  assertEquals([telegram.dc().connectionCount, clock.sleepers], [0, 0]);
});

Deno.test("DcServer accepts a new key from a client whose key it forgot", async () => {
  await using harness = new Harness();
  await harness.call();
  for (let times = 1; times <= 3; times++) {
    await harness.clock.advance(61_000); // a younger key is tried again
    harness.telegram.dc().forgetKeys();
    const answer = harness.call();
    await harness.clock.advance(5000);
    assertEquals((await answer as TlObject)._, "nearestDc");
    assertEquals(new Set(harness.calls.map(({ authKeyId }) => authKeyId)).size, times + 1);
  }
});

Deno.test("DcServer accepts a temporary key until it expires", async () => {
  const clock = new FakeClock();
  const telegram = new OfflineTelegram({ clock, random: seededRandom(6) });
  const { session, ask } = await begin(telegram, clock, 3600);
  session.ping();
  const [ping] = session.flush(clock.now());
  const [event] = session.receive(await ask(ping), clock.now()).filter(({ type }) =>
    type === "pong"
  );
  assertEquals(event?.type, "pong");
  await clock.advance(3_600_000);
  session.ping();
  const [late] = session.flush(clock.now());
  const error = await ask(late).catch((error) => error);
  assertInstanceOf(error, TransportError);
  assertEquals(error.code, -404);
  await telegram.close();
});
