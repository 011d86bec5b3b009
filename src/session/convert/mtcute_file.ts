/**
 * Session files of mtcute (SQLite): `auth_keys(dc, key)`; `key_value(key, value)` with the home
 * data center (`dc_main`, see mtcute_address.ts) and the user (`current_user`: 1 and flags i32, id
 * i64, usernames); `peers(id, hash, usernames, updated, phone, complete, isMin)` with marked ids
 * and hashes as the two signed halves, the lower first. `mtcute_migrations` has the version of each
 * group of tables.
 */
import { AUTH_KEY_LENGTH } from "../../crypto/mod.ts";
import type { SqliteDatabase } from "../../runtime/mod.ts";
import { TlReader, TlWriter } from "../../tl/mod.ts";
import { kindOfPeerId, type Peer } from "../peers/peer.ts";
import type { Session } from "../session.ts";
import type { SessionUser } from "../state/session_state.ts";
import { transaction } from "../stores/sqlite_transaction.ts";
import { damaged, type ForeignSession, stateAt } from "./foreign_session.ts";
import { homeKeyOf } from "./home_key.ts";
import { readMtcuteAddress, writeMtcuteAddress } from "./mtcute_address.ts";
import type { Row, Rows } from "./rows.ts";

/** The tables as mtcute creates them. */
const TABLES = [
  "CREATE TABLE mtcute_migrations (repo text not null primary key, " +
  "version integer not null);",
  "CREATE TABLE auth_keys (dc integer primary key, key blob not null);",
  "CREATE TABLE temp_auth_keys (dc integer not null, idx integer not null, " +
  "key blob not null, expires integer not null, primary key (dc, idx));",
  "CREATE TABLE key_value (key text primary key, value blob not null);",
  "CREATE TABLE message_refs (peer_id integer not null, chat_id integer not null, " +
  "msg_id integer not null);",
  "CREATE INDEX idx_message_refs_peer ON message_refs (peer_id);",
  "CREATE INDEX idx_message_refs ON message_refs (chat_id, msg_id);",
  "CREATE TABLE peers (id integer primary key, hash text not null, " +
  "usernames json not null, updated integer not null, phone text, complete blob, " +
  "isMin integer not null default false);",
  "CREATE INDEX idx_peers_usernames ON peers (usernames);",
  "CREATE INDEX idx_peers_phone ON peers (phone);",
  "INSERT INTO mtcute_migrations VALUES ('auth_keys', 1), ('kv', 1), ('ref_messages', " +
  "1), ('peers', 2);",
].join("\n");

/** The flags of a user. */
const BOT = 1;
const USERNAMES = 2;
/** mtcute stores the keys of media connections under higher numbers than those of data centers. */
const MEDIA_KEYS = 1000;

/** The data center with which mtcute begins. */
const FIRST_HOME = { id: 2, host: "149.154.167.50", port: 443, isTest: false };

/** Reads a file of mtcute. */
export function readMtcuteFile(rows: Rows): ForeignSession {
  const values = new Map<string, Uint8Array>();
  for (const { key, value } of rows("SELECT key, value FROM key_value")) {
    if (value instanceof Uint8Array) values.set(String(key), value);
  }
  const keys = new Map<number, Uint8Array>();
  for (const { dc, key } of rows("SELECT dc, key FROM auth_keys")) {
    if (key instanceof Uint8Array && key.length === AUTH_KEY_LENGTH) {
      keys.set(Number(dc), key.slice());
    }
  }
  const main = values.get("dc_main");
  // An account that has never moved lives in the first data center of mtcute, which is not noted.
  const home = main === undefined ? FIRST_HOME : readMtcuteAddress(main);
  const homeKey = home && keys.get(home.id);
  if (home === undefined || homeKey === undefined) throw damaged("it has no home or no key");
  const { id, host, port, isTest: testMode } = home;
  const others = [...keys].filter(([dcId]) => dcId !== id && dcId < MEDIA_KEYS)
    .flatMap(([dcId, key]) => stateAt(dcId, key, testMode).dcs);
  const dcs = [{ id, host, port, authKey: homeKey }, ...others];
  const user = readUser(values.get("current_user"));
  const peers = rows("SELECT id, hash, usernames, phone FROM peers WHERE isMin = 0").flatMap(
    toPeer,
  );
  const state = { dcId: id, dcs, testMode, ...(user && { user: { ...user, dcId: id } }) };
  return { format: "mtcute-file", state, peers };
}

function readUser(bytes: Uint8Array | undefined): SessionUser | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const reader = new TlReader(bytes);
  if (reader.int32() !== 1) return undefined;
  const flags = reader.int32();
  const id = reader.int64();
  const isBot = (flags & BOT) !== 0;
  const hasName = (flags & USERNAMES) !== 0 && reader.int32() > 0;
  return { id, isBot, ...(hasName && { username: reader.string() }) };
}

function toPeer({ id, hash, usernames, phone }: Row): Peer[] {
  const [low, high] = String(hash).split("|").map(Number);
  if (typeof id !== "bigint" || !Number.isInteger(low) || !Number.isInteger(high)) return [];
  const kind = kindOfPeerId(id);
  const accessHash = BigInt.asIntN(32, BigInt(high)) << 32n | BigInt.asUintN(32, BigInt(low));
  return [{
    id,
    kind,
    ...(kind !== "chat" && { accessHash }),
    usernames: namesIn(String(usernames)),
    ...(typeof phone === "string" && phone !== "" && { phone }),
  }];
}

/** Reads the list of a peer's usernames; an unreadable list is empty. */
function namesIn(json: string): string[] {
  try {
    const names: unknown = JSON.parse(json);
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

/** Writes a session to a new file of mtcute. */
export function writeMtcuteFile(
  database: SqliteDatabase,
  session: Session,
  peers: readonly Peer[],
): void {
  const { dc, testMode } = homeKeyOf(session, "mtcute-file");
  const { user, dcs } = session.state;
  transaction(database, () => {
    database.exec(TABLES);
    const key = database.prepare("INSERT INTO auth_keys VALUES (?, ?)");
    for (const { id, authKey } of dcs) if (authKey !== undefined) key.run(id, authKey);
    const value = database.prepare("INSERT INTO key_value VALUES (?, ?)");
    value.run("dc_main", writeMtcuteAddress(dc, testMode));
    if (user !== undefined) value.run("current_user", writeUser(user));
    const peer = database.prepare("INSERT INTO peers VALUES (?, ?, ?, 0, ?, NULL, 0)");
    for (const { id, accessHash = 0n, usernames, phone } of peers) {
      const hash = `${BigInt.asIntN(32, accessHash)}|${BigInt.asIntN(32, accessHash >> 32n)}`;
      const names = usernames.map((name) => name.toLowerCase());
      peer.run(id, hash, JSON.stringify(names), phone ?? null);
    }
  });
}

function writeUser({ id, isBot, username }: SessionUser): Uint8Array {
  const writer = new TlWriter();
  writer.int32(1);
  writer.int32((isBot ? BOT : 0) | (username === undefined ? 0 : USERNAMES));
  writer.int64(id);
  if (username !== undefined) {
    writer.int32(1);
    writer.string(username);
  }
  return writer.finish();
}
