/** Downloads from CDNs, and the ways back from there. https://core.telegram.org/cdn */
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";
import { testRsaKey } from "../../src/testing/mod.ts";
import type { Api, TlObject } from "../../src/tl/mod.ts";
import { callsAtCdn, CDN, cdnWorld, changing, refuse } from "./cdn_world.ts";
import { bytesOf } from "./bytes.ts";

const KIB = 1024;
const MIB = KIB * KIB;
const GET = "upload.getFile";
const GET_CDN = "upload.getCdnFile";
const HASHES = "upload.getCdnFileHashes";
const REUPLOAD = "upload.reuploadCdnFile";

Deno.test("A file that a CDN gives out is read there, decrypted and checked", async () => {
  await using cdn = await cdnWorld();
  const { world, bytes } = cdn;
  assertSameBytes(await cdn.read(), bytes);
  assertEquals(new Set(callsAtCdn(cdn).map(({ _ }) => _)), new Set([GET_CDN]));
  assertEquals(world.requests(REUPLOAD).length, 1);
  assert(world.requests(GET).length <= 6); // those that were under way when the first was sent on
  assert(world.requests(GET).every(({ cdnSupported }) => cdnSupported === true));
  const before = callsAtCdn(cdn).length;
  assertSameBytes(await cdn.read(), bytes);
  assertEquals(callsAtCdn(cdn).length - before, 7);
});

Deno.test("A CDN learns nothing of the person, and gets no other wrappers", async () => {
  const seen: TlObject[] = [];
  await using cdn = await cdnWorld(MIB, {}, { deviceModel: "My own phone", appVersion: "7.7" });
  const { world } = cdn;
  const { api } = world.telegram;
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    if (caller.dcId === CDN) seen.push({ _: request._, ...caller.device });
    return handle(request, caller);
  };
  assertSameBytes(await cdn.read(), cdn.bytes);
  assert(seen.length > 0);
  for (const call of seen) {
    const unknown = { deviceModel: "n/a", systemVersion: "n/a", appVersion: "n/a" };
    assertEquals(call, { _: GET_CDN, ...unknown });
  }
  assertEquals(world.imports, 0);
});

Deno.test("Neither the address nor the key of a CDN is kept in the session", async () => {
  await using cdn = await cdnWorld(MIB);
  assertSameBytes(await cdn.read(), cdn.bytes);
  const { dcs } = cdn.world.client.session.state;
  assertEquals(dcs.map(({ id }) => id), [2]);
});

Deno.test("A client with forward secrecy binds no key at a CDN, which takes none", async () => {
  await using cdn = await cdnWorld(MIB, {}, { forwardSecrecy: true });
  const { api } = cdn.world.telegram;
  const methods = new Set<string>();
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    if (caller.dcId === CDN) methods.add(request._);
    return handle(request, caller);
  };
  assertSameBytes(await cdn.read(), cdn.bytes);
  assertEquals(methods, new Set([GET_CDN]));
});

Deno.test("A range of a file is read from a CDN, wherever it begins in a window", async () => {
  await using cdn = await cdnWorld();
  const { bytes } = cdn;
  const ranges = [[0, 1], [1, 1], [131_071, 2], [MIB - 1, 2], [200_000, 7], [5, 2 * MIB], [
    3 * MIB,
    17,
  ]];
  for (const [offset, length] of ranges) {
    assertSameBytes(await cdn.read(offset, length), bytes.subarray(offset, offset + length));
  }
  assertSameBytes(await cdn.read(MIB + 3), bytes.subarray(MIB + 3));
  for (const { offset, limit } of callsAtCdn(cdn)) {
    assertEquals(Number(offset) % (128 * KIB), 0); // a whole window
    assert((limit as number) <= 512 * KIB);
  }
});

Deno.test("A long file is checked by hashes that are asked for, each once", async () => {
  await using cdn = await cdnWorld(4 * MIB + 1);
  assertSameBytes(await cdn.read(), cdn.bytes);
  const asked = cdn.world.requests(HASHES);
  // A redirect has ten hashes, and each answer ten more: 33 windows.
  assert(asked.length > 0 && asked.length <= 9, `${asked.length} calls`);
});

Deno.test("A small file is not worth the way to a CDN", async () => {
  await using cdn = await cdnWorld(100 * KIB);
  assertSameBytes(await cdn.read(), cdn.bytes);
  assertEquals(callsAtCdn(cdn), []);
});

Deno.test("Over WebSocket no file is asked for from a CDN, which has none", async () => {
  await using cdn = await cdnWorld(MIB, {}, { useWSS: true, obfuscated: false });
  assertSameBytes(await cdn.read(), cdn.bytes);
  assertEquals(callsAtCdn(cdn), []);
  assert(cdn.world.requests(GET).every(({ cdnSupported }) => cdnSupported === undefined));
});

Deno.test("All connections to a CDN share a key, which outlives them", async () => {
  await using cdn = await cdnWorld(2 * MIB);
  const { world } = cdn;
  world.answer = () => world.clock.sleep(200).then(() => undefined);
  for (let downloads = 0; downloads < 2; downloads++) {
    assertSameBytes(await cdn.read(), cdn.bytes);
    await world.clock.advance(20_000);
  }
  const callers = world.calls.filter(({ caller }) => caller.dcId === CDN);
  const keys = new Set(callers.map(({ caller }) => caller.authKeyId));
  const sessions = new Set(callers.map(({ caller }) => caller.sessionId));
  assertEquals([keys.size, sessions.size], [1, 4]); // two connections at a time
  assert(world.calls.every(({ caller }) => caller.dcId === CDN || !keys.has(caller.authKeyId)));
});

Deno.test("A file of another data center is uploaded again to the CDN there", async () => {
  await using cdn = await cdnWorld(MIB, { dcs: [2, 4] });
  const { world, id } = cdn;
  world.telegram.api.moveFile(id, 4);
  assertSameBytes(await cdn.read(), cdn.bytes);
  const origins = world.calls.filter(({ request }) => request._ === REUPLOAD);
  assertEquals(origins.map(({ caller }) => caller.dcId), [4]);
});

Deno.test("A CDN that loses its copy again gets it again", async () => {
  await using cdn = await cdnWorld(5 * MIB);
  const { world } = cdn;
  world.answer = ({ request }, nth) => {
    if (request._ === GET_CDN && nth === 9) world.telegram.api.loseCdnFiles();
    return undefined;
  };
  assertSameBytes(await cdn.read(), cdn.bytes);
  assert(world.requests(REUPLOAD).length >= 2);
});

Deno.test("A reupload that takes too long is waited for, and asked for again", async () => {
  await using cdn = await cdnWorld(MIB);
  const { telegram } = cdn.world;
  telegram.api.failNext(REUPLOAD, { code: 500, message: "CDN_UPLOAD_TIMEOUT" });
  assertSameBytes(await cdn.read(), cdn.bytes);
  assert(callsAtCdn(cdn).length > 2);
});

Deno.test("A CDN that wants the file on and on is left", async () => {
  await using cdn = await cdnWorld(MIB);
  const { world, bytes } = cdn;
  const needed = { _: "upload.cdnFileReuploadNeeded", requestToken: new Uint8Array(3) };
  world.answer = ({ request }) =>
    request._ === GET_CDN ? needed : request._ === REUPLOAD ? [] : undefined;
  assertSameBytes(await cdn.read(), bytes);
  assert(callsAtCdn(cdn).length <= 4 * 2); // no part is asked for more than four times
});

Deno.test("A void token leads back to the file's data center, and to the next token", async () => {
  await using cdn = await cdnWorld(5 * MIB);
  const { world } = cdn;
  world.answer = ({ request }, nth) => {
    if (request._ === GET_CDN && nth === 9) world.telegram.api.expireCdnTokens();
    return undefined;
  };
  assertSameBytes(await cdn.read(), cdn.bytes);
  const tokens = new Set(callsAtCdn(cdn).map(({ fileToken }) => String(fileToken)));
  assertEquals(tokens.size, 2);
});

for (
  const [method, message] of [
    [GET_CDN, "FILE_TOKEN_INVALID"],
    [REUPLOAD, "FILE_TOKEN_INVALID"],
    [REUPLOAD, "REQUEST_TOKEN_INVALID"],
    [REUPLOAD, "RSA_DECRYPT_FAILED"],
    [REUPLOAD, "CDN_UPLOAD_TIMEOUT"],
    [GET_CDN, "FLOOD_WAIT_2000000000"],
    [GET_CDN, "FILE_MIGRATE_3"],
    [GET_CDN, "AUTH_KEY_UNREGISTERED"],
    [GET_CDN, "SESSION_REVOKED"],
    [GET_CDN, "RPC_CALL_FAIL"],
  ]
) {
  Deno.test(`A file is read without its CDN after ${message} of ${method}`, async () => {
    await using cdn = await cdnWorld(MIB + 5);
    const { world } = cdn;
    world.answer = ({ request }) => request._ === method ? refuse(400, message) : undefined;
    assertSameBytes(await cdn.read(), cdn.bytes);
    assertEquals(world.client.session.state.user !== undefined, true);
    assertEquals(world.imports, 0);
    assert(callsAtCdn(cdn).length <= 40);
    const last = world.requests(GET).at(-1);
    assertEquals(last?.cdnSupported, undefined);
  });
}

Deno.test("A CDN that cannot be reached is left, and is not tried again for a while", async () => {
  await using cdn = await cdnWorld(MIB);
  const { world, bytes } = cdn;
  const { telegram, clock } = world;
  for (const refuses of [true, false]) {
    telegram.unplug(`cdn${CDN}.offline`, { refuses });
    const before = clock.monotonic();
    assertSameBytes(await cdn.read(), bytes);
    const after = clock.monotonic();
    assert(after - before < 15_000, `${after - before} ms`);
    const { length } = world.requests(GET);
    assertSameBytes(await cdn.read(), bytes);
    assert(clock.monotonic() - after < 1000);
    const later = world.requests(GET).slice(length);
    assert(later.every(({ cdnSupported }) => cdnSupported === undefined));
    await clock.advance(600_000);
  }
  telegram.plug(`cdn${CDN}.offline`);
  assertEquals(callsAtCdn(cdn), []);
  assertSameBytes(await cdn.read(), bytes);
  assert(callsAtCdn(cdn).length > 0);
});

Deno.test("A CDN that answers nothing is left after a minute", async () => {
  await using cdn = await cdnWorld(MIB);
  const { world } = cdn;
  world.answer = ({ request }) => request._ === GET_CDN ? new Promise(() => {}) : undefined;
  const before = world.clock.monotonic();
  const reading = bytesOf(world.client.download(cdn.message));
  assertSameBytes(await world.run(reading, 1000), cdn.bytes);
  assert(world.clock.monotonic() - before < 70_000);
});

for (
  const [what, publicKeys] of [
    ["no key", []],
    ["the key of another CDN", [{ _: "cdnPublicKey", dcId: 204, publicKey: "" }]],
    ["a key that cannot be read", [{ _: "cdnPublicKey", dcId: CDN, publicKey: "-----BEGIN" }]],
  ] as const
) {
  Deno.test(`A CDN of which Telegram names ${what} is not called`, async () => {
    await using cdn = await cdnWorld(MIB);
    changing(cdn, "help.getCdnConfig", () => ({ _: "cdnConfig", publicKeys }));
    assertSameBytes(await cdn.read(), cdn.bytes);
    assertEquals(callsAtCdn(cdn), []);
  });
}

Deno.test("A CDN without an address of its own is not called", async () => {
  await using cdn = await cdnWorld(MIB);
  changing<Api.config>(cdn, "help.getConfig", (config) => ({
    ...config,
    dcOptions: config.dcOptions.map((one) => ({ ...one, cdn: undefined })),
  }));
  assertSameBytes(await cdn.read(), cdn.bytes);
  assertEquals(callsAtCdn(cdn), []);
});

Deno.test("A CDN that does not have the named key is left, without a call", async () => {
  await using cdn = await cdnWorld(MIB);
  const { formatRsaPublicKey } = await import("../../src/crypto/entry.ts");
  const publicKey = formatRsaPublicKey(testRsaKey(2));
  changing(cdn, "help.getCdnConfig", () => ({
    _: "cdnConfig",
    publicKeys: [{ _: "cdnPublicKey", dcId: CDN, publicKey }],
  }));
  assertSameBytes(await cdn.read(), cdn.bytes);
  assertEquals(callsAtCdn(cdn), []);
});

Deno.test("A data center is no CDN, though a redirect names it", async () => {
  await using cdn = await cdnWorld(MIB, { dcs: [2, 4] });
  const { world } = cdn;
  changing<Api.upload.File>(
    cdn,
    GET,
    (answer) => answer._ === "upload.fileCdnRedirect" ? { ...answer, dcId: 4 } : answer,
  );
  assertSameBytes(await cdn.read(), cdn.bytes);
  assert(world.calls.every(({ caller }) => caller.dcId === 2));
});

Deno.test("A CDN that forgets its keys gets a new one", async () => {
  await using cdn = await cdnWorld(2 * MIB);
  const { world, bytes } = cdn;
  assertSameBytes(await cdn.read(), bytes);
  await world.clock.advance(120_000);
  world.telegram.dc(CDN).forgetKeys();
  const before = callsAtCdn(cdn).length;
  assertSameBytes(await cdn.read(), bytes);
  assert(callsAtCdn(cdn).length - before >= 4);
});

Deno.test("Updates of a CDN are dropped, whatever they are", async () => {
  const updates: unknown[] = [];
  const onUpdates = (update: unknown): void => void updates.push(update);
  await using cdn = await cdnWorld(4 * MIB, {}, { onUpdates });
  const { world } = cdn;
  world.answer = ({ request }, nth) => {
    if (request._ !== GET_CDN) return undefined;
    const update = { _: "updateConfig" };
    if (nth === 5) {
      const short = { _: "updateShort", update, date: 1 };
      void world.telegram.dc(CDN).pushToAll(short);
    }
    return world.clock.sleep(10).then(() => undefined);
  };
  const { length } = updates;
  assertSameBytes(await cdn.read(), cdn.bytes);
  assertEquals(updates.length, length);
});

Deno.test("A download from a CDN that is aborted fails with the reason, at once", async () => {
  await using cdn = await cdnWorld(10 * MIB);
  const { world, message } = cdn;
  world.answer = () => world.clock.sleep(100).then(() => undefined);
  const abort = new AbortController();
  const reading = bytesOf(world.client.download(message, { signal: abort.signal }));
  reading.catch(() => {});
  await world.clock.advance(800);
  assert(callsAtCdn(cdn).length > 0);
  abort.abort(new Error("enough"));
  await assertRejects(() => reading, Error, "enough");
  const { length } = world.calls;
  await world.clock.advance(5000);
  assertEquals(world.calls.length, length);
});

Deno.test("A client that disconnects leaves the CDN, and comes back", async () => {
  await using cdn = await cdnWorld(MIB);
  const { world } = cdn;
  assertSameBytes(await cdn.read(), cdn.bytes);
  await world.client.disconnect();
  await world.run(world.client.connect());
  const before = callsAtCdn(cdn).length;
  assertSameBytes(await cdn.read(), cdn.bytes);
  assert(callsAtCdn(cdn).length > before);
});
