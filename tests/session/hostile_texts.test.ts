/** Texts that were made to do harm, and texts from somebody else that name files. */

import { DatabaseSync } from "node:sqlite";
import {
  MemorySession,
  SessionError,
  SqliteSession,
  StringSession,
  unsealText,
} from "../../mod.ts";
import {
  exportSession,
  importSession,
  importSessionString,
} from "../../src/session/convert/mod.ts";
import { findDc } from "../../src/session/mod.ts";
import { encodeBase64Url, encodeUtf8 } from "../../src/crypto/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { PEERS, stateOf } from "../helpers/states.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
let files = 0;
const newPath = (): string => `${FOLDER}/${files++}.session`;

/** MTKruto writes a run of zeros as two bytes: each pair becomes 255. */
const MANY_ZEROS = encodeBase64Url(
  Uint8Array.from({ length: 400_000 }, (_, at) => at < 4 ? [1, 50, 254, 0][at] : at % 2 * 255),
);
const HUGE: Readonly<Record<string, string>> = {
  "a string of MTKruto with zeros": MANY_ZEROS,
  "a string of Telethon or GramJS": `1${"A".repeat(20_000_000)}`,
  "a string of any library": "B".repeat(20_000_000),
  "a state": `tessera1.${"A".repeat(20_000_000)}.0`,
  "a sealed text": `tessera-sealed1.${"A".repeat(20_000_000)}`,
  "a session of gotd": `{"Data":${"[".repeat(20_000_000)}`,
  "deep JSON": `{"Data":${"[".repeat(900_000)}`,
  "white space": " ".repeat(20_000_000),
};

/** Milliseconds on a busy machine. What takes quadratic time takes days. */
const MAX_TIME = 60_000;

for (const [kind, text] of Object.entries(HUGE)) {
  Deno.test(`A huge text is refused before it costs anything: ${kind}`, async () => {
    const bytes = encodeUtf8(text);
    const readers = [
      () => importSessionString(text, { secret: "correct horse" }),
      () => importSession(text, { secret: "correct horse" }),
      () => importSession(bytes, { secret: "correct horse" }),
      () => unsealText(text, "correct horse"),
      async () => await Promise.resolve(new StringSession(text)),
    ];
    const isEmpty = text.trim() === ""; // a new session for StringSession
    for (const read of isEmpty ? readers.slice(0, -1) : readers) {
      const begun = performance.now();
      const before = Deno.memoryUsage();
      await assertRejects(read, SessionError);
      const after = Deno.memoryUsage();
      assert(performance.now() - begun < MAX_TIME, `it took ${performance.now() - begun} ms`);
      const used = after.heapUsed + after.external - before.heapUsed - before.external;
      assert(used < 100_000_000, `it took ${used} bytes`);
    }
  });
}

Deno.test("A sealed text that asks for hours of work is refused", async () => {
  const bytes = new Uint8Array(100);
  bytes.set([1, 0, 0x98, 0x96, 0x80]); // 10,000,000 rounds
  const { checkSum } = await import("../../src/session/state/check_sum.ts");
  bytes.set(checkSum(bytes.subarray(0, 96), 4), 96);
  const text = `tessera-sealed1.${encodeBase64Url(bytes)}`;
  await assertRejects(() => unsealText(text, "x"), SessionError, "10000000 iterations");
});

Deno.test("importSessionString() never opens a file", async () => {
  const path = newPath();
  const dcs = [{ id: 4, host: "149.154.167.91", port: 443, authKey: new Uint8Array(256).fill(1) }];
  const session = new MemorySession({ dcId: 4, dcs });
  const text = await exportSession(session, "telethon");
  await Deno.writeTextFile(path, text);
  assertEquals((await importSession(path)).format, "telethon");
  for (const name of [path, path.replace(".session", ""), `file://${path}`, "/etc/passwd"]) {
    const error = await assertRejects(() => importSessionString(name), SessionError);
    assert(!error.message.includes(FOLDER));
  }
  assertEquals(findDc((await importSessionString(` ${text}\n`)).state)?.id, 4);
  const secret = "correct horse";
  const sealed = await exportSession(session, "telethon", { secret });
  await assertRejects(() => importSessionString(sealed), SessionError, "it is sealed");
  assertEquals((await importSessionString(sealed, { secret })).format, "telethon");
});

Deno.test("importSession() of a file with an unreadable row ends with a SessionError", async () => {
  const path = newPath();
  const session = new SqliteSession(path);
  await session.load();
  session.state = stateOf(1);
  await session.save();
  await session.peers.put(PEERS);
  await session.close();
  const database = new DatabaseSync(path);
  database.exec("UPDATE entry SET value = 'tessera1.damaged.0' WHERE key = 'own:session'");
  database.close();
  await assertRejects(() => importSession(path), SessionError, "it is damaged");
  const sealedPath = await exportSession(new MemorySession(stateOf(1)), "tessera-file", {
    path: newPath(),
    secret: "correct horse",
  });
  const sealed = new DatabaseSync(sealedPath);
  sealed.exec("INSERT INTO entry VALUES ('own:peers:00', 'no sealed text')");
  sealed.close();
  const imported = await importSession(sealedPath, { secret: "correct horse" });
  assertEquals(imported.format, "tessera-file");
  for (const one of [path, sealedPath]) { // neither holds its lease
    const rows = new DatabaseSync(one);
    assertEquals(rows.prepare("SELECT 1 FROM entry WHERE key LIKE '%:lease'").get(), undefined);
    rows.close();
  }
});

Deno.test("importSession() leaves out a peer of mtcute that cannot be read", async () => {
  const session = new MemorySession(stateOf(1));
  await session.peers.put(PEERS);
  const path = await exportSession(session, "mtcute-file", { path: newPath() });
  const database = new DatabaseSync(path);
  database.exec("UPDATE peers SET usernames = '{'");
  database.close();
  const names: string[] = [];
  for await (const { usernames } of (await importSession(path)).peers.all()) {
    names.push(...usernames);
  }
  assertEquals(names, []);
});

Deno.test("importSession() refuses an address that no client can use", async () => {
  for (const dc of [{ host: "", port: 443 }, { host: "a b", port: 443 }, { host: "a", port: 0 }]) {
    const path = `${FOLDER}/address${files++}.session`;
    const database = new DatabaseSync(path);
    database.exec(`CREATE TABLE sessions (dc_id, server_address, port, auth_key);
      CREATE TABLE entities (id, hash, username, phone)`);
    database.prepare("INSERT INTO sessions VALUES (9, ?, ?, zeroblob(256))").run(dc.host, dc.port);
    database.close();
    await assertRejects(() => importSession(path), SessionError, "it is damaged");
  }
});
