/**
 * Session files of grammers, the library for Rust (SQLite): `dc_home(dc_id)`, `dc_option(dc_id,
 * ipv4, ipv6, auth_key)` with ports in the addresses, `peer_info(peer_id, hash, subtype)` with
 * marked ids, `update_state(pts, qts, date, seq)`, `channel_state`. Import only.
 */
import { AUTH_KEY_LENGTH } from "../../crypto/mod.ts";
import type { SqliteValue } from "../../runtime/mod.ts";
import { kindOfPeerId, type Peer } from "../peers/peer.ts";
import type { DataCenterState, SessionState } from "../state/session_state.ts";
import { addressOf, damaged, type ForeignSession } from "./foreign_session.ts";
import { type Row, type Rows, updatesOf } from "./rows.ts";

/** The flags of a user's subtype. The subtype of a channel has other flags. */
const SELF = 1n;
const BOT = 2n;
/** The home data center of a new file of grammers. */
const DEFAULT_DC = 2;

/** Reads a file of grammers. */
export function readGrammersFile(rows: Rows): ForeignSession {
  const [home] = rows("SELECT dc_id FROM dc_home");
  const dcId = Number(home?.dc_id ?? DEFAULT_DC);
  const dcs = rows("SELECT dc_id, ipv4, auth_key FROM dc_option").flatMap(toDc);
  if (dcs.find(({ id }) => id === dcId)?.authKey === undefined) throw damaged("it has no key");
  const updates = updatesOf(rows("SELECT pts, qts, date, seq FROM update_state"));
  const state: SessionState = { dcId, dcs, ...updates };
  const infos = rows("SELECT peer_id, hash, subtype FROM peer_info");
  const self = infos.find(({ peer_id, subtype }) => bigint(peer_id) > 0n && has(subtype, SELF));
  if (self !== undefined) {
    state.user = { id: bigint(self.peer_id), isBot: has(self.subtype, BOT), dcId };
  }
  return { format: "grammers", state, peers: infos.map(toPeer) };
}

function toDc({ dc_id, ipv4, auth_key }: Row): DataCenterState[] {
  const address = addressOf(String(ipv4));
  if (address === undefined) return [];
  const isKey = auth_key instanceof Uint8Array && auth_key.length === AUTH_KEY_LENGTH;
  return [{ id: Number(dc_id), ...address, ...(isKey && { authKey: auth_key.slice() }) }];
}

function toPeer({ peer_id, hash, subtype }: Row): Peer {
  const id = bigint(peer_id);
  const isBot = id > 0n && has(subtype, BOT);
  const kind = isBot ? "bot" : kindOfPeerId(id);
  return { id, kind, ...(typeof hash === "bigint" && { accessHash: hash }), usernames: [] };
}

function has(flags: SqliteValue, flag: bigint): boolean {
  return (bigint(flags) & flag) !== 0n;
}

function bigint(value: SqliteValue): bigint {
  return typeof value === "bigint" ? value : 0n;
}
