/**
 * Session files of Telethon 1 (SQLite, version 7): `sessions(dc_id, server_address, port, auth_key,
 * takeout_id)`, `entities(id, hash, username, phone, name, date)` with marked ids, `sent_files`,
 * `update_state`, `version`.
 */
import type { SqliteDatabase } from "../../runtime/mod.ts";
import { kindOfPeerId, type Peer } from "../peers/peer.ts";
import type { Session } from "../session.ts";
import { transaction } from "../stores/sqlite_transaction.ts";
import { damaged, type ForeignSession, stateAt } from "./foreign_session.ts";
import { homeKeyOf } from "./home_key.ts";
import { keyOf, type Row, type Rows, updatesOf } from "./rows.ts";

/** The tables as Telethon 1 creates them. */
const TABLES = [
  "CREATE TABLE version (version integer primary key);",
  "CREATE TABLE sessions (dc_id integer primary key, server_address text, port integer, " +
  "auth_key blob, takeout_id integer);",
  "CREATE TABLE entities (id integer primary key, hash integer not null, username text, " +
  "phone integer, name text, date integer);",
  "CREATE TABLE sent_files (md5_digest blob, file_size integer, type integer, " +
  "id integer, hash integer, primary key(md5_digest, file_size, type));",
  "CREATE TABLE update_state (id integer primary key, pts integer, qts integer, " +
  "date integer, seq integer);",
  "INSERT INTO version VALUES (7);",
].join("\n");

/** Reads a file of Telethon 1. */
export function readTelethon1(rows: Rows): ForeignSession {
  const [session] = rows("SELECT dc_id, server_address, port, auth_key FROM sessions");
  if (session === undefined) throw damaged("it is empty");
  const id = Number(session.dc_id);
  const authKey = keyOf(session.auth_key);
  const host = String(session.server_address ?? "");
  const port = Number(session.port);
  const dcs = host === "" ? stateAt(id, authKey, false).dcs : [{ id, host, port, authKey }];
  const peers = rows("SELECT id, hash, username, phone FROM entities").flatMap(entityPeer);
  const hasUpdates = rows("SELECT 1 FROM sqlite_schema WHERE name = 'update_state'").length > 0;
  const updates = hasUpdates
    ? updatesOf(rows("SELECT pts, qts, date, seq FROM update_state WHERE id = 0"))
    : {};
  return { format: "telethon-file", state: { dcId: id, dcs, ...updates }, peers };
}

/**
 * Reads a peer. The row with the id 0 is Telethon's own. Telethon does not tell bots from people.
 */
function entityPeer({ id, hash, username, phone }: Row): Peer[] {
  if (typeof id !== "bigint" || typeof hash !== "bigint" || id === 0n) return [];
  const kind = kindOfPeerId(id);
  return [{
    id,
    kind,
    ...(kind !== "chat" && { accessHash: hash }),
    usernames: typeof username === "string" && username !== "" ? [username] : [],
    ...(phone !== null && phone !== 0n && { phone: String(phone) }),
  }];
}

/** Writes a session to a new file of Telethon 1. */
export function writeTelethon1(
  database: SqliteDatabase,
  session: Session,
  peers: readonly Peer[],
): void {
  const { dc, authKey } = homeKeyOf(session, "telethon-file");
  transaction(database, () => {
    database.exec(TABLES);
    database.prepare("INSERT INTO sessions VALUES (?, ?, ?, ?, NULL)")
      .run(dc.id, dc.host, dc.port, authKey);
    // Telethon 2 opens a file of Telethon 1 only with this row; zeros stand for an unknown state.
    const { pts, qts, date, seq } = session.state.updates ?? { pts: 0, qts: 0, date: 0, seq: 0 };
    database.prepare("INSERT INTO update_state VALUES (0, ?, ?, ?, ?)").run(pts, qts, date, seq);
    const entity = database.prepare("INSERT INTO entities VALUES (?, ?, ?, ?, '', NULL)");
    for (const { id, accessHash = 0n, usernames, phone } of peers) {
      const username = usernames[0]?.toLowerCase() ?? null;
      entity.run(id, accessHash, username, phone === undefined ? null : BigInt(phone));
    }
  });
}
