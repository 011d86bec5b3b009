/**
 * What is read out of a session of another library, and the names of the formats. The key is the account; what else there is
 * depends on the format: some have no address, some no user, files have peers.
 */
import { type DataCenter, PRODUCTION_DCS, TEST_DCS } from "../../connection/mod.ts";
import { MemorySession } from "../memory_session.ts";
import type { Peer } from "../peers/peers.ts";
import {
  type DataCenterState,
  findDc,
  type Session,
  type SessionState,
  type SessionUser,
} from "../session.ts";
import { SessionError } from "../session_error.ts";

/** The formats that are a text. */
export const STRING_FORMATS = [
  "tessera",
  "telethon",
  "gramjs",
  "pyrogram",
  "mtcute",
  "mtkruto",
] as const;

/** The formats that are a file, or a folder. */
export const FILE_FORMATS = [
  "tessera-file",
  "telethon-file",
  "telethon2-file",
  "pyrogram-file",
  "mtcute-file",
  "gramjs-folder",
  "tdata",
] as const;

/** One of {@linkcode STRING_FORMATS}. */
export type StringFormat = (typeof STRING_FORMATS)[number];

/** One of {@linkcode FILE_FORMATS}. */
export type FileFormat = (typeof FILE_FORMATS)[number];

/** A format of sessions. */
export type SessionFormat = StringFormat | FileFormat;

/** A format that is read: those of gotd (for Go) and grammers (for Rust) are not written. */
export type ReadFormat = SessionFormat | "gotd" | "grammers";

/** Whether sessions of a format are a file or a folder that can be written. */
export function isFileFormat(format: ReadFormat): format is FileFormat {
  return FILE_FORMATS.some((one) => one === format);
}

/** What is in a session of another library. */
export interface ForeignSession {
  /** What it was read from. */
  readonly format: ReadFormat;
  /** What it held, as far as it has a place here. */
  readonly state: SessionState;
  /** The peers that it knew; strings know none. */
  readonly peers?: readonly Peer[];
}

/** A session that was read from another library's, in memory. Keep it with `copySession`, or use it as it is. */
export class ImportedSession extends MemorySession {
  /** What it was read from. */
  readonly format: ReadFormat;

  /** A session with what was read. */
  constructor({ format, state, peers = [] }: ForeignSession) {
    super(state);
    this.format = format;
    void this.peers.put(peers);
  }
}

/** What every format has: the home data center and its key. */
export interface HomeKey {
  readonly dc: DataCenterState;
  readonly authKey: Uint8Array;
  readonly testMode: boolean;
}

/** The home data center and its key, of a session that is to be written in another format. */
export function homeKeyOf({ state }: Session, format: string): HomeKey {
  const dc = findDc(state);
  if (dc?.authKey === undefined) {
    throw new SessionError(
      `Cannot write the session as "${format}": it has no key, expected one that has connected before`,
    );
  }
  return { dc, authKey: dc.authKey, testMode: state.testMode ?? false };
}

/** The state of a format that has no address: that is known of each data center. */
export function stateAt(dcId: number, authKey: Uint8Array, testMode: boolean): SessionState {
  const known: readonly DataCenter[] = testMode ? TEST_DCS : PRODUCTION_DCS;
  const address = known.find(({ id }) => id === dcId);
  if (address === undefined) throw damaged(`there is no data center ${dcId}`);
  const { host, port } = address;
  return { dcId, dcs: [{ id: dcId, host, port, authKey: authKey.slice() }], testMode };
}

/** An address as Telethon 2 and gotd write it: `149.154.167.51:443`, `[2001:67c:4e8:f002::a]:443`. */
const ADDRESS = /^\[?(.+?)\]?:(\d+)$/;

/** Host and port of an address; undefined if the text is none. */
export function addressOf(text: string): { host: string; port: number } | undefined {
  const [, host, port] = ADDRESS.exec(text) ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

/** A session that was recognised and cannot be right. */
export function damaged(what: string, cause?: unknown): SessionError {
  return new SessionError(`Cannot import the session: it is damaged (${what})`, { cause });
}

/** The user of a session, for a library that takes a session without one for a new one. */
export function userOf({ state: { user } }: Session, format: string): SessionUser {
  if (user !== undefined) return user;
  throw new SessionError(
    `Cannot write the session as "${format}": it does not know its user, expected one that has called getMe(): keep it as ` +
      `"tessera-file", ask "whoami" with that, and convert the file`,
  );
}
