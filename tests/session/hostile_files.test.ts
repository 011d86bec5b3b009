/**
 * SQLite files that were made to do harm, and files of other programs at the path of a session.
 * They are refused before SQLite reads a row, and are never changed.
 */

import { DatabaseSync } from "node:sqlite";
import { SessionError, SqliteSession } from "../../mod.ts";
import { importSession } from "../../src/session/convert/mod.ts";
import { DatabaseFile, StructureError } from "../../src/session/stores/database_file.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { stateOf } from "../helpers/states.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
let files = 0;
const newPath = (): string => `${FOLDER}/${files++}.session`;

/** A file that these statements made. */
function made(sql: string): string {
  const path = newPath();
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

/** A session of ours, changed by these statements. */
async function ours(sql = ""): Promise<string> {
  const path = newPath();
  const session = new SqliteSession(path);
  await session.load();
  session.state = stateOf(1);
  await session.save();
  await session.close();
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

/** Milliseconds on a busy machine. A bomb takes minutes. */
const AT_ONCE = 20_000;
const BOMB = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e9)";
/** A value of 100 MB, and of 800 MB in full. SQLite computes it when the file is made, too. */
const HUGE = runs(50_000_000, 400_000_000);
const TELETHON = "CREATE TABLE sessions (dc_id, server_address, port, auth_key BLOB)";
const FOREIGN: Readonly<Record<string, string>> = {
  "a view": `${TELETHON}; CREATE VIEW entities AS ${BOMB} SELECT i AS id, i AS hash FROM n;
    CREATE TABLE sent (entities)`,
  "a view in the place of both tables": `CREATE TABLE peers (id);
    CREATE VIEW sessions AS ${BOMB} SELECT i AS dc_id FROM n; CREATE TABLE entities (id)`,
  "a generated column": `CREATE TABLE entities (id);
    CREATE TABLE sessions (dc_id, server_address, port,
      auth_key AS (hex(zeroblob(${HUGE})))); INSERT INTO sessions VALUES (1, '', 1)`,
  "a CHECK": `${TELETHON}; CREATE TABLE entities (id CHECK (length(hex(zeroblob(1000))) > 1))`,
  "an index on an expression": `${TELETHON}; CREATE TABLE entities (id, hash);
    CREATE INDEX i ON entities (hex(zeroblob(10)))`,
  "a virtual table":
    `${TELETHON}; CREATE TABLE entities (id); CREATE VIRTUAL TABLE v USING fts5(t)`,
  "a trigger": `${TELETHON}; CREATE TABLE entities (id);
    CREATE TRIGGER t AFTER INSERT ON entities BEGIN DELETE FROM sessions; END`,
  "a hundred tables": `${TELETHON}; CREATE TABLE entities (id);
    ${Array.from({ length: 100 }, (_, n) => `CREATE TABLE t${n} (a)`).join(";")}`,
};

for (const [part, sql] of Object.entries(FOREIGN)) {
  Deno.test(`importSession() refuses a file with ${part}, at once`, async () => {
    const path = made(sql);
    const begun = performance.now();
    for (const from of [path, await Deno.readFile(path)]) {
      await assertRejects(() => importSession(from), SessionError, "Cannot");
    }
    assert(performance.now() - begun < AT_ONCE);
  });
}

const OWN: Readonly<Record<string, string>> = {
  "a trigger": `CREATE TRIGGER t AFTER INSERT ON entry BEGIN
    INSERT INTO peer SELECT i, hex(zeroblob(1000)), i, '', '' FROM (${BOMB} SELECT i FROM n); END`,
  "a view in the place of a table": "DROP TABLE peer; CREATE VIEW peer AS " +
    `${BOMB} SELECT i AS id, 'user' AS kind, i AS access_hash, '' AS usernames, '' AS phone FROM n`,
  "a generated column": `DROP TABLE entry; CREATE TABLE entry (key TEXT PRIMARY KEY,
    value TEXT NOT NULL AS (hex(zeroblob(${HUGE})))) WITHOUT ROWID;
    INSERT INTO entry VALUES ('own:session')`,
  "another table": "CREATE TABLE more (a)",
};

for (const [part, sql] of Object.entries(OWN)) {
  Deno.test(`SqliteSession and importSession() refuse a session with ${part}`, async () => {
    const path = await ours(sql);
    const before = await Deno.readFile(path);
    const begun = performance.now();
    await assertRejects(() => new SqliteSession(path).load(), SessionError, "it may be an attack");
    await assertRejects(() => importSession(path), SessionError);
    assert(performance.now() - begun < AT_ONCE);
    assertEquals(await Deno.readFile(path), before);
  });
}

/** A file in which an inner page of the table lists the same page again and again. */
function folded(path: string): Uint8Array {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer);
  const pageSize = view.getUint16(16);
  for (let start = pageSize; start < bytes.length; start += pageSize) {
    if (bytes[start] !== 5) continue;
    const last = view.getUint32(start + 8);
    for (let cell = 0; cell < view.getUint16(start + 3); cell++) {
      view.setUint32(start + view.getUint16(start + 12 + 2 * cell), last);
    }
  }
  return bytes;
}

Deno.test("importSession() refuses a file whose pages are listed twice, or missing", async () => {
  const rows = `${BOMB.replace("1e9", "5000")} INSERT INTO entities SELECT i, i, 'a', 1 FROM n`;
  const path = made(`${TELETHON}; CREATE TABLE entities (id INTEGER PRIMARY KEY, hash, username,
    phone); INSERT INTO sessions VALUES (4, '', 443, zeroblob(256)); ${rows}`);
  assertEquals((await importSession(path)).format, "telethon-file");
  const twice = folded(path);
  await assertRejects(() => importSession(twice), SessionError, "the file is damaged");
  const cut = (await Deno.readFile(path)).subarray(0, 20_000);
  await assertRejects(() => importSession(cut), SessionError, "the file is damaged");
});

Deno.test("DatabaseFile names the fault of a header, a page, a cell and a description", () => {
  const whole = Deno.readFileSync(
    made("CREATE TABLE a (b); INSERT INTO a VALUES (zeroblob(9000))"),
  );
  const faults: readonly (readonly [at: number, bytes: number[], fault: string])[] = [
    [0, [0], "its header is not of SQLite"],
    [16, [0, 100], "its header is not of SQLite"],
    [56, [0, 0, 0, 2], "its texts are not in UTF-8"],
    [16, [2, 0, 1, 1, 255], "its pages are too small"],
    [100, [1], "page 1 has a wrong type"],
    [103, [255, 255], "page 1 has too many cells"],
    [108, [255, 255], "a number ends too late"],
    [4096, [5], "is missing"],
    [4096 + 3, [3, 232], "cells of page 2 overlap"],
  ];
  for (const [at, bytes, fault] of faults) {
    const changed = whole.slice();
    changed.set(bytes, at);
    assertThrows(
      () => {
        const file = DatabaseFile.of(changed);
        for (const entry of file.schema()) file.check(entry);
      },
      StructureError,
      fault,
    );
  }
});

Deno.test("A journal that names other files is refused, and the files stay", async () => {
  const path = await ours();
  const victim = `${FOLDER}/victim`;
  await Deno.writeTextFile(victim, "precious");
  const name = new TextEncoder().encode(victim);
  const journal = new Uint8Array(512 + name.length + 20);
  const view = new DataView(journal.buffer);
  const magic = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
  journal.set(magic);
  view.setUint32(20, 512); // the size of a sector
  view.setUint32(24, 4096); // the size of a page
  const end = 512 + 4;
  journal.set(name, end);
  view.setUint32(end + name.length, name.length);
  view.setUint32(end + name.length + 4, name.reduce((sum, byte) => sum + byte, 0));
  journal.set(magic, end + name.length + 8);
  await Deno.writeFile(`${path}-journal`, journal);
  await assertRejects(() => new SqliteSession(path).load(), SessionError, "names other files");
  await assertRejects(() => importSession(path), SessionError, "names other files");
  assertEquals(await Deno.readTextFile(victim), "precious");
});

/** The bytes that this process has read; 0 where the system does not count them. */
async function bytesRead(): Promise<number> {
  const counts = await Deno.readTextFile("/proc/self/io").catch(() => "");
  return Number(/^rchar: (\d+)/.exec(counts)?.[1] ?? 0);
}

Deno.test("A huge file of another program is looked at, and not read", async () => {
  const path = newPath();
  await Deno.writeTextFile(path, "a letter");
  await Deno.truncate(path, 3 * 2 ** 30);
  const before = await bytesRead();
  await assertRejects(() => new SqliteSession(path).load(), SessionError, "it is not a session");
  await assertRejects(() => importSession(path), SessionError, "it has 3221225472 bytes");
  const database = made("CREATE TABLE sessions (dc_id); CREATE TABLE entities (id)");
  await Deno.truncate(database, 3 * 2 ** 30);
  await assertRejects(() => new SqliteSession(database).load(), SessionError, "Telethon 1");
  await assertRejects(() => importSession(database), SessionError, "it has 3221225472 bytes");
  assert(await bytesRead() - before < 2 ** 30, "it was read");
  await Deno.remove(path);
  await Deno.remove(database);
});

Deno.test("SqliteSession never touches a file of Telethon, also beside a journal", async () => {
  const path = made(`${TELETHON}; CREATE TABLE entities (id)`);
  await Deno.writeTextFile(`${path}-journal`, "a journal of Telethon");
  const before = await Deno.readFile(path);
  await assertRejects(
    () => new SqliteSession(path).load(),
    SessionError,
    "it is one of Telethon 1",
  );
  assertEquals(await Deno.readFile(path), before);
  assertEquals(await Deno.readTextFile(`${path}-journal`), "a journal of Telethon");
});

Deno.test("A session of ours whose peers are listed again and again is not read", async () => {
  const path = await ours(
    `${BOMB.replace("1e9", "9000")} INSERT INTO peer SELECT i, 'user', i, 'name', i, i FROM n`,
  );
  await Deno.writeFile(path, folded(path));
  const session = new SqliteSession(path);
  await session.load();
  await assertRejects(
    async () => {
      for await (const _peer of session.peers.all());
    },
    SessionError,
    "the file is damaged",
  );
  await session.close();
});
