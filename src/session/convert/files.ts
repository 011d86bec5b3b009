/**
 * Session files of other libraries, all of them SQLite: read from a copy, so that they are never changed, and written new.
 *
 * - Telethon 1 (version 7): `sessions(dc_id, server_address, port, auth_key, takeout_id)`, `entities(id, hash, username, phone,
 *   name, date)` with marked ids, `sent_files`, `update_state`, `version`.
 * - Telethon 2 (version 10): `datacenter(id, ipv4_addr, ipv6_addr, auth)`, `user(id, dc, bot, username)`, `state(pts, qts, date,
 *   seq)`, `channelstate(id, pts)`, `version`.
 * - Pyrogram (version 3) and Kurigram: `sessions(dc_id, api_id, test_mode, auth_key, date, user_id, is_bot)`, `peers(id, access_hash,
 *   type, username, phone_number, last_update_on)` with marked ids, `version`. Kurigram has a table `usernames` and addresses.
 */
import { AUTH_KEY_LENGTH } from "../../crypto/mod.ts";
import type { SqliteDatabase, SqliteValue } from "../../runtime/mod.ts";
import { kindOfPeerId, type Peer, type PeerKind } from "../peers/peers.ts";
import type { ForeignKind } from "./database_kind.ts";
import { packIp } from "../state/ip_address.ts";
import type { DataCenterState, Session, SessionState } from "../session.ts";
import { SessionError } from "../session_error.ts";
import { transaction } from "../stores/sqlite_transaction.ts";
import { addressOf, damaged, type ForeignSession, homeKeyOf, stateAt, userOf } from "./foreign.ts";
import { readGrammersFile } from "./grammers_file.ts";
import { readMtcuteFile } from "./mtcute_file.ts";
import { type Row, type Rows, updatesOf } from "./rows.ts";

/** A user's id where only the data center of the user is known: Telethon 2 asks who it is, if it has no update state either. */
const UNKNOWN = 0n;

/** Reads the file of a library. */
export function readFileOf(kind: ForeignKind, database: SqliteDatabase): ForeignSession {
  const rows: Rows = (sql) => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement.all();
  };
  switch (kind) {
    case "Telethon 1":
      return readTelethon1(rows);
    case "Telethon 2":
      return readTelethon2(rows);
    case "Pyrogram":
      return readPyrogramFile(rows);
    case "mtcute":
      return readMtcuteFile(rows);
    case "grammers":
      return readGrammersFile(rows);
  }
}

function readTelethon1(rows: Rows): ForeignSession {
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

/** Telethon does not say what a user is; its own row, of the id 0, is no peer. */
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

function readTelethon2(rows: Rows): ForeignSession {
  const [user] = rows("SELECT id, dc, bot, username FROM user");
  const dcs = rows("SELECT id, ipv4_addr, ipv6_addr, auth FROM datacenter")
    .flatMap(({ id, ipv4_addr, ipv6_addr, auth }): DataCenterState[] => {
      const authKey = auth === null ? undefined : keyOf(auth);
      const address = addressOf(String(ipv4_addr ?? ipv6_addr));
      if (address !== undefined) return [{ id: Number(id), ...address, authKey }];
      return authKey === undefined ? [] : stateAt(Number(id), authKey, false).dcs;
    });
  const isHome = ({ id, authKey }: DataCenterState): boolean =>
    authKey !== undefined && (user === undefined || id === Number(user.dc));
  const home = dcs.find(isHome)?.id;
  if (home === undefined) throw damaged("it has no key");
  const updates = updatesOf(rows("SELECT pts, qts, date, seq FROM state"));
  const state: SessionState = { dcId: home, dcs, ...updates };
  if (user !== undefined && user.id !== UNKNOWN) {
    const username = typeof user.username === "string" ? user.username : undefined;
    state.user = {
      id: BigInt(user.id as bigint),
      isBot: Number(user.bot) === 1,
      dcId: home,
      ...(username !== undefined && { username }),
    };
  }
  return { format: "telethon2-file", state };
}

const PYROGRAM_KINDS: Readonly<Record<string, PeerKind>> = {
  user: "user",
  bot: "bot",
  group: "chat",
  channel: "channel",
  supergroup: "channel",
};

function readPyrogramFile(rows: Rows): ForeignSession {
  const [session] = rows("SELECT * FROM sessions");
  if (session === undefined) throw damaged("it is empty");
  const { dc_id, test_mode, auth_key, user_id, is_bot, server_address, port } = session;
  const state = stateAt(Number(dc_id), keyOf(auth_key), Number(test_mode) === 1);
  // Kurigram's newer files say where the data center is.
  if (typeof server_address === "string" && server_address !== "") {
    Object.assign(state.dcs[0], { host: server_address, port: Number(port) });
  }
  if (typeof user_id === "bigint") {
    state.user = { id: user_id, isBot: Number(is_bot) === 1, dcId: state.dcId };
  }
  const names = new Map<SqliteValue, string[]>();
  const hasNames = rows("SELECT name FROM sqlite_schema WHERE name = 'usernames'").length > 0;
  for (const { id, username } of hasNames ? rows("SELECT id, username FROM usernames") : []) {
    names.set(id, [...names.get(id) ?? [], String(username)]);
  }
  const peers = rows("SELECT * FROM peers").flatMap((row): Peer[] => {
    const kind = PYROGRAM_KINDS[String(row.type)];
    if (kind === undefined || typeof row.id !== "bigint") return [];
    const username = typeof row.username === "string" ? [row.username] : names.get(row.id) ?? [];
    return [{
      id: row.id,
      kind,
      ...(typeof row.access_hash === "bigint" && kind !== "chat" &&
        { accessHash: row.access_hash }),
      usernames: username,
      ...(typeof row.phone_number === "string" && { phone: row.phone_number }),
    }];
  });
  return { format: "pyrogram-file", state, peers };
}

function keyOf(value: SqliteValue | undefined): Uint8Array {
  if (value instanceof Uint8Array && value.length === AUTH_KEY_LENGTH) return value.slice();
  throw new SessionError(
    "Cannot import the session: it has no key, expected one that has signed in",
  );
}

/** Writes a session into a new file of Telethon 1. */
export function writeTelethon1(
  database: SqliteDatabase,
  session: Session,
  peers: readonly Peer[],
): void {
  const { dc, authKey } = homeKeyOf(session, "telethon-file");
  transaction(database, () => {
    database.exec(`
      CREATE TABLE version (version integer primary key);
      CREATE TABLE sessions (dc_id integer primary key, server_address text, port integer, auth_key blob, takeout_id integer);
      CREATE TABLE entities (id integer primary key, hash integer not null, username text, phone integer, name text, date integer);
      CREATE TABLE sent_files (md5_digest blob, file_size integer, type integer, id integer, hash integer, primary key(md5_digest, file_size, type));
      CREATE TABLE update_state (id integer primary key, pts integer, qts integer, date integer, seq integer);
      INSERT INTO version VALUES (7);
    `);
    database.prepare("INSERT INTO sessions VALUES (?, ?, ?, ?, NULL)")
      .run(dc.id, dc.host, dc.port, authKey);
    // Telethon 2 opens a file of Telethon 1 only if this row is there; zeros stand for what is not known.
    const { pts, qts, date, seq } = session.state.updates ?? { pts: 0, qts: 0, date: 0, seq: 0 };
    database.prepare("INSERT INTO update_state VALUES (0, ?, ?, ?, ?)").run(pts, qts, date, seq);
    const entity = database.prepare("INSERT INTO entities VALUES (?, ?, ?, ?, '', NULL)");
    for (const { id, accessHash = 0n, usernames, phone } of peers) {
      const username = usernames[0]?.toLowerCase() ?? null;
      entity.run(id, accessHash, username, phone === undefined ? null : BigInt(phone));
    }
  });
}

/** Writes a session into a new file of Telethon 2, which keeps no peers. */
export function writeTelethon2(database: SqliteDatabase, session: Session): void {
  homeKeyOf(session, "telethon2-file");
  const { state } = session;
  transaction(database, () => {
    database.exec(`
      CREATE TABLE version (version INTEGER NOT NULL);
      CREATE TABLE datacenter (id INTEGER NOT NULL PRIMARY KEY, ipv4_addr TEXT, ipv6_addr TEXT, auth BLOB);
      CREATE TABLE user (id INTEGER NOT NULL PRIMARY KEY, dc INTEGER NOT NULL, bot INTEGER NOT NULL, username TEXT);
      CREATE TABLE state (pts INTEGER NOT NULL, qts INTEGER NOT NULL, date INTEGER NOT NULL, seq INTEGER NOT NULL);
      CREATE TABLE channelstate (id INTEGER NOT NULL PRIMARY KEY, pts INTEGER NOT NULL);
      INSERT INTO version VALUES (10);
    `);
    const datacenter = database.prepare("INSERT INTO datacenter VALUES (?, ?, ?, ?)");
    for (const { id, host, port, authKey = null } of state.dcs) {
      const isIpv6 = packIp(host)?.length === 16;
      const at = isIpv6 ? `[${host}]:${port}` : `${host}:${port}`;
      datacenter.run(id, isIpv6 ? null : at, isIpv6 ? at : null, authKey);
    }
    const { user, updates, dcId } = state;
    database.prepare("INSERT INTO user VALUES (?, ?, ?, ?)")
      .run(user?.id ?? UNKNOWN, dcId, user?.isBot ? 1 : 0, user?.username ?? null);
    if (updates !== undefined && user !== undefined) {
      const { pts, qts, date, seq } = updates;
      database.prepare("INSERT INTO state VALUES (?, ?, ?, ?)").run(pts, qts, date, seq);
    }
  });
}

/** Writes a session into a new file of Pyrogram. */
export function writePyrogramFile(
  database: SqliteDatabase,
  session: Session,
  peers: readonly Peer[],
  apiId: number | undefined,
): void {
  const { dc, authKey, testMode } = homeKeyOf(session, "pyrogram-file");
  const user = userOf(session, "pyrogram-file");
  transaction(database, () => {
    database.exec(`
      CREATE TABLE sessions (dc_id INTEGER PRIMARY KEY, api_id INTEGER, test_mode INTEGER, auth_key BLOB, date INTEGER NOT NULL, user_id INTEGER, is_bot INTEGER);
      CREATE TABLE peers (id INTEGER PRIMARY KEY, access_hash INTEGER, type INTEGER NOT NULL, username TEXT, phone_number TEXT, last_update_on INTEGER NOT NULL DEFAULT (CAST(STRFTIME('%s', 'now') AS INTEGER)));
      CREATE TABLE version (number INTEGER PRIMARY KEY);
      CREATE INDEX idx_peers_id ON peers (id);
      CREATE INDEX idx_peers_username ON peers (username);
      CREATE INDEX idx_peers_phone_number ON peers (phone_number);
      CREATE TRIGGER trg_peers_last_update_on AFTER UPDATE ON peers BEGIN
        UPDATE peers SET last_update_on = CAST(STRFTIME('%s', 'now') AS INTEGER) WHERE id = NEW.id;
      END;
      INSERT INTO version VALUES (3);
    `);
    database.prepare("INSERT INTO sessions VALUES (?, ?, ?, ?, 0, ?, ?)").run(
      dc.id,
      apiId ?? null,
      testMode ? 1 : 0,
      authKey,
      user.id,
      user.isBot ? 1 : 0,
    );
    const insert = database.prepare(
      "INSERT INTO peers (id, access_hash, type, username, phone_number) VALUES (?, ?, ?, ?, ?)",
    );
    for (const { id, kind, accessHash = 0n, usernames, phone } of peers) {
      const type = kind === "chat" ? "group" : kind;
      insert.run(id, accessHash, type, usernames[0]?.toLowerCase() ?? null, phone ?? null);
    }
  });
}
