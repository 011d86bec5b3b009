/** Files of earlier versions open without loss, and a crash while they change harms nothing. */
import { DatabaseSync } from "node:sqlite";
import { type Peer, SessionError, SqliteSession } from "../../src/session/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import { numberOf, PEERS, stateOf } from "../helpers/states.ts";
import { sortedPeers } from "../helpers/store_conformance.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
let files = 0;

/** The tables as version 1 made them, to the letter. */
const VERSION_1 = `
  CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE peer (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, access_hash INTEGER, usernames TEXT NOT NULL,
    phone TEXT
  );
  CREATE INDEX peer_phone ON peer (phone) WHERE phone IS NOT NULL;
  CREATE TABLE username (name TEXT PRIMARY KEY, peer INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX username_peer ON username (peer);

  PRAGMA application_id = ${0x74657373};
  PRAGMA user_version = 1;
`;

/** A file of version 1 with a session and peers, and perhaps more tables. */
async function fileOfVersion1(more = ""): Promise<string> {
  const newer = new SqliteSession(`${FOLDER}/${files++}.session`);
  await newer.load();
  newer.state = stateOf(1);
  await newer.save();
  await newer.close();
  const path = `${FOLDER}/${files++}.session`;
  const database = new DatabaseSync(path);
  database.exec(VERSION_1);
  database.exec(more);
  database.exec(`ATTACH '${newer.path}' AS newer; INSERT INTO entry SELECT * FROM newer.entry`);
  const put = database.prepare(
    "INSERT INTO peer (id, kind, access_hash, usernames, phone) VALUES (?, ?, ?, ?, ?)",
  );
  const name = database.prepare("INSERT INTO username VALUES (?, ?)");
  for (const { id, kind, accessHash, usernames, phone } of PEERS) {
    put.run(id, kind, accessHash ?? null, usernames.join(" "), phone ?? null);
    for (const one of usernames) name.run(one.toLowerCase(), id);
  }
  database.close();
  return path;
}

function versionOf(path: string): number {
  return new DataView(Deno.readFileSync(path).buffer).getUint32(60);
}

/** Opens a file, and checks that it has everything and takes new peers. */
async function checkWhole(path: string): Promise<void> {
  for (const _ of [1, 2]) {
    const session = new SqliteSession(path);
    await session.load();
    assertEquals(numberOf(session.state), 1);
    const peers = session.peers;
    assertEquals(await sortedPeers(peers.all()), await sortedPeers(PEERS));
    assertEquals(await peers.byUsername("news"), PEERS[3]);
    const dated: Peer = { ...PEERS[1], seenAt: 1_700_000_000 };
    await peers.put([dated]);
    assertEquals(await peers.byUsername("one_bot"), dated);
    await peers.put([PEERS[1]]);
    await session.close();
    assertEquals(versionOf(path), 2);
  }
}

Deno.test("A file of version 1 opens with all that it has, and is of version 2 then", async () => {
  const path = await fileOfVersion1();
  assertEquals(versionOf(path), 1);
  await checkWhole(path);
});

Deno.test("A file of version 1 opens while an older program has it open and goes on", async () => {
  const path = await fileOfVersion1();
  const older = new DatabaseSync(path);
  const put = older.prepare(
    "INSERT OR REPLACE INTO peer (id, kind, access_hash, usernames, phone) VALUES (?, ?, ?, ?, ?)",
  );
  await checkWhole(path);
  put.run(77n, "user", 7n, "late", null);
  older.close();
  const session = new SqliteSession(path);
  await session.load();
  const late: Peer = { id: 77n, kind: "user", accessHash: 7n, usernames: ["late"] };
  assertEquals(await session.peers.byId(77n), late);
  await session.close();
});

Deno.test("A file of version 1 is whole after a crash in the middle of its change", async () => {
  const path = await fileOfVersion1();
  const database = new DatabaseSync(path);
  database.exec("PRAGMA synchronous = OFF"); // the journal is complete at once
  database.exec("BEGIN IMMEDIATE; ALTER TABLE peer ADD COLUMN seen_at INTEGER");
  database.exec("PRAGMA user_version = 2; DELETE FROM peer; DELETE FROM entry");
  const journal = Deno.readFileSync(`${path}-journal`);
  database.exec("COMMIT");
  database.close();
  Deno.writeFileSync(`${path}-journal`, journal); // the end, which deletes it, is not reached
  assertEquals(versionOf(path), 2);
  await checkWhole(path);
});

Deno.test("Two programs may open a file of version 1 at once", async () => {
  const path = await fileOfVersion1();
  const results = await Promise.allSettled([1, 2].map(async () => {
    const session = new SqliteSession(path);
    await session.load();
    await session.close();
  }));
  assertEquals(results.some(({ status }) => status === "fulfilled"), true);
  await checkWhole(path);
});

Deno.test("A file of version 1 with a table or a column too many is refused", async () => {
  for (
    const more of [
      "CREATE TABLE other (a)",
      "ALTER TABLE peer ADD COLUMN seen_at INTEGER",
      "ALTER TABLE peer ADD COLUMN a INTEGER",
      "CREATE VIEW v AS SELECT * FROM peer",
      "PRAGMA user_version = 0",
      "PRAGMA user_version = 2",
    ]
  ) {
    const path = await fileOfVersion1(more);
    const before = Deno.readFileSync(path);
    await assertRejects(() => new SqliteSession(path).load(), SessionError);
    assertEquals(Deno.readFileSync(path), before);
  }
});
