import {
  type KeyValueStore,
  sealText,
  SessionError,
  SqliteSession,
  StoreSession,
  StringSession,
  unsealText,
} from "../../mod.ts";
import {
  concatBytes,
  decodeBase64,
  encodeBase64,
  encodeBase64Url,
  encodeUtf8,
  sha256,
} from "../../src/crypto/mod.ts";
import { createCipheriv, pbkdf2Sync } from "node:crypto";
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "../helpers/assert.ts";
import { describeSession } from "../helpers/store_conformance.ts";
import { numberOf, PEERS, stateOf } from "../helpers/states.ts";

const PASSPHRASE = "correct horse battery stapl\u00e9";
const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);

Deno.test("unsealText() reverses sealText(), and two seals of one text differ", async () => {
  for (const secret of [PASSPHRASE, KEY]) {
    const texts = [await sealText("a session", secret), await sealText("a session", secret)];
    assertNotEquals(texts[0], texts[1]);
    for (const text of texts) assertEquals(await unsealText(text, secret), "a session");
    // However the accent was typed.
    if (typeof secret !== "string") continue;
    assertEquals(await unsealText(texts[0], secret.normalize("NFD")), "a session");
  }
});

Deno.test("unsealText() distinguishes a wrong passphrase from a damaged text", async () => {
  const sealed = await sealText("a session", PASSPHRASE);
  await assertRejects(() => unsealText(sealed, "wrong"), SessionError, "passphrase is wrong");
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

/** A text sealed by OpenSSL, as the head of sealer.ts describes it. */
function sealByHand(text: string, name: string, secret: string | Uint8Array): string {
  const header = new Uint8Array(1 + 4 + 16);
  let key = secret;
  if (typeof key === "string") {
    header[0] = 1;
    new DataView(header.buffer).setUint32(1, 1000);
    header.fill(9, 5);
    key = pbkdf2Sync(key, header.subarray(5), 1000, 32, "sha512");
  }
  const nonce = new Uint8Array(12).fill(5);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(concatBytes(header, encodeUtf8(name)));
  const sealed = concatBytes(cipher.update(encodeUtf8(text)), cipher.final(), cipher.getAuthTag());
  const body = concatBytes(header, nonce, sealed);
  return `tessera-sealed1.${encodeBase64Url(concatBytes(body, sha256(body).subarray(0, 4)))}`;
}

Deno.test("unsealText() opens a text that OpenSSL sealed by the format's rules", async () => {
  for (const secret of ["correct horse", KEY]) {
    const sealed = sealByHand("a session", "a name", secret);
    assertEquals(await unsealText(sealed, secret, "a name"), "a session");
  }
});

Deno.test("unsealText() refuses a text that asks for no or too many iterations", async () => {
  for (const iterations of [0, 10_000_001, 2 ** 32 - 1]) {
    const [prefix, body] = sealByHand("a session", "", "secret").split(".");
    const bytes = decodeBase64(body).slice(0, -4);
    new DataView(bytes.buffer).setUint32(1, iterations);
    const text = `${prefix}.${encodeBase64Url(concatBytes(bytes, sha256(bytes).subarray(0, 4)))}`;
    const says = `it asks for ${iterations} iterations`;
    await assertRejects(() => unsealText(text, "secret"), SessionError, says);
  }
});

Deno.test("A sealed text cannot be put in the place of another", async () => {
  const sealed = await sealText("a session", KEY, "one");
  assertEquals(await unsealText(sealed, KEY, "one"), "a session");
  await assertRejects(() => unsealText(sealed, KEY, "two"), SessionError, "is wrong");
});

Deno.test("sealText() refuses an empty passphrase and a key of another length", async () => {
  await assertRejects(() => sealText("x", ""), TypeError, "an empty passphrase");
  await assertRejects(() => sealText("x", new Uint8Array(16)), TypeError, "a key of 16 bytes");
});

Deno.test("A sealed session shows no key or peer, and opens whole, in any store", async () => {
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
  for (const [secret, says] of [["wrong", "is wrong"], [undefined, "it is sealed"]] as const) {
    await assertRejects(() => new StoreSession("me", store, { secret }).load(), SessionError, says);
  }
  assertEquals(JSON.stringify([...values]), kept);
});

Deno.test("A sealed SqliteSession needs its passphrase; a wrong one changes nothing", async () => {
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
  await assertRejects(() => wrong.load(), SessionError, "is wrong");
  await session.load();
  assertEquals(numberOf(session.state), 8);
  assertEquals(await session.peers.byId(777000n), PEERS[0]);
  await session.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("StringSession reports a sealed string", async () => {
  const sealed = await sealText("1...", KEY);
  assertThrows(() => new StringSession(sealed), SessionError, "the result of unsealText()");
});
