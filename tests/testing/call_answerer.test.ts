/**
 * The calls of other clients and the answers that they expect: compression, wrappers, unknown
 * methods.
 */
import { deflateSync } from "node:zlib";
import {
  constructorId,
  GZIP_PACKED,
  MSG_CONTAINER,
  packGzip,
  unpackContainer,
} from "../../src/mtproto/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { API_LAYER, apiSchema, type TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { connectRaw, type Outcome, type RawClient } from "./raw_client.ts";

const RPC_RESULT = 0xf35c6d01;
const RPC_ERROR = 0x2144ca19;
const UPDATES_TOO_LONG = 0xe317af7e;
const CONFIG_144 = 0x330b4067;
const CONFIG = 0xcc1a241e;
const GET_CONFIG = apiSchema().encode({ _: "help.getConfig" });
const GET_STATE = apiSchema().encode({ _: "updates.getState" });
/** Enough data centers to make a config worth compressing. */
const DCS = { dcs: Array.from({ length: 20 }, (_, index) => index + 2) };

function wrapped(telegram: OfflineTelegram, query: Uint8Array, layer = API_LAYER): Uint8Array {
  const texts = { deviceModel: "d", systemVersion: "s", appVersion: "a" };
  const codes = { systemLangCode: "en", langPack: "", langCode: "en" };
  const { apiId } = telegram;
  return apiSchema().encode({
    _: "invokeWithLayer",
    layer,
    query: { _: "initConnection", apiId, ...texts, ...codes, query },
  });
}

/** Returns the received results, each an rpc_result. */
function results({ received }: RawClient): Uint8Array[] {
  return received
    .flatMap((body) =>
      constructorId(body) === MSG_CONTAINER
        ? unpackContainer(body).map((message) => message.body)
        : [body]
    )
    .filter((body) => constructorId(body) === RPC_RESULT);
}

/** Returns the constructor ids of the received results, before unpacking. */
function resultIds(client: RawClient): (number | undefined)[] {
  return results(client).map((body) => constructorId(body.subarray(12)));
}

/** Returns the msg_id of the last call that was answered. */
function lastCallId(client: RawClient): bigint {
  const body = results(client).at(-1) ?? new Uint8Array(12);
  return new DataView(body.buffer, body.byteOffset).getBigInt64(4, true);
}

function refusal(outcome: Outcome): [number, string] {
  assert(outcome.type === "error");
  return [outcome.code, outcome.message];
}

function config(outcome: Outcome): TlObject {
  assert(outcome.type === "result");
  return apiSchema().decode(outcome.body, "Config") as TlObject;
}

Deno.test("A data center compresses long results, but never an rpc_error", async () => {
  await using telegram = new OfflineTelegram(DCS);
  const client = await connectRaw(telegram);
  config(await client.call(wrapped(telegram, GET_CONFIG)));
  const message = "A".repeat(2000);
  telegram.api.failNext("help.getConfig", { code: 400, message });
  assertEquals(refusal(await client.call(GET_CONFIG)), [400, message]);
  assertEquals(resultIds(client), [GZIP_PACKED, RPC_ERROR]);
  client.close();
});

Deno.test("A data center reads zlib-packed calls inside initConnection", async () => {
  await using telegram = new OfflineTelegram();
  const client = await connectRaw(telegram);
  const packed = packGzip(new Uint8Array(deflateSync(GET_CONFIG)));
  assertEquals(config(await client.call(wrapped(telegram, packed))).thisDc, 2);
  client.close();
});

Deno.test("A data center answers in the last layer that a call of the session named", async () => {
  await using telegram = new OfflineTelegram();
  const client = await connectRaw(telegram);
  const configId = async (query: Uint8Array): Promise<number | undefined> => {
    const outcome = await client.call(query);
    assert(outcome.type === "result");
    return constructorId(outcome.body);
  };
  assertEquals(await configId(wrapped(telegram, GET_CONFIG, 144)), CONFIG_144);
  assertEquals(await configId(GET_CONFIG), CONFIG_144);
  assertEquals(await configId(wrapped(telegram, GET_CONFIG, API_LAYER)), CONFIG);
  assertEquals(await configId(GET_CONFIG), CONFIG);
  client.close();
});

Deno.test("A data center refuses early, signed-out and unknown calls", async () => {
  await using telegram = new OfflineTelegram();
  const client = await connectRaw(telegram);
  assertEquals(refusal(await client.call(GET_CONFIG)), [400, "CONNECTION_NOT_INITED"]);
  const getState = await client.call(wrapped(telegram, GET_STATE));
  assertEquals(refusal(getState), [401, "AUTH_KEY_UNREGISTERED"]);
  const unknown = Uint8Array.of(0x0d, 0xf0, 0xad, 0xde);
  assertEquals(refusal(await client.call(unknown)), [400, "INPUT_METHOD_INVALID_3735941133_0"]);
  const constructor = apiSchema().encode({ _: "inputPeerSelf" });
  const [code, message] = refusal(await client.call(constructor));
  assertEquals([code, message.slice(0, 20)], [400, "INPUT_METHOD_INVALID"]);
  const resolve = apiSchema().encode({ _: "contacts.resolveUsername", username: "abcde" });
  const cut = resolve.subarray(0, 8);
  assertEquals(refusal(await client.call(cut)), [400, "INPUT_FETCH_ERROR"]);
  client.close();
});

Deno.test("A data center carries out no call after one that failed or is unknown", async () => {
  await using telegram = new OfflineTelegram();
  const client = await connectRaw(telegram);
  const good = await client.call(wrapped(telegram, GET_CONFIG));
  assert(good.type === "result");
  const goodId = lastCallId(client);
  const after = (msgIds: readonly bigint[], query: Uint8Array) =>
    client.call(apiSchema().encode({ _: "invokeAfterMsgs", msgIds, query }));
  assertEquals((await after([goodId], GET_CONFIG)).type, "result");
  assertEquals(refusal(await client.call(GET_STATE)), [401, "AUTH_KEY_UNREGISTERED"]);
  const failedId = lastCallId(client);
  assertEquals(refusal(await after([goodId, failedId], GET_CONFIG)), [400, "MSG_WAIT_FAILED"]);
  assertEquals(refusal(await after([8n], GET_CONFIG)), [400, "MSG_WAIT_TIMEOUT"]);
  const single = { _: "invokeAfterMsg", msgId: lastCallId(client), query: GET_CONFIG };
  const chained = await client.call(apiSchema().encode(single));
  assertEquals(refusal(chained), [400, "MSG_WAIT_FAILED"], "a refused call has failed, too");
  client.close();
});

Deno.test("a session receives updates after a call without invokeWithoutUpdates", async () => {
  await using telegram = new OfflineTelegram({ gzip: false });
  const client = await connectRaw(telegram);
  const quiet = (query: Uint8Array): Uint8Array =>
    apiSchema().encode({ _: "invokeWithoutUpdates", query: apiSchema().decode(query) });
  /** Pushes updates, and returns whether they come before the answer to a quiet call. */
  const receives = async (): Promise<boolean> => {
    client.received.length = 0;
    telegram.dc().push(client.authKey.idHex, { _: "updatesTooLong" });
    await client.call(quiet(GET_CONFIG));
    const bodies = client.received.flatMap((body) =>
      constructorId(body) === MSG_CONTAINER
        ? unpackContainer(body).map((message) => message.body)
        : [body]
    );
    return bodies.some((body) => constructorId(body) === UPDATES_TOO_LONG);
  };
  await client.call(quiet(wrapped(telegram, GET_CONFIG)));
  assertEquals(await receives(), false);
  await client.call(GET_CONFIG);
  assertEquals(await receives(), true);
  client.close();
});
