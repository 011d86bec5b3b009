/**
 * What people do with the file of a session: copy it while a program runs, take it to another
 * machine, restore yesterday's, open it with another program, keep it in a volume, name it oddly.
 */

import { DatabaseSync } from "node:sqlite";
import { Client, SessionError, SqliteSession } from "../../mod.ts";
import { importSession } from "../../src/session/convert/mod.ts";
import { faultOf } from "../../src/session/stores/file_name.ts";
import { SqliteStore } from "../../src/session/stores/sqlite_store.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { LOCK } from "../helpers/lock.ts";
import { runs } from "../helpers/long.ts";
import { numberOf, stateOf } from "../helpers/states.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
let files = 0;
const newPath = (): string => `${FOLDER}/${files++}.session`;

async function opened(path: string, number?: number): Promise<SqliteSession> {
  const session = new SqliteSession(path);
  await session.load();
  if (number !== undefined) {
    session.state = stateOf(number);
    await session.save();
  }
  return session;
}

/** The number of the state in a file. */
async function numberIn(path: string): Promise<number | undefined> {
  const session = await opened(path);
  const number = session.state.dcs.length === 0 ? undefined : numberOf(session.state);
  await session.close();
  return number;
}

/** A session as tessera wrote it when it had a write-ahead log, with its log. */
async function withLog(): Promise<string> {
  const path = newPath();
  await (await opened(path)).close();
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL");
  const other = newPath();
  await (await opened(other, 7)).close();
  const from = new DatabaseSync(other);
  const row = from.prepare("SELECT value FROM entry WHERE key = 'own:session'").get();
  from.close();
  database.prepare("INSERT INTO entry VALUES ('own:session', ?)").run(row?.value ?? "");
  const copy = newPath();
  for (const suffix of ["", "-wal"]) await Deno.copyFile(path + suffix, copy + suffix);
  database.close();
  return copy;
}

Deno.test("A copy of the file of a running session is the whole session", async () => {
  const path = newPath();
  const session = await opened(path, 5);
  await session.peers.put([{ id: 1n, kind: "user", accessHash: 2n, usernames: ["ada"] }]);
  assertEquals([...Deno.readDirSync(FOLDER)].filter(({ name }) => path.includes(name)).length, 1);
  assert(
    !Array.from(Deno.readDirSync(FOLDER), ({ name }) => name).some((one) =>
      path.endsWith(one.replace(/-(wal|shm|journal)$/, "")) && one.includes("session-")
    ),
  );
  const copy = newPath();
  await Deno.copyFile(path, copy);
  // Two programs with one key would make it void: the lease was copied, too.
  await assertRejects(() => opened(copy), SessionError, "uses it since");
  await assertRejects(() => importSession(copy), SessionError, `the session "${copy}": `);
  await session.close();
  // The lease in the copy is of a program of this machine that has closed the original.
  const again = await opened(copy);
  assertEquals(numberOf(again.state), 5);
  assertEquals((await again.peers.byUsername("ada"))?.id, 1n);
  await again.close();
});

Deno.test("The file of before, with its log, opens, and has no log afterwards", async () => {
  const path = await withLog();
  assertEquals(await numberIn(path), 7);
  assertEquals(
    Array.from(Deno.readDirSync(FOLDER), ({ name }) => name).some((name) =>
      name.startsWith(path.slice(FOLDER.length + 1)) && name.endsWith("-wal")
    ),
    false,
  );
  assertEquals(await numberIn(path), 7);
});

Deno.test("The file of before, copied without its log, is no new session", async () => {
  const path = await withLog();
  await Deno.remove(`${path}-wal`);
  await assertRejects(() => opened(path), SessionError, "it is a copy without its log");
});

Deno.test("An empty file beside a log is no new session", async () => {
  const path = await withLog();
  await Deno.truncate(path);
  const log = await Deno.readFile(`${path}-wal`);
  await assertRejects(() => opened(path), SessionError, 'the file is empty, and "');
  assertEquals(await Deno.readFile(`${path}-wal`), log);
});

Deno.test("A session goes to another machine, and yesterday's can be restored", async () => {
  const path = newPath();
  await (await opened(path, 1)).close();
  const backup = await Deno.readFile(path);
  const session = await opened(path, 2);
  await session.close();
  await Deno.writeFile(path, backup);
  assertEquals(await numberIn(path), 1);
  const elsewhere = `${FOLDER}/elsewhere`;
  await Deno.mkdir(elsewhere);
  await Deno.rename(path, `${elsewhere}/other name.db`);
  assertEquals(await numberIn(`${elsewhere}/other name.db`), 1);
});

Deno.test("A session with yesterday's file connects, with the key of then", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const path = newPath();
  const signIn = async (): Promise<bigint | undefined> => {
    await using client = await Client.open(new SqliteSession(path), apiId, apiHash, clientOptions);
    await client.start({ botAuthToken: "777:TESTTOKEN" });
    return (await client.getMe())?.id;
  };
  const id = await signIn();
  const backup = await Deno.readFile(path);
  await signIn();
  await Deno.writeFile(path, backup);
  await using client = await Client.open(new SqliteSession(path), apiId, apiHash, clientOptions);
  assertEquals((await client.getMe())?.id, id);
});

Deno.test("A SQLite browser may read, and is waited for while it writes", async () => {
  const path = newPath();
  const session = await opened(path, 1);
  const browser = new DatabaseSync(path);
  assertEquals(browser.prepare("SELECT count(*) AS n FROM entry").get()?.n, 2);
  session.state = stateOf(2);
  await session.save();
  browser.exec("BEGIN IMMEDIATE");
  session.state = stateOf(3);
  let isSaved = false;
  const saving = session.save().then(() => isSaved = true);
  let turns = 0;
  while (turns < 3) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    turns++;
  }
  assertEquals(isSaved, false);
  browser.exec("ROLLBACK");
  browser.close();
  await saving;
  await session.close();
  assertEquals(await numberIn(path), 3);
});

Deno.test("Programs may open, save and import one file at once", async () => {
  const path = newPath();
  const program = new URL("busy_file_program.ts", import.meta.url).pathname;
  const ended = await Promise.all(Array.from({ length: runs(4, 20) }, async () => {
    const args = ["run", "-A", "--no-check", LOCK, program, path, String(runs(5, 30))];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "null" }).output();
    return new TextDecoder().decode(stdout);
  }));
  assertEquals(ended.join(""), "");
});

/** Milliseconds on a busy machine. With waits of SQLite itself it would take minutes. */
const MAX_TIME = 60_000;

Deno.test("SqliteStore waits for a lock by the clock, and blocks nobody meanwhile", async () => {
  const path = newPath();
  const clock = new FakeClock();
  const store = await SqliteStore.open(path, { clock });
  const browser = new DatabaseSync(path);
  browser.exec("BEGIN IMMEDIATE");
  const begun = performance.now();
  const order: string[] = [];
  const writes = ["one", "two"].map((value) => store.set("k", value).then(() => order.push(value)));
  while (clock.sleepers === 0) await settled();
  await clock.advance(2000);
  assertEquals(order, []);
  browser.exec("ROLLBACK");
  await clock.advance(1000);
  await Promise.all(writes);
  assertEquals([order, await store.get("k")], [["one", "two"], "two"]);
  browser.exec("BEGIN EXCLUSIVE");
  const refused = assertRejects(
    () => store.set("k", "three"),
    SessionError,
    "another program has locked it",
  );
  while (clock.sleepers === 0) await settled();
  await clock.advance(6000);
  await refused;
  assert(performance.now() - begun < MAX_TIME, "it slept by another clock");
  browser.close();
  await store.close();
});

Deno.test("A session that others may read is kept to its owner", async () => {
  const path = newPath();
  await (await opened(path, 1)).close();
  await Deno.chmod(path, 0o644);
  assertEquals(await numberIn(path), 1);
  assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
});

const NAMES = [
  "with spaces",
  "приве́т 🦀",
  "%2F",
  "a%20b",
  "who?",
  "one#two",
  "a&b=c;d",
  "'quoted' \"twice\"",
  "back\\slash.session",
  "file:me?mode=memory",
  ":memory:",
  "-journal",
  "CON",
  "nul",
  "a:b",
  "*",
  "line\nbreak",
  "n".repeat(200),
];

for (const name of NAMES) {
  Deno.test(`A session can have the name ${JSON.stringify(name.slice(0, 20))}`, async () => {
    const folder = await Deno.makeTempDir({ dir: FOLDER });
    await (await opened(`${folder}/${name}`, 4)).close();
    assertEquals(await numberIn(`${folder}/${name}`), 4);
    const kept = Array.from(Deno.readDirSync(folder), (entry) => entry.name);
    assertEquals(kept.length, 1);
    assert(kept[0].startsWith(name));
    const imported = await importSession(`${folder}/${name}`);
    assertEquals(numberOf(imported.state), 4);
  });
}

Deno.test("faultOf() refuses the names of devices on Windows, and its characters", () => {
  for (const name of ["CON.session", "nul", "com1.txt", "a:b", "who?", 'a"b']) {
    assert(faultOf(name, "win32") !== undefined, name);
    assertEquals(faultOf(name, "linux"), undefined);
  }
  for (const name of ["console", "me.session", "мой", "%2F"]) {
    assertEquals(faultOf(name, "win32"), undefined);
  }
});

Deno.test("A name without a folder is the name of a file, whatever it is", async () => {
  const folder = await Deno.makeTempDir({ dir: FOLDER });
  const program = new URL("plain_names_program.ts", import.meta.url).pathname;
  const names = [":memory:", "file:me?mode=memory", "file::memory:?cache=shared"];
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", LOCK, program, ...names],
    cwd: folder,
    stderr: "inherit",
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "4 4 4");
  assertEquals([...Deno.readDirSync(folder)].length, 3);
});

Deno.test("A name that is too long, empty, or has a zero is refused with the reason", async () => {
  await assertRejects(
    () => opened(`${FOLDER}/${"n".repeat(300)}`),
    SessionError,
    "the name is too long",
  );
  await assertRejects(() => opened(`${FOLDER}/a\0b`), TypeError, "a zero character");
  await assertRejects(() => opened(""), TypeError, "expected the name of a file");
});
