/**
 * Session files of Pyrogram (SQLite, version 3) and Kurigram: `sessions(dc_id, api_id, test_mode,
 * auth_key, date, user_id, is_bot)`, `peers(id, access_hash, type, username, phone_number,
 * last_update_on)` with marked ids, `version`. Kurigram also has addresses and a table `usernames`.
 */
import type { SqliteDatabase, SqliteValue } from "../../runtime/mod.ts";
import type { Peer, PeerKind } from "../peers/peer.ts";
import type { Session } from "../session.ts";
import { transaction } from "../stores/sqlite_transaction.ts";
import { damaged, type ForeignSession, stateAt } from "./foreign_session.ts";
import { homeKeyOf, userOf } from "./home_key.ts";
import { keyOf, type Rows } from "./rows.ts";

/** The tables as Pyrogram creates them. */
const TABLES = [
  "CREATE TABLE sessions (dc_id INTEGER PRIMARY KEY, api_id INTEGER, test_mode INTEGER, " +
  "auth_key BLOB, date INTEGER NOT NULL, user_id INTEGER, is_bot INTEGER);",
  "CREATE TABLE peers (id INTEGER PRIMARY KEY, access_hash INTEGER, " +
  "type INTEGER NOT NULL, username TEXT, phone_number TEXT, " +
  "last_update_on INTEGER NOT NULL DEFAULT (CAST(STRFTIME('%s', 'now') AS INTEGER)));",
  "CREATE TABLE version (number INTEGER PRIMARY KEY);",
  "CREATE INDEX idx_peers_id ON peers (id);",
  "CREATE INDEX idx_peers_username ON peers (username);",
  "CREATE INDEX idx_peers_phone_number ON peers (phone_number);",
  "CREATE TRIGGER trg_peers_last_update_on AFTER UPDATE ON peers BEGIN",
  "  UPDATE peers SET last_update_on = CAST(STRFTIME('%s', 'now') AS INTEGER) " +
  "WHERE id = NEW.id;",
  "END;",
  "INSERT INTO version VALUES (3);",
].join("\n");

const PYROGRAM_KINDS: Readonly<Record<string, PeerKind>> = {
  user: "user",
  bot: "bot",
  group: "chat",
  channel: "channel",
  supergroup: "channel",
};

/** Reads a file of Pyrogram or Kurigram. */
export function readPyrogramFile(rows: Rows): ForeignSession {
  const [session] = rows("SELECT * FROM sessions");
  if (session === undefined) throw damaged("it is empty");
  const { dc_id, test_mode, auth_key, user_id, is_bot, server_address, port } = session;
  const state = stateAt(Number(dc_id), keyOf(auth_key), Number(test_mode) === 1);
  // Newer files of Kurigram have the address.
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

/** Writes a session to a new file of Pyrogram. */
export function writePyrogramFile(
  database: SqliteDatabase,
  session: Session,
  peers: readonly Peer[],
  apiId: number | undefined,
): void {
  const { dc, authKey, testMode } = homeKeyOf(session, "pyrogram-file");
  const user = userOf(session, "pyrogram-file");
  transaction(database, () => {
    database.exec(TABLES);
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
