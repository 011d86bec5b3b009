/**
 * Session files of Telethon 2 (SQLite, version 10): `datacenter(id, ipv4_addr, ipv6_addr, auth)`,
 * `user(id, dc, bot, username)`, `state(pts, qts, date, seq)`, `channelstate(id, pts)`, `version`.
 * They have no peers.
 */
import type { SqliteDatabase } from "../../runtime/mod.ts";
import type { Session } from "../session.ts";
import { packIp } from "../state/ip_address.ts";
import type { DataCenterState, SessionState } from "../state/session_state.ts";
import { transaction } from "../stores/sqlite_transaction.ts";
import { addressOf, damaged, type ForeignSession, stateAt } from "./foreign_session.ts";
import { homeKeyOf } from "./home_key.ts";
import { keyOf, type Rows, updatesOf } from "./rows.ts";

/** The tables as Telethon 2 creates them. */
const TABLES = [
  "CREATE TABLE version (version INTEGER NOT NULL);",
  "CREATE TABLE datacenter (id INTEGER NOT NULL PRIMARY KEY, ipv4_addr TEXT, " +
  "ipv6_addr TEXT, auth BLOB);",
  "CREATE TABLE user (id INTEGER NOT NULL PRIMARY KEY, dc INTEGER NOT NULL, " +
  "bot INTEGER NOT NULL, username TEXT);",
  "CREATE TABLE state (pts INTEGER NOT NULL, qts INTEGER NOT NULL, " +
  "date INTEGER NOT NULL, seq INTEGER NOT NULL);",
  "CREATE TABLE channelstate (id INTEGER NOT NULL PRIMARY KEY, pts INTEGER NOT NULL);",
  "INSERT INTO version VALUES (10);",
].join("\n");

/**
 * The id of an unknown user. Telethon 2 asks Telegram for the user, if it has no update state
 * either.
 */
const UNKNOWN = 0n;

/** Reads a file of Telethon 2. */
export function readTelethon2(rows: Rows): ForeignSession {
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
    if (typeof user.id !== "bigint") throw damaged("the id of its user is no number");
    const username = typeof user.username === "string" ? user.username : undefined;
    state.user = {
      id: user.id,
      isBot: Number(user.bot) === 1,
      dcId: home,
      ...(username !== undefined && { username }),
    };
  }
  return { format: "telethon2-file", state };
}

/** Writes a session to a new file of Telethon 2, which has no peers. */
export function writeTelethon2(database: SqliteDatabase, session: Session): void {
  homeKeyOf(session, "telethon2-file");
  const { state } = session;
  transaction(database, () => {
    database.exec(TABLES);
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
