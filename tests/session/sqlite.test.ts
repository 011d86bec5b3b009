import { inspect } from "node:util";
import { DatabaseSync } from "node:sqlite";
import { SessionError, SqliteSession } from "../../src/session/mod.ts";
import { sqliteError } from "../../src/session/stores/sqlite_error.ts";
import { transaction } from "../../src/session/stores/sqlite_transaction.ts";
import { SqliteStore } from "../../src/session/stores/sqlite_store.ts";
import { bytesToHex, encodeBase64 } from "../../src/crypto/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../helpers/assert.ts";
import { testStore } from "../helpers/store_conformance.ts";
import { numberOf, PEERS, stateOf } from "../helpers/states.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
let files = 0;
const newPath = (): string => `${FOLDER}/${files++}.session`;

Deno.test("transaction() rolls back after an error, and frees the file", () => {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE numbers (n INTEGER)");
  const insert = (n: number): void => database.exec(`INSERT INTO numbers VALUES (${n})`);
  const failing = (): void =>
    transaction(database, () => {
      insert(1);
      throw new Error("enough");
    });
  assertThrows(failing, Error, "enough");
  assertEquals(transaction(database, () => (insert(2), "done")), "done");
  assertEquals(database.prepare("SELECT n FROM numbers").all().map(({ n }) => n), [2]);
  database.close();
});

const own = newPath();
testStore({
  name: "The SQLite store with its own tables for peers",
  open: () => SqliteStore.open(own),
  canSwap: true,
});

Deno.test("SqliteSession appends .session unless there is a suffix, and takes URLs", () => {
  assertEquals(new SqliteSession("/a.b/me").path, "/a.b/me.session");
  assertEquals(new SqliteSession("me").path, "me.session");
  assertEquals(new SqliteSession("me.db").path, "me.db");
  assertEquals(new SqliteSession(".me").path, ".me.session");
  assertEquals(new SqliteSession(new URL("file:///tmp/a%20b")).path, "/tmp/a b.session");
  assertThrows(() => new SqliteSession(new URL("https://a/b")), TypeError, "a path or a file: URL");
  assertThrows(() => new SqliteSession("folder/"), TypeError, "expected the name of a file");
});

Deno.test("SqliteSession's files are readable by their owner only at all times", async () => {
  const path = newPath();
  const session = new SqliteSession(path);
  await session.load();
  session.state = stateOf(1);
  await session.save();
  assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  await session.close();
  assertEquals([...Deno.readDirSync(FOLDER)].some(({ name }) => name.endsWith("-journal")), false);
});

Deno.test("SqliteSession restricts an empty file that everyone can read", async () => {
  const path = newPath();
  await Deno.writeTextFile(path, "", { mode: 0o644 });
  const session = new SqliteSession(path);
  await session.load();
  assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  await session.close();
});

Deno.test("SqliteSession can be loaded again after it was closed", async () => {
  const session = new SqliteSession(newPath());
  await session.load();
  session.state = stateOf(5);
  await session.save();
  await session.close();
  await assertRejects(() => session.save(), SessionError, "Call load() first");
  await Promise.all([session.load(), session.load()]);
  assertEquals(numberOf(session.state), 5);
  await session.close();
  await session.close();
});

Deno.test("SqliteSession names the library of a foreign file, and does not change it", async () => {
  const tables: [string, string][] = [
    ["Telethon 1", "CREATE TABLE sessions (dc_id); CREATE TABLE entities (id)"],
    ["Telethon 2", "CREATE TABLE datacenter (id); CREATE TABLE user (id)"],
    ["Pyrogram", "CREATE TABLE sessions (dc_id); CREATE TABLE peers (id)"],
    ["mtcute", "CREATE TABLE key_value (key); CREATE TABLE auth_keys (dc)"],
  ];
  for (const [format, sql] of tables) {
    const path = newPath();
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA journal_mode = WAL; ${sql}`);
    database.close();
    const before = Deno.readFileSync(path);
    const error = await assertRejects(() => new SqliteSession(path).load(), SessionError, format);
    assertEquals(error.format, format);
    assertStringIncludes(error.message, "importSession()");
    assertEquals(Deno.readFileSync(path), before);
    assertEquals(
      [...Deno.readDirSync(FOLDER)].filter(({ name }) => path.endsWith(name.split("-")[0])).length,
      1,
    );
  }
  const text = newPath();
  Deno.writeTextFileSync(text, "a letter to my aunt, and by no means a session");
  await assertRejects(() => new SqliteSession(text).load(), SessionError, "it is not a session");
  const folder = newPath();
  Deno.mkdirSync(folder);
  await assertRejects(
    () => new SqliteSession(folder).load(),
    SessionError,
    "Cannot open the session",
  );
});

Deno.test("A session killed while its tables were written is a new session", async () => {
  // The header of a journal as SQLite writes it, for a file that had no page before.
  // https://sqlite.org/fileformat2.html#the_rollback_journal
  const journal = new Uint8Array(512);
  journal.set([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
  const view = new DataView(journal.buffer);
  view.setUint32(12, 1); // the nonce
  view.setUint32(20, 512); // the size of a sector
  view.setUint32(24, 4096); // the size of a page
  for (const isSettled of [false, true]) {
    const path = newPath();
    const first = new SqliteSession(path);
    await first.load();
    await first.close();
    Deno.writeFileSync(`${path}-journal`, journal);
    if (isSettled) { // and killed once more, after SQLite took the tables back
      const database = new DatabaseSync(path);
      database.exec("BEGIN IMMEDIATE; COMMIT");
      database.close();
    }
    const session = new SqliteSession(path);
    await session.load();
    assertEquals(session.state.dcs, []);
    await session.close();
  }
});

Deno.test("SqliteSession names the fault of a path, a file or a lock", async () => {
  await assertRejects(
    () => new SqliteSession(`${FOLDER}/none/x`).load(),
    SessionError,
    "there is no such folder",
  );
  const path = newPath();
  const session = new SqliteSession(path);
  await session.load();
  session.state = stateOf(1);
  await session.save();
  await session.close();

  const later = new DatabaseSync(path);
  later.exec("PRAGMA user_version = 3");
  later.close();
  await assertRejects(() => new SqliteSession(path).load(), SessionError, "a later tessera");
  const back = new DatabaseSync(path);
  back.exec("PRAGMA user_version = 2");
  back.close();

  const whole = Deno.readFileSync(path);
  Deno.writeFileSync(path, whole.subarray(0, 5000)); // cut off
  await assertRejects(() => new SqliteSession(path).load(), SessionError, "damaged");
  Deno.writeFileSync(path, whole);
  await session.load();
  assertEquals(numberOf(session.state), 1);
  await session.close();
});

Deno.test("SqliteStore reports another writing program, and writes after it", async () => {
  const path = newPath();
  const store = await SqliteStore.open(path, { patience: 20 });
  await store.set("k", "before");
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await assertRejects(
    () => store.set("k", "after"),
    SessionError,
    "another program has locked it",
  );
  assertEquals(await store.get("k"), "before");
  other.exec("ROLLBACK");
  other.close();
  await store.set("k", "after");
  assertEquals(await store.get("k"), "after");
  await store.close();
});

Deno.test("The error of a locked file names the holder of its lease", async () => {
  const path = newPath();
  const session = new SqliteSession(path, { holder: "the bot on box" });
  await session.load();
  const store = await SqliteStore.open(path, { patience: 20 });
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const text = /another program has locked it \(the bot on box holds the lease since 2/;
  for (const attempt of [() => store.set("k", "v"), () => store.peers.put(PEERS)]) {
    const error = await assertRejects(attempt, SessionError);
    assertMatch(error.message, text);
    assertEquals(error.holder, "the bot on box");
    assertInstanceOf(error.since, Date);
  }
  other.exec("ROLLBACK");
  other.close();
  await store.close();
  await session.save();
  await session.close();
  const free = await assertRejects(async () => {
    const store = await SqliteStore.open(path, { patience: 20 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    try {
      await store.set("k", "v");
    } finally {
      other.close();
      await store.close();
    }
  }, SessionError);
  assertEquals([free.holder, free.message.includes("lease")], [undefined, false]);
});

Deno.test("sqliteError() has words for a full disk and a read-only file", async () => {
  const path = newPath();
  await (await SqliteStore.open(path)).close();
  const full = new DatabaseSync(path);
  full.exec("PRAGMA max_page_count = 1"); // the file's size now, for this connection
  const insert = "INSERT INTO entry VALUES ('k', zeroblob(1000000))";
  const fullError = assertThrows(() => full.exec(insert), Error);
  assertStringIncludes(sqliteError("save", path, fullError).message, "the disk is full");
  full.close();
  const readOnly = new DatabaseSync(path, { readOnly: true });
  const readOnlyError = assertThrows(() => readOnly.exec(insert), Error);
  assertStringIncludes(sqliteError("save", path, readOnlyError).message, "may not be written to");
  readOnly.close();
});

Deno.test("SqliteSession shows no key, however it is printed", async () => {
  const session = new SqliteSession(newPath());
  await session.load();
  session.state = stateOf(3);
  await session.save();
  const key = session.state.dcs[0].authKey ?? new Uint8Array();
  for (
    const text of [`${session}`, JSON.stringify(session), Deno.inspect(session), inspect(session)]
  ) {
    assert(!text.includes(bytesToHex(key).slice(0, 16)));
    assert(!text.includes(encodeBase64(key).slice(0, 16)));
    assert(!text.includes([...key.subarray(0, 6)].join(", ")));
    assertStringIncludes(text, "censored");
  }
  await session.close();
});

Deno.test("SqliteSession removes the claim of a program that was killed", async () => {
  const path = newPath();
  const module = new URL("../../src/session/mod.ts", import.meta.url);
  const code = `import { SqliteSession } from "${module}";
    await new SqliteSession("${path}").load();
    Deno.kill(Deno.pid, "SIGKILL");`;
  const args = ["eval", "--no-lock", code];
  const { signal } = await new Deno.Command(Deno.execPath(), { args }).output();
  assertEquals(signal, "SIGKILL");
  const claims = (): string[] =>
    [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
      .filter((name) => `${FOLDER}/${name}`.startsWith(`${path}-lock-`));
  assert(claims().length > 0, "the killed program left its claim");
  const session = new SqliteSession(path);
  await session.load();
  await session.close();
  assertEquals(claims(), []);
});
