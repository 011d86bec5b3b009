/**
 * What a DcConnection makes of what comes in: answers of every type, repeated and refused messages,
 * and what cannot be read.
 */
import { bytesToHex, concatBytes } from "../../src/crypto/mod.ts";
import { asLong, isPlainMessage, openEnvelope } from "../../src/mtproto/mod.ts";
import { type ByteStream, ConnectionError, pipe } from "../../src/net/mod.ts";
import { type Logger, silentLogger } from "../../src/runtime/mod.ts";
import { apiSchema, Schema, TlError, type TlObject } from "../../src/tl/mod.ts";
import { acceptTransport } from "../../src/transport/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { AUTH_KEY, encode, idAt, sealByHand } from "../helpers/hand_sealed.ts";
import { Harness } from "../helpers/connection_harness.ts";

/** A harness whose offline Telegram answers these methods so. */
function answering(answers: Record<string, unknown>): Harness {
  const harness = new Harness();
  const { api } = harness.telegram;
  const handle = api.handle.bind(api);
  api.handle = (request, caller) =>
    request._ in answers ? answers[request._] : handle(request, caller);
  return harness;
}

const CONTACT_IDS: TlObject = { _: "contacts.getContactIDs", hash: 0n };

Deno.test("an answer has the type of its method, also inside another call", async () => {
  await using harness = answering({ "contacts.getContactIDs": [7, -8] });
  assertEquals(await harness.call(CONTACT_IDS), [7, -8]);
  const wrapped = { _: "invokeWithoutUpdates", query: CONTACT_IDS };
  assertEquals(await harness.call(wrapped), [7, -8]);
});

/** A schema in which the answer is of a constructor that no client knows. */
const UNKNOWN_ANSWER = `
nearestDc#1 country:string this_dc:int nearest_dc:int = NearestDc;
---functions---
help.getNearestDc#2 = NearestDc;
`;

Deno.test("an answer that cannot be read is asked for again, in our layer", async () => {
  for (const times of [1, 2]) {
    await using harness = new Harness();
    const { api } = harness.telegram;
    const schemaFor = api.schemaFor.bind(api);
    await harness.call();
    let left = times;
    api.schemaFor = (layer) => left-- > 0 ? Schema.parse(UNKNOWN_ANSWER) : schemaFor(layer);
    if (times === 1) assertEquals((await harness.call() as TlObject)._, "nearestDc");
    else await assertRejects(() => harness.call(), TlError);
    assertEquals((await harness.call() as TlObject)._, "nearestDc");
    assertEquals([harness.dialled.length, harness.calls.length], [1, 4]);
  }
});

Deno.test("a packet that comes twice is taken once, and the connection stays", async () => {
  await using harness = new Harness();
  await harness.call();
  harness.onServerWrite = (bytes) => concatBytes(bytes, bytes);
  for (let i = 0; i < 3; i++) assertEquals((await harness.call() as TlObject)._, "nearestDc");
  await settled();
  assertEquals(harness.dialled.length, 1);
});

Deno.test("an update that cannot be read is logged, and the connection stays", async () => {
  const warnings: string[] = [];
  const updates: TlObject[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const onUpdate = (update: TlObject): void => void updates.push(update);
  let missed = 0;
  const onMissedUpdates = (): void => void missed++;
  await using harness = new Harness({ connection: { logger, onUpdate, onMissedUpdates } });
  await harness.call();
  const dc = harness.telegram.dc();
  dc.push(harness.calls[0].authKeyId, { _: "nearestDc", country: "", thisDc: 2, nearestDc: 2 });
  dc.push(harness.calls[0].authKeyId, { _: "updatesTooLong" });
  await settled();
  assertEquals(updates, [{ _: "updatesTooLong" }]);
  assert(warnings.length === 1 && warnings[0].startsWith("Cannot read an update: "), `${warnings}`);
  assertEquals(missed, 1);
  const called = harness.calls.map(({ method }) => method);
  assertEquals(called, ["help.getNearestDc", "help.getConfig"], "the server is told our layer");
  assertEquals((await harness.call() as TlObject)._, "nearestDc");
  assertEquals(harness.dialled.length, 1);
});

Deno.test("what is ignored for its time may have been an update: it is missed", async () => {
  const told: string[] = [];
  const clock = new FakeClock();
  await using harness = new Harness({
    telegram: { clock },
    connection: {
      onUpdate: () => told.push("update"),
      onMissedUpdates: () => told.push("missed"),
    },
  });
  await harness.call();
  const push = async (): Promise<void> => {
    harness.telegram.dc().push(harness.calls[0].authKeyId, { _: "updatesTooLong" });
    await settled();
  };
  await clock.advance(29_000);
  await push();
  await clock.advance(30_000); // the last packet has shown that the clock lags
  await push();
  await clock.advance(31_000);
  await push();
  assertEquals(told, ["update", "update", "missed"]);
  assertEquals((await harness.call() as TlObject)._, "nearestDc");
  assertEquals(harness.dialled.length, 1);
});

/** A server that refuses every message with this error. */
async function refuse(stream: ByteStream, errorCode: number): Promise<void> {
  const server = acceptTransport({ random: seededRandom(1) });
  for (let count = 1, chunk; (chunk = await stream.read()) !== undefined;) {
    for (const { payload } of server.receive(chunk)) {
      const { sessionId, msgId } = openEnvelope(payload, { authKey: AUTH_KEY, sender: "client" });
      const badMsgId = asLong(msgId);
      const body = encode({ _: "bad_msg_notification", badMsgId, badMsgSeqno: 1, errorCode });
      const notice = { sessionId, msgId: idAt(0) + BigInt(4 * count++), body };
      await stream.write(server.pack(sealByHand(notice)));
    }
  }
}

Deno.test("a call that is refused again and again fails with the error code", async () => {
  const dial = (): Promise<ByteStream> => {
    const [client, server] = pipe();
    void refuse(server, 35);
    return Promise.resolve(client);
  };
  const keyState = { authKey: AUTH_KEY, serverSalt: 0n, timeOffset: 0 };
  await using harness = new Harness({ dial, keyState });
  const text = "the server refused its message with error 35";
  await assertRejects(() => harness.call(), ConnectionError, text);
  await assertRejects(() => harness.call(), ConnectionError, text);
  assert(harness.connection.connected);
  assertEquals(harness.dialled.length, 1);
});

Deno.test("initConnection is sent only with the first call of each connection", async () => {
  const calls: string[] = [];
  const harness: Harness = new Harness({
    dial: async () => {
      const stream = await harness.open();
      const server = acceptTransport({ random: seededRandom(1) });
      const write = (bytes: Uint8Array): Promise<void> => {
        for (const { payload } of server.receive(bytes)) calls.push(...methodsIn(payload));
        return stream.write(bytes);
      };
      return { read: () => stream.read(), write, close: () => stream.close() };
    },
  });
  await using _ = harness;
  /** Which of the two methods a packet has in it. */
  function methodsIn(packet: Uint8Array): string[] {
    const authKey = harness.key.state?.authKey;
    if (authKey === undefined || isPlainMessage(packet)) return [];
    const hex = bytesToHex(openEnvelope(packet, { authKey, sender: "client" }).body);
    return ["initConnection", "help.getNearestDc"].filter((name) => hex.includes(idOf(name)));
  }
  const others = ["help.getNearestDc"];
  for (let i = 0; i < 3; i++) await harness.call();
  assertEquals(calls, ["initConnection", ...others, ...others, ...others]);
  harness.cut();
  await settled();
  calls.length = 0;
  for (let i = 0; i < 2; i++) await harness.call();
  assertEquals(calls, ["initConnection", ...others, ...others]);
});

/** The number of a method, in the hex of its bytes. */
function idOf(name: string): string {
  const request = { _: name, query: { _: "help.getNearestDc" }, apiId: 0, layer: 0 };
  const texts = [
    "deviceModel",
    "systemVersion",
    "appVersion",
    "systemLangCode",
    "langPack",
    "langCode",
  ];
  const fields = Object.fromEntries(texts.map((text) => [text, ""]));
  return bytesToHex(apiSchema().encode({ ...request, ...fields }).subarray(0, 4));
}
