import {
  type KeyValueStore,
  sealText,
  SessionError,
  SqliteSession,
  StoreSession,
  StringSession,
  unsealText,
} from "../../mod.ts";
import { decodeBase64, encodeBase64, encodeBase64Url } from "../../src/crypto/mod.ts";
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "../assert.ts";
import { describeSession } from "./conformance.ts";
import { numberOf, PEERS, stateOf } from "./states.ts";

const PASSPHRASE = "correct horse battery stapl\u00e9";
const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);

Deno.test("unsealText() gives back what sealText() sealed, and two seals of one text differ", async () => {
  for (const secret of [PASSPHRASE, KEY]) {
    const texts = [await sealText("a session", secret), await sealText("a session", secret)];
    assertNotEquals(texts[0], texts[1]);
    for (const text of texts) assertEquals(await unsealText(text, secret), "a session");
  }
  // However the accent was typed.
  const sealed = await sealText("x", PASSPHRASE);
  assertEquals(await unsealText(sealed, PASSPHRASE.normalize("NFD")), "x");
});

Deno.test("unsealText() tells a wrong passphrase from a damaged text", async () => {
  const sealed = await sealText("a session", PASSPHRASE);
  await assertRejects(() => unsealText(sealed, "wrong"), SessionError, "passphrase is a wrong one");
  await assertRejects(() => unsealText(sealed, KEY), SessionError, "sealed with a passphrase");
  await assertRejects(() => unsealText("1BVt", PASSPHRASE), SessionError, "it is not sealed");
  const later = sealed.replace("sealed1", "sealed2");
  await assertRejects(() => unsealText(later, PASSPHRASE), SessionError, "a later tessera");
  for (const length of [20, 60, sealed.length - 1]) {
    const short = sealed.slice(0, length);
    await assertRejects(() => unsealText(short, PASSPHRASE), SessionError, "damaged or cut short");
  }
});

Deno.test("unsealText() notices every bit that is flipped", async () => {
  const sealed = await sealText("a session", KEY);
  const [prefix, body] = sealed.split(".");
  const bytes = decodeBase64(body);
  for (let bit = 0; bit < bytes.length * 8; bit += 3) {
    const flipped = bytes.slice();
    flipped[bit >> 3] ^= 1 << bit % 8;
    const text = `${prefix}.${encodeBase64Url(flipped)}`;
    await assertRejects(() => unsealText(text, KEY), SessionError, "damaged or cut short");
  }
});

Deno.test("A sealed text cannot be put in the place of another", async () => {
  const sealed = await sealText("a session", KEY, "one");
  assertEquals(await unsealText(sealed, KEY, "one"), "a session");
  await assertRejects(() => unsealText(sealed, KEY, "two"), SessionError, "wrong one");
});

Deno.test("sealText() refuses an empty passphrase and a key of another length", async () => {
  await assertRejects(() => sealText("x", ""), TypeError, "an empty passphrase");
  await assertRejects(() => sealText("x", new Uint8Array(16)), TypeError, "a key of 16 bytes");
});

Deno.test("A sealed session in any store shows nothing of key or peers, and is whole with the passphrase", async () => {
  const values = new Map<string, string>();
  const store: KeyValueStore = {
    get: (key) => values.get(key),
    set: (key, value) => values.set(key, value),
    delete: (key) => values.delete(key),
  };
  const session = new StoreSession("me", store, { secret: PASSPHRASE });
  await session.load();
  session.state = stateOf(3);
  await session.save();
  await session.peers.put(PEERS);
  const before = await describeSession(session);
  await session.close();
  const kept = JSON.stringify([...values]);
  const key = encodeBase64(stateOf(3).dcs[0].authKey ?? new Uint8Array()).slice(0, 12);
  for (const secret of [key, "42777", "telegram", "149.154"]) assert(!kept.includes(secret));

  const again = new StoreSession("me", store, { secret: PASSPHRASE });
  await again.load();
  assertEquals(await describeSession(again), before);
  await again.close();
  for (const [secret, says] of [["wrong", "wrong one"], [undefined, "it is sealed"]] as const) {
    await assertRejects(() => new StoreSession("me", store, { secret }).load(), SessionError, says);
  }
  assertEquals(JSON.stringify([...values]), kept);
});

Deno.test("A sealed SqliteSession opens with its passphrase only, and a wrong one changes nothing", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/sealed`;
  const session = new SqliteSession(path, { secret: PASSPHRASE });
  await session.load();
  session.state = stateOf(8);
  await session.save();
  await session.peers.put(PEERS);
  await session.close();
  const bytes = new TextDecoder("latin1").decode(await Deno.readFile(session.path));
  assert(!bytes.includes("user_8") && !bytes.includes("Telegram"));
  await assertRejects(() => new SqliteSession(path).load(), SessionError, "it is sealed");
  const wrong = new SqliteSession(path, { secret: "wrong" });
  await assertRejects(() => wrong.load(), SessionError, "wrong one");
  await session.load();
  assertEquals(numberOf(session.state), 8);
  assertEquals(await session.peers.byId(777000n), PEERS[0]);
  await session.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("StringSession says that a string is sealed", async () => {
  const sealed = await sealText("1...", KEY);
  assertThrows(() => new StringSession(sealed), SessionError, "what unsealText() gives");
});
