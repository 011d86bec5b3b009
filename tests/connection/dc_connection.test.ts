/**
 * DcConnection over lost, silent, late and hostile connections, with time by hand.
 */
import { AddressList, type DcKeyState, RpcError } from "../../src/connection/mod.ts";
import { concatBytes, encodeUtf8 } from "../../src/crypto/mod.ts";
import { SecurityError } from "../../src/mtproto/mod.ts";
import {
  byteByByte,
  type ByteStream,
  ConnectionError,
  pipe,
  randomChunks,
} from "../../src/net/mod.ts";
import { silentLogger } from "../../src/runtime/mod.ts";
import { TlError, type TlObject } from "../../src/tl/mod.ts";
import { abridged, TransportError } from "../../src/transport/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
} from "../helpers/assert.ts";
import { settled } from "../helpers/fake_clock.ts";
import {
  Harness,
  type HarnessOptions,
  NEAREST_DC,
  says,
  silence,
  unreachable,
} from "../helpers/connection_harness.ts";

/** A transport error as the abridged transport carries it. */
function transportError(code: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = 1;
  new DataView(bytes.buffer).setInt32(1, code, true);
  return bytes;
}

/** The error that a promise rejects with, whenever that is. */
function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then((value) => {
    throw new Error(`Cannot fail: it gave ${JSON.stringify(value)}`);
  }, (error) => error);
}

/** Asserts that the pauses between the attempts are these, in milliseconds, by 20 %. */
function assertPauses(dialled: readonly number[], expected: readonly number[]): void {
  const pauses = dialled.slice(1).map((time, index) => time - dialled[index]);
  const isRight = pauses.length === expected.length &&
    pauses.every((pause, index) => Math.abs(pause - expected[index]) <= expected[index] / 5);
  assert(isRight, `the pauses are ${pauses.join(", ")}, expected about ${expected.join(", ")}`);
}

/** Returns a harness whose kept connection was lost just now, as the network is gone. */
async function keptUntilLost(network: { isDown: boolean }): Promise<Harness> {
  const harness = new Harness({
    dial: () => network.isDown ? unreachable() : undefined,
    connection: { isKept: () => true },
  });
  await harness.call();
  await harness.clock.advance(5000);
  network.isDown = true;
  harness.cut();
  return harness;
}

async function assertNearestDc(answer: Promise<unknown>): Promise<void> {
  const { _: name } = await answer as TlObject;
  assertEquals(name, "nearestDc");
}

const CHUNKINGS: ReadonlyArray<readonly [string, HarnessOptions["chunk"]]> = [
  ["all at once", undefined],
  ["fed one byte at a time", byteByByte],
  ["fed in random chunks", randomChunks(3)],
  ["fed in large random chunks", randomChunks(4, 3000)],
];

for (const [how, chunk] of CHUNKINGS) {
  Deno.test(`a first call makes a key and is answered, ${how}`, async () => {
    const states: DcKeyState[] = [];
    await using harness = new Harness({
      chunk,
      onKeyState: (state) => states.push(state),
    });
    await assertNearestDc(harness.call());
    assertEquals(states.length, 1);
    assertEquals(harness.key.state?.authKey.idHex, states[0].authKey.idHex);
    assertEquals(harness.turns, 8, "three round trips for the key, one for the call");
    assert(harness.connection.connected);
  });

  Deno.test(`a restored key needs one round trip for its first call, ${how}`, async () => {
    await using first = new Harness({ chunk });
    await assertNearestDc(first.call());
    await first.connection.close();
    const keyState = first.key.state;
    first.packets.length = 0;
    const second = new Harness({
      chunk,
      dial: () => first.open(chunk),
      keyState,
    });
    await assertNearestDc(second.call());
    assertEquals(first.packets.map(({ direction }) => direction), ["in", "out"]);
    await second.connection.close();
  });

  Deno.test(`1,000 calls at once are answered, in few packets, ${how}`, async () => {
    await using harness = new Harness({ chunk });
    const answers = await Promise.all(Array.from({ length: 1000 }, () => harness.call()));
    assertEquals(answers.length, 1000);
    assertEquals(harness.calls.length, 1000);
    const encrypted = harness.packets.filter(({ plain }) => !plain);
    assert(encrypted.length < 20, `${encrypted.length} packets`);
  });

  Deno.test(`calls go on over a connection that is lost at every moment, ${how}`, async () => {
    await using harness = new Harness({ chunk });
    for (let i = 0; i < 10; i++) {
      const calls = [harness.call(), harness.call()];
      for (let turn = 0; turn < i; turn++) await Promise.resolve();
      harness.cut();
      await harness.clock.advance(10_000);
      for (const call of calls) await assertNearestDc(call);
    }
    assertEquals(harness.calls.length, 20, "none was carried out twice");
  });
}

Deno.test("after the last attempt each call fails with an error of its own", async () => {
  await using harness = new Harness({
    dial: unreachable,
    connection: { connectionRetries: 4 },
  });
  const failures = [failure(harness.call()), failure(harness.call())];
  const connected = failure(harness.connection.connect());
  await harness.clock.advance(59_000);
  assertPauses(harness.dialled, [1000, 2000, 4000, 8000]);
  const [error, other] = await Promise.all(failures);
  assertInstanceOf(error, ConnectionError);
  assertInstanceOf(other, ConnectionError);
  assert(error !== other, "each has an error of its own");
  assertStrictEquals(error.cause, other.cause);
  assertStrictEquals(error.cause, await connected);
  assertEquals(harness.clock.sleepers, 0);
});

Deno.test("a call that cannot get through for a minute says what was tried", async () => {
  await using harness = new Harness({ dial: unreachable });
  const first = failure(harness.call());
  await harness.clock.advance(30_000);
  const second = failure(harness.call());
  await harness.clock.advance(31_000);
  const error = await first;
  assertInstanceOf(error, ConnectionError);
  const text = error.message;
  assert(
    /^Cannot reach DC 2 for 60 s: [567] connections failed, the last one: Cannot connect: nobody/
      .test(text),
    text,
  );
  assertPauses(harness.dialled.slice(0, 5), [1000, 2000, 4000, 8000]);
  assert(harness.clock.sleepers > 0, "the second call still waits");
  await harness.clock.advance(31_000);
  assertInstanceOf(await second, ConnectionError);
  await harness.clock.advance(40_000);
  assertEquals(harness.clock.sleepers, 0, "nobody wants the connection any more");
  assertEquals(harness.connection.status.state, "closed");
});

Deno.test("a call that was made before the line came back is answered", async () => {
  await using harness = new Harness({ dial: (attempt) => attempt < 5 ? unreachable() : undefined });
  const answer = harness.call();
  await harness.clock.advance(59_000);
  await assertNearestDc(answer);
});

Deno.test("a kept connection is back soon after an hour without a network", async () => {
  const network = { isDown: false };
  await using harness = await keptUntilLost(network);
  await harness.clock.advance(3_600_000);
  network.isDown = false;
  assertEquals(harness.connection.status.state, "waiting");
  await harness.clock.advance(40_000);
  assertEquals(harness.connection.status.state, "connected");
});

Deno.test("a call that hangs is not told the reason of an earlier day", async () => {
  let isHanging = false;
  await using harness = new Harness({
    dial: () => isHanging ? new Promise<ByteStream>(() => {}) : unreachable(),
    connection: { timeout: 600_000 },
  });
  const first = assertRejects(() => harness.call(), ConnectionError, "nobody is there");
  await harness.clock.advance(61_000);
  await first;
  await harness.clock.advance(86_400_000);
  isHanging = true;
  const second = assertRejects(() => harness.call(), ConnectionError, "60 s: nothing answers");
  await harness.clock.advance(61_000);
  await second;
});

Deno.test("networkChanged() tries a lost connection, and tests an open one", async () => {
  const network = { isDown: false };
  await using harness = await keptUntilLost(network);
  await harness.clock.advance(3_600_000);
  network.isDown = false;
  harness.connection.networkChanged();
  await settled();
  assertEquals(harness.connection.status.state, "connected");
  await harness.clock.advance(5000);
  harness.onServerWrite = () => undefined;
  harness.dialled.length = 0;
  harness.connection.networkChanged();
  await harness.clock.advance(2900);
  assertEquals(harness.dialled.length, 0);
  await harness.clock.advance(200);
  assertEquals(harness.dialled.length, 1);
});

Deno.test("a network that changes again and again does not hide a dead connection", async () => {
  await using harness = new Harness({ connection: { isKept: () => true } });
  await harness.call();
  harness.onServerWrite = () => undefined;
  for (let turn = 0; turn < 4; turn++) {
    harness.connection.networkChanged();
    await harness.clock.advance(1000);
  }
  assertEquals(harness.dialled.length, 2);
});

Deno.test("a computer that wakes up notices within 15 s that its connection is dead", async () => {
  await using harness = new Harness({ connection: { isKept: () => true } });
  await harness.call();
  await harness.clock.advance(12_000);
  harness.onServerWrite = () => undefined;
  harness.clock.suspend(3_600_000);
  await harness.clock.advance(14_900);
  assertEquals(harness.dialled.length, 2);
});

Deno.test("a computer that wakes up tries a lost connection within 15 s", async () => {
  const network = { isDown: false };
  await using harness = await keptUntilLost(network);
  await harness.clock.advance(600_000);
  network.isDown = false;
  harness.clock.suspend(3_600_000);
  await harness.clock.advance(14_900);
  assertEquals(harness.connection.status.state, "connected");
});

Deno.test("the status tells why nothing happens, and until when", async () => {
  const states: string[] = [];
  await using harness = new Harness({
    dial: (attempt) => attempt === 0 ? unreachable() : undefined,
    connection: {
      onStatus: (status) => {
        const more = status.state === "waiting"
          ? ` until ${status.retryAt.getTime() - harness.clock.now()}: ${status.reason.message}`
          : "";
        states.push(
          status.state + more.replace(/until (?:8|9|10|11)\d\d(?:\.\d+)?/, "for a second"),
        );
      },
    },
  });
  assertEquals(harness.connection.status, { state: "closed" });
  const answer = harness.call();
  await harness.clock.advance(1200);
  await answer;
  assertEquals(states, [
    "connecting",
    "waiting for a second: Cannot connect: nobody is there",
    "connecting",
    "connected",
  ]);
  await harness.connection.close();
  assertEquals(harness.connection.status, { state: "closed" });
});

Deno.test("a new connection says something at once, so that updates come", async () => {
  let updates = 0;
  await using harness = new Harness({
    connection: { isKept: () => true, onUpdate: () => updates++ },
  });
  await harness.call();
  const [{ authKeyId }] = harness.calls;
  await harness.clock.advance(5000);
  harness.cut();
  await harness.clock.advance(50);
  harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
  await settled();
  assertEquals([updates, harness.dialled.length], [1, 2]);
});

Deno.test("a connection lost for good is logged once, a closed one is not", async () => {
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (text: string) => void errors.push(text) };
  const harness = new Harness({
    dial: (attempt) => attempt === 1 ? undefined : unreachable(),
    connection: { logger, connectionRetries: 1, retryDelay: 1 },
  });
  const answer = harness.call();
  await harness.clock.advance(10);
  await answer;
  await harness.clock.advance(10_000);
  harness.cut();
  await harness.clock.advance(100);
  assertEquals(errors, [
    "The connection to DC 2 is given up until the next call: Cannot connect: nobody is there",
  ]);
  await harness[Symbol.asyncDispose]();
  assertEquals(errors.length, 1);
});

Deno.test("a call after all attempts are used up begins anew", async () => {
  await using harness = new Harness({
    dial: (attempt) => attempt < 5 ? unreachable() : undefined,
    connection: { connectionRetries: 4 },
  });
  const first = failure(harness.call());
  await harness.clock.advance(18_000);
  assertInstanceOf(await first, ConnectionError);
  await assertNearestDc(harness.call());
  assertEquals(harness.dialled.length, 6);
});

Deno.test("a caller may call again at once after a failure", async () => {
  await using harness = new Harness({
    dial: (attempt) => attempt === 0 ? unreachable() : undefined,
    connection: { connectionRetries: 0 },
  });
  await harness.connection.connect().catch(() => harness.connection.connect());
  assert(harness.connection.connected);
});

Deno.test("the time between attempts stops growing at half a minute", async () => {
  await using harness = new Harness({
    dial: unreachable,
    connection: { connectionRetries: 9, giveUpAfter: Infinity },
  });
  const error = failure(harness.call());
  await harness.clock.advance(1_000_000);
  await error;
  assertPauses(
    harness.dialled,
    [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000],
  );
});

Deno.test("a connection that worked is opened again at once when it is lost", async () => {
  await using harness = new Harness();
  await harness.call();
  harness.cut();
  await settled();
  assertEquals(harness.dialled, [0, 0]);
  await assertNearestDc(harness.call());
});

Deno.test("a server that always hangs up counts as unreachable", async () => {
  await using harness = new Harness({ connection: { connectionRetries: 2 } });
  await harness.call();
  await harness.clock.advance(5000);
  harness.dialled.length = 0;
  const dc = harness.telegram.dc();
  harness.onServerWrite = (bytes, cut) => { // each time it says bad_server_salt
    dc.expireSalts();
    queueMicrotask(cut);
    return bytes;
  };
  dc.expireSalts();
  const answer = failure(harness.call());
  await harness.clock.advance(60_000);
  assertInstanceOf(await answer, ConnectionError);
  assertPauses(harness.dialled, [1000, 2000]);
});

Deno.test("a dial that takes too long fails, and its later result is closed", async () => {
  const late: { stream?: ByteStream; resolve?: (stream: ByteStream) => void } = {};
  await using harness = new Harness({
    dial: (attempt) =>
      attempt === 0
        ? new Promise((resolve) => late.resolve = resolve)
        : attempt === 1
        ? unreachable()
        : undefined,
  });
  const answer = harness.call();
  await harness.clock.advance(9_999);
  assertEquals(harness.dialled, [0]);
  await harness.clock.advance(1 + 1200);
  assertEquals(harness.dialled.length, 2);
  const [stream, peer] = pipe();
  late.resolve?.(stream);
  assertEquals(await peer.read(), undefined, "closed by the one who does not want it any more");
  await harness.clock.advance(2400);
  await assertNearestDc(answer);
  assertPauses(harness.dialled, [11_000, 2000]);
});

Deno.test("a late dial does not disturb the connection that was made meanwhile", async () => {
  const late: { resolve?: (stream: ByteStream) => void } = {};
  await using harness = new Harness({
    dial: (attempt) => attempt === 1 ? new Promise((resolve) => late.resolve = resolve) : undefined,
  });
  await harness.call();
  await harness.clock.advance(2000);
  harness.cut();
  await harness.clock.advance(11_000);
  await assertNearestDc(harness.call());
  const [stream, peer] = pipe();
  late.resolve?.(stream);
  assertEquals(await peer.read(), undefined);
  await settled();
  assert(harness.connection.connected);
  const { length } = harness.packets;
  await assertNearestDc(harness.call());
  assertEquals(harness.packets.length, length + 2);
});

Deno.test("a server that is silent in the key exchange is given up in time", async () => {
  await using harness = new Harness({ dial: silence, connection: { connectionRetries: 1 } });
  const error = failure(harness.call());
  await harness.clock.advance(10_000);
  assertEquals(harness.dialled, [0]);
  await harness.clock.advance(1200);
  assertPauses(harness.dialled, [11_000]);
  await harness.clock.advance(10_000);
  const { message } = await error as Error;
  assertInstanceOf(await error, ConnectionError);
  assertEquals(
    message,
    'Cannot connect to DC 2 at "dc2.offline:443": no answer in 10 s. ' +
      "Check the network, or use a VPN.",
  );
  assertEquals(harness.clock.sleepers, 0);
});

Deno.test("a server that closes in the middle of the key exchange is tried again", async () => {
  await using harness = new Harness({
    dial: (attempt) => {
      if (attempt > 0) return undefined;
      const [client, server] = pipe();
      void server.read().then(() => server.close());
      return Promise.resolve(client);
    },
  });
  const answer = harness.call();
  await harness.clock.advance(1200);
  await assertNearestDc(answer);
});

Deno.test("an idle connection is pinged every minute and stays", async () => {
  await using harness = new Harness();
  await harness.call();
  await harness.clock.advance(1000);
  harness.packets.length = 0;
  await harness.clock.advance(59_000);
  assertEquals(harness.packets.length, 2);
  await harness.clock.advance(300_000);
  assert(harness.packets.length >= 8);
  assertEquals(harness.dialled.length, 1);
});

Deno.test("an idle connection stays, however long a ping may take", async () => {
  await using harness = new Harness({ connection: { timeout: 45_000 } });
  await harness.call();
  for (let i = 0; i < 10; i++) await harness.clock.advance(60_000);
  assertEquals(harness.dialled.length, 1);
});

Deno.test("a call on a silently dead connection is answered on another one", async () => {
  await using harness = new Harness();
  await harness.call();
  await harness.clock.advance(5000);
  harness.onServerWrite = () => undefined;
  const answer = harness.call();
  await harness.clock.advance(19_900);
  assertEquals(harness.dialled.length, 1);
  harness.onServerWrite = (bytes) => bytes;
  await harness.clock.advance(200);
  await assertNearestDc(answer);
  assert(Math.abs(harness.dialled[1] - 25_000) < 100);
});

Deno.test("updates on a connection whose way out is dead do not keep a call waiting", async () => {
  let updates = 0;
  await using harness = new Harness({ connection: { onUpdate: () => updates++ } });
  await harness.call();
  const [{ authKeyId }] = harness.calls;
  await harness.clock.advance(5000);
  let isPush = false;
  harness.onServerWrite = (bytes) => isPush ? bytes : undefined;
  const answer = harness.call();
  for (let seconds = 2; seconds < 20; seconds += 2) {
    await harness.clock.advance(2000);
    isPush = true;
    harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
    await settled();
    isPush = false;
  }
  harness.onServerWrite = (bytes) => bytes;
  assertEquals(harness.dialled.length, 1);
  await harness.clock.advance(2500);
  await assertNearestDc(answer);
  assert(updates > 5);
  assert(harness.dialled[1] >= 25_000 && harness.dialled[1] <= 25_500, `${harness.dialled}`);
});

Deno.test("ten megabytes on a line that went silent are given up after two minutes", async () => {
  await using harness = new Harness();
  await harness.call();
  await harness.clock.advance(5000);
  harness.onServerWrite = () => undefined;
  const bytes = new Uint8Array(1_000_000);
  const part = (filePart: number): TlObject => ({
    _: "upload.saveFilePart",
    fileId: 1n,
    filePart,
    bytes,
  });
  const answers = Array.from({ length: 10 }, (_, index) => failure(harness.call(part(index))));
  await harness.clock.advance(135_000);
  const [, second] = harness.dialled;
  assert(second <= 5000 + 121_000, `${second}`);
  await harness.connection.close();
  await Promise.all(answers);
});

Deno.test("calls get through connections that always break after 20 kB", async () => {
  await using harness: Harness = new Harness({
    dial: async () => {
      const stream: ByteStream = await harness.open();
      let left = 20_000;
      return {
        read: () => stream.read(),
        async write(bytes) {
          const some = bytes.subarray(0, Math.max(left, 0));
          left -= bytes.length;
          if (some.length > 0) await stream.write(some);
          if (left < 0) stream.close();
        },
        close: () => stream.close(),
      };
    },
  });
  await harness.call();
  await harness.clock.advance(5000);
  const answers = Array.from({ length: 1000 }, () => harness.call());
  await harness.clock.advance(59_000);
  for (const answer of answers) await assertNearestDc(answer);
  assertEquals(harness.calls.length, 1001, "none was carried out twice");
  assert(harness.dialled.length < 20, `${harness.dialled.length} connections`);
});

Deno.test("a long request is given the time that a slow line takes for it", async () => {
  await using harness = new Harness();
  await harness.call();
  harness.onServerWrite = () => undefined;
  const bytes = new Uint8Array(512_000);
  const answer = failure(
    harness.call({ _: "upload.saveFilePart", fileId: 1n, filePart: 0, bytes }),
  );
  await harness.clock.advance(119_000);
  assertEquals(harness.dialled.length, 1);
  harness.onServerWrite = (bytes) => bytes;
  await harness.clock.advance(10_000);
  assertInstanceOf(await answer, RpcError); // the offline Telegram keeps no files
  assertEquals(harness.dialled.length, 2);
});

Deno.test("a connection that answers no ping is opened again at once", async () => {
  await using harness = new Harness();
  await harness.call();
  await harness.clock.advance(1000);
  harness.onServerWrite = () => undefined;
  await harness.clock.advance(60_000);
  assertEquals(harness.dialled.length, 1);
  harness.onServerWrite = (bytes) => bytes;
  await harness.clock.advance(10_000);
  assertEquals(harness.dialled.length, 2);
  await assertNearestDc(harness.call());
});

Deno.test("after -404 three times for a stored key, a new key is made once", async () => {
  const states: DcKeyState[] = [];
  await using harness = new Harness({ onKeyState: (state) => states.push(state) });
  await harness.call();
  await harness.connection.close();
  const [stored] = states;
  harness.telegram.dc().forgetKeys();
  const again = new Harness({
    dial: () => harness.open(),
    keyState: stored,
    onKeyState: (state) => states.push(state),
    seed: 50,
  });
  await assertNearestDc(again.call());
  assertEquals(again.dialled, [0, 0, 0, 0]);
  assertNotEquals(again.key.state?.authKey.idHex, stored.authKey.idHex);
  await again.connection.close();
});

Deno.test("after one or two -404 the key stays", async () => {
  await using harness = new Harness();
  await harness.call();
  const keyState = harness.key.state;
  assert(keyState !== undefined);
  await using again = new Harness({
    dial: (attempt) => attempt < 2 ? says(transportError(-404)) : harness.open(),
    keyState,
    seed: 50,
  });
  await assertNearestDc(again.call());
  assertEquals(again.dialled, [0, 0, 0]);
  assertEquals(again.key.state?.authKey.idHex, keyState.authKey.idHex);
});

Deno.test("-404 for a key of the last minute is tried again with that key", async () => {
  let isSpread = true;
  const states: DcKeyState[] = [];
  await using harness = new Harness({
    dial: () => isSpread ? undefined : says(transportError(-404)),
    onKeyState: (state) => states.push(state),
  });
  await harness.call();
  await harness.clock.advance(2000);
  isSpread = false;
  harness.cut();
  const answer = harness.call();
  await harness.clock.advance(20_000);
  isSpread = true;
  await harness.clock.advance(20_000);
  await assertNearestDc(answer);
  assert(harness.dialled.length > 4);
  assertEquals(new Set(states.map(({ authKey }) => authKey.idHex)).size, 1);
});

Deno.test("-404 at every attempt fails the call after a minute, and keeps the key", async () => {
  await using first = new Harness();
  await first.call();
  const keyState = first.key.state;
  await using harness = new Harness({ dial: () => says(transportError(-404)), keyState });
  const error = failure(harness.call());
  await harness.clock.advance(61_000);
  const { message, cause } = await error as Error;
  assert(message.startsWith("Cannot reach DC 2 for 60 s"), message);
  assertInstanceOf(cause, TransportError);
  assertStrictEquals(harness.key.state, keyState);
});

Deno.test("a call that was carried out before a -404 is not carried out again", async () => {
  await using harness = new Harness({
    dial: (attempt) => attempt === 1 ? says(transportError(-404)) : undefined,
  });
  await harness.call();
  await harness.clock.advance(70_000);
  harness.onServerWrite = () => {
    harness.onServerWrite = (bytes) => bytes;
    harness.cut();
    return undefined;
  };
  const answer = harness.call();
  await harness.clock.advance(2000);
  await assertNearestDc(answer);
  assertEquals([harness.calls.length, harness.dialled.length], [2, 3]);
});

Deno.test("-429 is tried again after a while, -444 is an error at once", async () => {
  await using harness = new Harness({
    dial: (attempt) => attempt < 2 ? says(transportError(-429)) : undefined,
  });
  const answer = harness.call();
  await harness.clock.advance(3600);
  await assertNearestDc(answer);
  assertPauses(harness.dialled, [1000, 2000]);

  await using wrong = new Harness({ dial: () => says(transportError(-444)) });
  const error = await failure(wrong.call());
  assertInstanceOf(error, TransportError);
  assertEquals([error.code, wrong.dialled], [-444, [0]]);
});

/** A connection to a data center with two addresses, which notes those that it dials. */
function toTwoAddresses(open: (host: string) => Promise<ByteStream>, dialled: string[]) {
  return {
    addresses: new AddressList({
      dcId: 2,
      known: () => [{ host: "first", port: 443 }, { host: "second", port: 443 }],
    }),
    dial({ host }: { host: string }) {
      dialled.push(host);
      return open(host);
    },
  };
}

Deno.test("an address of another data center does not stand in the way of others", async () => {
  for (const code of [-404, -444]) {
    const dialled: string[] = [];
    const open = (host: string): Promise<ByteStream> =>
      host === "second" ? harness.open() : says(transportError(code));
    await using harness: Harness = new Harness({ connection: toTwoAddresses(open, dialled) });
    const answer = harness.call();
    await harness.clock.advance(2000);
    await assertNearestDc(answer);
    assertEquals(dialled, ["first", "second"]);
  }
});

Deno.test("the other addresses are asked before a stored key is given up", async () => {
  await using harness = new Harness();
  await harness.call();
  const keyState = harness.key.state;
  const dialled: string[] = [];
  const open = (host: string): Promise<ByteStream> =>
    host === "second" ? harness.open() : says(transportError(-404));
  const connection = toTwoAddresses(open, dialled);
  await using again = new Harness({ keyState, seed: 50, connection });
  await assertNearestDc(again.call());
  assertEquals(dialled, ["first", "second"]);
  assertStrictEquals(again.key.state?.authKey, keyState?.authKey);
});

Deno.test("a flood is no reason to ask another address", async () => {
  const dialled: string[] = [];
  const open = (): Promise<ByteStream> =>
    dialled.length > 2 ? harness.open() : says(transportError(-429));
  await using harness: Harness = new Harness({ connection: toTwoAddresses(open, dialled) });
  const answer = harness.call();
  await harness.clock.advance(3600);
  await assertNearestDc(answer);
  assertEquals(dialled, ["first", "first", "first"]);
});

Deno.test("a test data center is its id and 10000 to transport and exchange", async () => {
  const ids: (number | undefined)[] = [];
  await using telegram = new Harness();
  await using harness = new Harness({
    dial: () => telegram.open(),
    connection: {
      dc: { id: 2, testMode: true },
      keys: telegram.telegram.keys,
      transport: (dcId) => {
        ids.push(dcId);
        return abridged();
      },
    },
  });
  await assertNearestDc(harness.call());
  assertEquals(ids, [10_002]);
});

Deno.test("a lie in the key exchange is a SecurityError, without another try", async () => {
  await using harness = new Harness({
    telegram: {
      keyExchange: {
        tamper: (object) =>
          object._ === "resPQ" ? { ...object, nonce: new Uint8Array(16) } : object,
      },
    },
  });
  const error = await failure(harness.call());
  assertInstanceOf(error, SecurityError);
  assertEquals([error.check, harness.dialled], ["nonce", [0]]);
});

Deno.test("an aborted call rejects with the signal's reason, and is dropped", async () => {
  await using harness = new Harness();
  await harness.call();
  const stop = new AbortController();
  harness.onServerWrite = () => undefined;
  const answer = failure(harness.call(NEAREST_DC, stop.signal));
  await settled();
  const { length } = harness.packets;
  const reason = new Error("enough");
  stop.abort(reason);
  assertStrictEquals(await answer, reason);
  await settled();
  const said = harness.packets.slice(length).filter(({ direction }) => direction === "in");
  assertEquals(said.length, 1, "rpc_drop_answer");
  harness.onServerWrite = (bytes) => bytes;
  await assertNearestDc(harness.call());
  assertEquals(harness.dialled.length, 1);
});

Deno.test("a signal that is aborted before the call keeps it from being made", async () => {
  await using harness = new Harness();
  await assertRejects(() => harness.call(NEAREST_DC, AbortSignal.abort()), DOMException);
  assertEquals(harness.dialled, []);
});

Deno.test("a call that is aborted while there is no connection is never sent", async () => {
  await using harness = new Harness({
    dial: (attempt) => attempt === 0 ? unreachable() : undefined,
  });
  const stop = new AbortController();
  const stopped = failure(harness.call({ _: "help.getConfig" }, stop.signal));
  const answer = harness.call();
  await settled();
  stop.abort();
  await stopped;
  await harness.clock.advance(1200);
  await assertNearestDc(answer);
  assertEquals(harness.calls.map(({ method }) => method), ["help.getNearestDc"]);
});

const CLOSINGS: ReadonlyArray<readonly [when: string, options: HarnessOptions, wait: number]> = [
  ["while it dials", { dial: () => new Promise(() => {}) }, 10],
  ["in the middle of the key exchange", { dial: silence }, 10],
  ["while it waits to try again", { dial: unreachable }, 1500],
];

for (const [when, options, wait] of CLOSINGS) {
  Deno.test(`close() ${when} fails every call and leaves nothing behind`, async () => {
    const harness = new Harness(options);
    const errors = [failure(harness.call()), failure(harness.connection.connect())];
    await harness.clock.advance(wait);
    assert(harness.clock.sleepers > 0);
    const { length } = harness.dialled;
    await harness.connection.close();
    for (const error of await Promise.all(errors)) assertInstanceOf(error, ConnectionError);
    assertEquals([harness.clock.sleepers, harness.dialled.length], [0, length]);
    await assertRejects(() => harness.call(), ConnectionError, "disconnected");
    await assertRejects(() => harness.connection.connect(), ConnectionError, "disconnected");
    await harness.telegram.close();
  });
}

Deno.test("close() fails the calls that wait, and ends the connection", async () => {
  const harness = new Harness();
  await harness.call();
  harness.onServerWrite = () => undefined;
  const errors = [failure(harness.call()), failure(harness.call())];
  await settled();
  assertEquals(harness.telegram.dc().connectionCount, 1);
  await harness.connection.close();
  for (const error of await Promise.all(errors)) assertInstanceOf(error, ConnectionError);
  assert(!harness.connection.connected);
  await settled();
  assertEquals([harness.clock.sleepers, harness.telegram.dc().connectionCount], [0, 0]);
  await harness.connection.close();
});

Deno.test("close() of a connection that was never used does nothing", async () => {
  const harness = new Harness();
  await harness.connection.close();
  assertEquals([harness.dialled, harness.clock.sleepers], [[], 0]);
});

/** Changes the last byte of a packet. */
function damaged(bytes: Uint8Array): Uint8Array {
  return bytes.with(-1, bytes[bytes.length - 1] ^ 1);
}

Deno.test("a damaged packet ends the connection, and the calls go on over a new one", async () => {
  await using harness = new Harness();
  await harness.call();
  await harness.clock.advance(2000);
  harness.onServerWrite = (bytes) => {
    harness.onServerWrite = (bytes) => bytes;
    return damaged(bytes);
  };
  const answers = [harness.call(), harness.call()];
  await harness.clock.advance(1200);
  for (const answer of answers) await assertNearestDc(answer);
  const sessions = new Set(harness.calls.map(({ sessionId }) => sessionId));
  assertEquals([harness.dialled.length, sessions.size], [2, 1]);
  assertEquals(harness.calls.length, 3, "none was carried out twice");
});

Deno.test("calls wait until a captive portal is gone, even if its page is a packet", async () => {
  await using harness = new Harness();
  await harness.call();
  await harness.clock.advance(2000);
  harness.cut();
  // In the abridged transport, "H" is the length of a packet of 288 bytes.
  harness.onServerWrite = () => encodeUtf8(`HTTP/1.1 302 Found\r\n\r\n${" ".repeat(400)}`);
  const answer = harness.call();
  await harness.clock.advance(40_000);
  assert(harness.dialled.length > 4, `${harness.dialled.length} dials`);
  harness.onServerWrite = (bytes) => bytes;
  await harness.clock.advance(20_000);
  await assertNearestDc(answer);
});

Deno.test("packets that are damaged again and again fail the calls of then", async () => {
  await using harness = new Harness();
  await harness.call();
  await harness.clock.advance(2000);
  harness.onServerWrite = damaged;
  const errors = [failure(harness.call()), failure(harness.call())];
  await harness.clock.advance(10_000);
  const [error, other] = await Promise.all(errors);
  assertInstanceOf(error, SecurityError);
  assertInstanceOf(other, SecurityError);
  assert(error !== other);
  assertEquals([error.check, other.check], ["msg_key", "msg_key"]);
  assertEquals(harness.dialled.length, 3);
  harness.onServerWrite = (bytes) => bytes;
  const answer = harness.call();
  await harness.clock.advance(10_000);
  await assertNearestDc(answer);
  assertEquals(new Set(harness.calls.map(({ authKeyId }) => authKeyId)).size, 1);
});

for (
  const [what, bytes] of [
    ["one byte", Uint8Array.of(0x7f)],
    ["the page of a captive portal", new TextEncoder().encode("HTTP/1.1 302 Found\r\n\r\n<html>")],
    ["transport error -500", transportError(-500)],
  ] as const
) {
  Deno.test(`a kept connection that receives ${what} while idle is opened again`, async () => {
    let updates = 0;
    await using harness = new Harness({
      connection: { isKept: () => true, onUpdate: () => updates++ },
    });
    await harness.call();
    const [{ authKeyId }] = harness.calls;
    await harness.clock.advance(30_000);
    harness.onServerWrite = () => {
      harness.onServerWrite = (bytes) => bytes;
      return bytes.slice();
    };
    harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
    await harness.clock.advance(90_000);
    assertEquals(harness.connection.status.state, "connected");
    harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
    await settled();
    assertEquals([harness.dialled.length, updates], [2, 2]);
  });
}

Deno.test("an answer lost with its connection comes again, without a 2nd call", async () => {
  await using harness = new Harness();
  await harness.call();
  harness.onServerWrite = () => {
    harness.onServerWrite = (bytes) => bytes;
    harness.cut();
    return undefined;
  };
  await assertNearestDc(harness.call());
  assertEquals([harness.calls.length, harness.dialled.length], [2, 2]);
});

Deno.test("a server that forgot its sessions gets the calls again", async () => {
  let news = 0;
  await using harness = new Harness({ connection: { onMissedUpdates: () => news++ } });
  await harness.call();
  assertEquals(news, 0);
  harness.telegram.dc().forgetSessions();
  await assertNearestDc(harness.call());
  assertEquals(news, 1);
});

Deno.test("expired salts cost one more round trip, and new ones are reported", async () => {
  const states: DcKeyState[] = [];
  await using harness = new Harness({ onKeyState: (state) => states.push(state) });
  await harness.call();
  await settled();
  harness.telegram.dc().expireSalts();
  const { turns } = harness;
  await assertNearestDc(harness.call());
  assertEquals(harness.turns - turns, 4);
  assertNotEquals(states.at(-1)?.serverSalt, states[0].serverSalt);
  assertEquals(states.at(-1)?.serverSalt, harness.key.state?.serverSalt);
});

Deno.test("after an hour asleep the time is set again, and calls are answered", async () => {
  await using harness = new Harness();
  await harness.call();
  harness.clock.suspend(3_600_000);
  await assertNearestDc(harness.call());
  assertEquals(harness.dialled.length, 1);
  const { timeOffset = NaN } = harness.key.state ?? {};
  assert(Math.abs(timeOffset) < 1000, "by the clock of the machine, which went on");
});

Deno.test("after a short sleep answers and updates still come", async () => {
  let updates = 0;
  await using harness = new Harness({ connection: { onUpdate: () => updates++ } });
  await harness.call();
  const [{ authKeyId }] = harness.calls;
  harness.clock.suspend(40_000);
  harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
  await settled();
  assertEquals(updates, 1);
  harness.clock.suspend(40_000);
  await assertNearestDc(harness.call());
  assertEquals([harness.dialled.length, harness.failures.length], [1, 0]);
});

Deno.test("a message that is five minutes late is ignored, and the connection stays", async () => {
  const said: string[] = [];
  const logger = { ...silentLogger, debug: (text: string) => void said.push(text) };
  const onUpdate = (): void => assert(false, "an update that is ignored was told");
  await using harness = new Harness({ connection: { onUpdate, logger } });
  await harness.call();
  const [{ authKeyId }] = harness.calls;
  const late: Uint8Array[] = [];
  harness.onServerWrite = (bytes) => {
    late.push(bytes);
    harness.onServerWrite = (bytes) => bytes;
    return undefined;
  };
  harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
  await harness.clock.advance(301_000);
  harness.onServerWrite = (bytes) => concatBytes(...late.splice(0), bytes);
  await assertNearestDc(harness.call());
  assertEquals(harness.dialled.length, 1);
  assert(said.some((text) => text.includes("expected at most 300 s")));
});

Deno.test("a stored time that is wrong by a day is corrected by the first answer", async () => {
  await using first = new Harness();
  await first.call();
  const keyState = first.key.state;
  assert(keyState !== undefined);
  await using harness = new Harness({
    dial: () => first.open(),
    keyState: { ...keyState, timeOffset: -86_400_000 },
  });
  await assertNearestDc(harness.call());
  assert(Math.abs(harness.key.state?.timeOffset ?? NaN) < 5000);
});

Deno.test("errors are RpcErrors, and a wrong request is a TlError at once", async () => {
  await using harness = new Harness();
  await assertRejects(() => harness.call({ _: "no.such" }), TlError);
  await assertRejects(() => harness.call({ _: "users.getUsers" }), TlError);
  assertEquals(harness.dialled, []);
  const error = await failure(harness.call({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] }));
  assertInstanceOf(error, RpcError);
  assertEquals([error.code, error.method], [401, "users.getUsers"]);
});

Deno.test("a request that is too long is a RangeError, the connection stays", async () => {
  await using harness = new Harness();
  await harness.call();
  const part = (length: number): TlObject => ({
    _: "upload.saveFilePart",
    fileId: 1n,
    filePart: 0,
    bytes: new Uint8Array(length),
  });
  for (const length of [1_044_404, 0xffffff]) {
    await assertRejects(() => harness.call(part(length)), RangeError, "at most 1040000");
  }
  const error = await failure(harness.call(part(1_000_000)));
  assertInstanceOf(error, RpcError); // the offline Telegram keeps no files
  assertEquals(harness.dialled.length, 1);
});

Deno.test("a first bot sign-in takes four round trips", async () => {
  await using harness = new Harness();
  await harness.call({
    _: "auth.importBotAuthorization",
    flags: 0,
    apiId: harness.telegram.apiId,
    apiHash: harness.telegram.apiHash,
    botAuthToken: "777:TESTTOKEN",
  });
  assertEquals(harness.turns, 2 * (3 + 1));
});

Deno.test("a message that comes again is acknowledged again, half a second after it", async () => {
  await using harness = new Harness();
  await harness.call();
  const [{ authKeyId }] = harness.calls;
  await harness.clock.advance(1000);
  let first = new Uint8Array();
  harness.onServerWrite = (bytes) => first = bytes.slice();
  harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
  await harness.clock.advance(1000);
  harness.onServerWrite = () => first;
  harness.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
  await settled();
  const { length } = harness.packets;
  await harness.clock.advance(500);
  assertEquals(harness.packets.slice(length).map(({ direction }) => direction), ["in"]);
});

Deno.test("acknowledgments go half a second after their message", async () => {
  await using harness = new Harness();
  await harness.call();
  await settled();
  await harness.clock.advance(499);
  harness.packets.length = 0;
  await harness.clock.advance(1);
  const directions = harness.packets.map(({ direction }) => direction);
  assertEquals(directions, ["in", "out"], "future salts are asked for on that occasion");
  await harness.clock.advance(10_000);
  assertEquals(harness.packets.length, 2, "and nothing comes after them");
});

Deno.test("a call is tried within giveUpAfter, however long the network was gone", async () => {
  for (const offline of [60_000, 600_000, 3_600_000]) {
    let isDown = true;
    await using harness: Harness = new Harness({
      connection: { giveUpAfter: 5000, isKept: () => true },
      dial: () => isDown ? unreachable() : undefined,
    });
    harness.connection.connect().catch(() => {});
    await harness.clock.advance(offline);
    isDown = false;
    const call = harness.call();
    await harness.clock.advance(5000);
    await call;
  }
});
