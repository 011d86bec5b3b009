/**
 * Temporary keys, which some clients bind to their permanent one before their first call:
 * https://core.telegram.org/api/pfs
 * The binding message is encrypted by MTProto 1.0; its key and IV come from mtcute.
 */
import { createHash } from "node:crypto";
import { createAesIgeForMessageOld, type ICryptoProvider } from "@mtcute/core/utils.js";
import { concatBytes, igeEncrypt } from "../../src/crypto/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { API_LAYER, apiSchema, mtprotoSchema, type TlObject } from "../../src/tl/mod.ts";
import { TransportError } from "../../src/transport/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { connectRaw, type Outcome, type RawClient } from "./raw_client.ts";

const IN_AN_HOUR = 3600;
const REFUSED = [400, "ENCRYPTED_MESSAGE_INVALID"];

function sha1(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha1").update(data).digest());
}

/** Encrypts by MTProto 1.0, where msg_key is a hash of the plaintext without its padding. */
function encryptOld(authKey: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const padding = seededRandom(5)(-plaintext.length & 15);
  const msgKey = sha1(plaintext).subarray(4, 20);
  const aes: Uint8Array[] = [];
  const createAesIge = (...keyAndIv: Uint8Array[]): unknown => (aes.push(...keyAndIv), {});
  createAesIgeForMessageOld(
    { sha1, createAesIge } as unknown as ICryptoProvider,
    authKey,
    msgKey,
    true,
  );
  const encrypted = igeEncrypt(concatBytes(plaintext, padding), aes[0], aes[1]);
  return concatBytes(sha1(authKey).subarray(12), msgKey, encrypted);
}

function asLong(bytes: Uint8Array): bigint {
  return new DataView(bytes.slice().buffer).getBigInt64(0, true);
}

interface Mistakes {
  readonly inner?: Partial<TlObject>;
  readonly outer?: Partial<TlObject>;
  readonly flip?: number;
  /** By how much the msg_id differs. */
  readonly later?: bigint;
  /** Seconds, instead of an hour. */
  readonly expiresIn?: number;
}

/** Returns the request that binds `temporary` to `permanent`, with the given mistakes. */
function binding(
  temporary: RawClient,
  permanent: RawClient,
  mistakes: Mistakes = {},
): (msgId: bigint) => Uint8Array {
  return (msgId) => bindingOf(temporary, permanent, msgId, mistakes);
}

function bindingOf(
  temporary: RawClient,
  permanent: RawClient,
  msgId: bigint,
  mistakes: Mistakes,
): Uint8Array {
  const { expiresIn = IN_AN_HOUR, later = 0n } = mistakes;
  const expiresAt = Math.floor(Date.now() / 1000) + expiresIn;
  const inner = mtprotoSchema().encode({
    _: "bind_auth_key_inner",
    nonce: 7n,
    tempAuthKeyId: asLong(temporary.authKey.id),
    permAuthKeyId: asLong(permanent.authKey.id),
    tempSessionId: temporary.session.sessionId,
    expiresAt,
    ...mistakes.inner,
  });
  const header = seededRandom(4)(32); // random (16), msg_id (8), seq_no (4), length (4)
  const view = new DataView(header.buffer);
  view.setBigUint64(16, msgId + later, true);
  view.setUint32(24, 0, true);
  view.setUint32(28, inner.length, true);
  const encryptedMessage = encryptOld(permanent.authKey.bytes, concatBytes(header, inner));
  if (mistakes.flip !== undefined) encryptedMessage[mistakes.flip] ^= 1;
  return apiSchema().encode({
    _: "auth.bindTempAuthKey",
    permAuthKeyId: asLong(permanent.authKey.id),
    nonce: 7n,
    expiresAt,
    encryptedMessage,
    ...mistakes.outer,
  });
}

function introduce({ apiId }: OfflineTelegram, query: Uint8Array): Uint8Array {
  const texts = { deviceModel: "d", systemVersion: "s", appVersion: "a" };
  const codes = { systemLangCode: "en", langPack: "", langCode: "en" };
  const init = { _: "initConnection", apiId, ...texts, ...codes, query };
  return apiSchema().encode({ _: "invokeWithLayer", layer: API_LAYER, query: init });
}

function refusal(outcome: Outcome): [number, string] {
  assert(outcome.type === "error");
  return [outcome.code, outcome.message];
}

const SIGN_IN: TlObject = {
  _: "auth.importBotAuthorization",
  flags: 0,
  apiId: 0,
  apiHash: "",
  botAuthToken: "777:TESTTOKEN",
};
const GET_CONFIG = apiSchema().encode({ _: "help.getConfig" });
const GET_STATE = apiSchema().encode({ _: "updates.getState" });

Deno.test("auth.bindTempAuthKey signs a temporary key in like the permanent one", async () => {
  await using telegram = new OfflineTelegram();
  const permanent = await connectRaw(telegram);
  const temporary = await connectRaw(telegram, { seed: 2, expiresIn: IN_AN_HOUR });
  const { apiId, apiHash } = telegram;
  const signIn = apiSchema().encode({ ...SIGN_IN, apiId, apiHash });
  assertEquals((await permanent.call(introduce(telegram, signIn))).type, "result");

  const before = await temporary.call(introduce(telegram, GET_STATE));
  assertEquals(refusal(before), [401, "AUTH_KEY_PERM_EMPTY"]);
  assertEquals((await temporary.call(introduce(telegram, GET_CONFIG))).type, "result");
  const bound = await temporary.call(binding(temporary, permanent));
  assert(bound.type === "result");
  assertEquals(apiSchema().decode(bound.body, "Bool"), true);
  assertEquals((await temporary.call(GET_STATE)).type, "result");
  permanent.close();
  temporary.close();
});

Deno.test("auth.bindTempAuthKey is accepted before initConnection", async () => {
  await using telegram = new OfflineTelegram();
  const permanent = await connectRaw(telegram);
  const temporary = await connectRaw(telegram, { seed: 2, expiresIn: IN_AN_HOUR });
  assertEquals((await temporary.call(binding(temporary, permanent))).type, "result");
  assertEquals(refusal(await temporary.call(GET_STATE)), [400, "CONNECTION_NOT_INITED"]);
  const introduced = await temporary.call(introduce(telegram, GET_STATE));
  assertEquals(refusal(introduced), [401, "AUTH_KEY_UNREGISTERED"]);
  permanent.close();
  temporary.close();
});

Deno.test("auth.dropTempAuthKeys forgets the other temporary keys of a permanent one", async () => {
  await using telegram = new OfflineTelegram();
  const permanent = await connectRaw(telegram);
  const [asking, kept, dropped, other] = await Promise.all(
    [2, 3, 4, 5].map((seed) => connectRaw(telegram, { seed, expiresIn: IN_AN_HOUR })),
  );
  for (const one of [asking, kept, dropped]) {
    assertEquals((await one.call(binding(one, permanent))).type, "result");
  }
  const exceptAuthKeys = [asLong(kept.authKey.id)];
  const drop = apiSchema().encode({ _: "auth.dropTempAuthKeys", exceptAuthKeys });
  const done = await asking.call(introduce(telegram, drop));
  assert(done.type === "result");
  assertEquals(apiSchema().decode(done.body, "Bool"), true);
  for (const one of [asking, kept, other]) {
    assertEquals((await one.call(introduce(telegram, GET_STATE))).type, "error");
  }
  const { code } = await assertRejects(() => dropped.call(GET_STATE), TransportError);
  assertEquals(code, -404);
  for (const client of [permanent, asking, kept, dropped, other]) client.close();
});

Deno.test("destroy_auth_key forgets a permanent key and its temporary keys only", async () => {
  await using telegram = new OfflineTelegram();
  const permanent = await connectRaw(telegram);
  const temporary = await connectRaw(telegram, { seed: 2, expiresIn: IN_AN_HOUR });
  const other = await connectRaw(telegram, { seed: 3 });
  assertEquals((await temporary.call(binding(temporary, permanent))).type, "result");
  permanent.session.call(mtprotoSchema().encode({ _: "destroy_auth_key" }));
  await permanent.call(introduce(telegram, GET_STATE));
  for (const one of [permanent, temporary]) {
    const { code } = await assertRejects(() => one.call(GET_STATE), TransportError);
    assertEquals(code, -404);
  }
  assertEquals((await other.call(introduce(telegram, GET_STATE))).type, "error");
  for (const client of [permanent, temporary, other]) client.close();
});

Deno.test("auth.bindTempAuthKey refuses a message for another session, key or nonce", async () => {
  await using telegram = new OfflineTelegram();
  const permanent = await connectRaw(telegram);
  const temporary = await connectRaw(telegram, { seed: 2, expiresIn: IN_AN_HOUR });
  const stranger = await connectRaw(telegram, { seed: 3 });
  await temporary.call(introduce(telegram, GET_STATE));
  const all: readonly Mistakes[] = [
    { flip: 0 }, // auth_key_id
    { flip: 8 }, // msg_key
    { flip: 60 }, // the encrypted message
    { inner: { nonce: 8n } },
    { inner: { tempAuthKeyId: 8n } },
    { inner: { permAuthKeyId: 8n } },
    { inner: { tempSessionId: 8n } },
    { inner: { expiresAt: 8 } },
    { later: 4n },
    { expiresIn: -1 },
    { expiresIn: 2 * IN_AN_HOUR },
    { outer: { permAuthKeyId: 8n } },
    { outer: { permAuthKeyId: asLong(stranger.authKey.id) } },
    { outer: { permAuthKeyId: asLong(temporary.authKey.id) } },
    { outer: { encryptedMessage: new Uint8Array(0) } },
    { outer: { encryptedMessage: new Uint8Array(104) } },
  ];
  for (const mistakes of all) {
    const outcome = await temporary.call(binding(temporary, permanent, mistakes));
    assertEquals(refusal(outcome), REFUSED, Deno.inspect(mistakes));
  }
  const bound = await temporary.call(binding(temporary, permanent));
  assertEquals(bound.type, "result", "a correct message is accepted after them");
  for (const client of [permanent, temporary, stranger]) client.close();
});

Deno.test("auth.bindTempAuthKey refuses a key that does not expire", async () => {
  await using telegram = new OfflineTelegram();
  const permanent = await connectRaw(telegram);
  const other = await connectRaw(telegram, { seed: 2 });
  const outcome = await other.call(binding(other, permanent));
  assertEquals(refusal(outcome), [400, "TEMP_AUTH_KEY_EMPTY"]);
  permanent.close();
  other.close();
});

Deno.test("A temporary key cannot be bound to another permanent key later", async () => {
  await using telegram = new OfflineTelegram();
  const permanent = await connectRaw(telegram);
  const other = await connectRaw(telegram, { seed: 2 });
  const temporary = await connectRaw(telegram, { seed: 3, expiresIn: IN_AN_HOUR });
  for (let i = 0; i < 2; i++) {
    assertEquals((await temporary.call(binding(temporary, permanent))).type, "result");
  }
  const outcome = await temporary.call(binding(temporary, other));
  assertEquals(refusal(outcome), [400, "TEMP_AUTH_KEY_ALREADY_BOUND"]);
  for (const client of [permanent, other, temporary]) client.close();
});

/** Makes a temporary key that is bound and works. */
async function bound(telegram: OfflineTelegram, seed: number): Promise<[RawClient, RawClient]> {
  const permanent = await connectRaw(telegram, { seed });
  const temporary = await connectRaw(telegram, { seed: seed + 1, expiresIn: IN_AN_HOUR });
  await temporary.call(binding(temporary, permanent));
  const { apiId, apiHash } = telegram;
  const signIn = apiSchema().encode({ ...SIGN_IN, apiId, apiHash });
  assertEquals((await temporary.call(introduce(telegram, signIn))).type, "result");
  return [permanent, temporary];
}

Deno.test("forgetTemporaryKeys() and unbindTemporaryKeys() leave other keys alone", async () => {
  await using telegram = new OfflineTelegram();
  const [permanent, temporary] = await bound(telegram, 1);
  const dc = telegram.dc(2);
  const { idHex } = permanent.authKey;
  assertEquals(dc.permanentKeyOf(idHex), idHex);
  assertEquals(dc.permanentKeyOf(temporary.authKey.idHex), idHex);
  assertEquals(dc.permanentKeyOf("0123456789abcdef"), undefined);
  dc.unbindTemporaryKeys();
  assertEquals(dc.permanentKeyOf(temporary.authKey.idHex), undefined);
  assertEquals(refusal(await temporary.call(GET_STATE)), [401, "AUTH_KEY_PERM_EMPTY"]);
  assertEquals((await permanent.call(introduce(telegram, GET_STATE))).type, "result");
  dc.forgetTemporaryKeys();
  const { code } = await assertRejects(() => temporary.call(GET_STATE), TransportError);
  assertEquals(code, -404);
  assertEquals((await permanent.call(GET_STATE)).type, "result");
  for (const client of [permanent, temporary]) client.close();
});

Deno.test("A log-out ends the temporary keys, and not the permanent key", async () => {
  await using telegram = new OfflineTelegram();
  const [permanent, temporary] = await bound(telegram, 1);
  const [otherPermanent, otherTemporary] = await bound(telegram, 5);
  const logOut = apiSchema().encode({ _: "auth.logOut" });
  assertEquals((await temporary.call(logOut)).type, "result");
  const { code } = await assertRejects(() => temporary.call(GET_STATE), TransportError);
  assertEquals(code, -404);
  const after = await permanent.call(introduce(telegram, GET_STATE));
  assertEquals(refusal(after), [401, "AUTH_KEY_UNREGISTERED"]);
  assertEquals((await otherTemporary.call(GET_STATE)).type, "result");
  for (const client of [permanent, temporary, otherPermanent, otherTemporary]) client.close();
});

Deno.test("A temporary key expires by the clock of its data center", async () => {
  const clock = new FakeClock();
  await using telegram = new OfflineTelegram({ clock });
  const temporary = await connectRaw(telegram, { expiresIn: IN_AN_HOUR, now: () => clock.now() });
  assertEquals((await temporary.call(introduce(telegram, GET_CONFIG))).type, "result");
  await clock.advance(IN_AN_HOUR * 1000);
  const { code } = await assertRejects(() => temporary.call(GET_CONFIG), TransportError);
  assertEquals(code, -404);
  temporary.close();
});

Deno.test("The trouble refuseBinding refuses one binding", async () => {
  await using telegram = new OfflineTelegram();
  const permanent = await connectRaw(telegram);
  const temporary = await connectRaw(telegram, { seed: 2, expiresIn: IN_AN_HOUR });
  telegram.dc(2).makeTrouble({ kind: "refuseBinding" });
  assertEquals(refusal(await temporary.call(binding(temporary, permanent))), REFUSED);
  assertEquals((await temporary.call(binding(temporary, permanent))).type, "result");
  for (const client of [permanent, temporary]) client.close();
});
