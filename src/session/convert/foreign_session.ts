/**
 * A session as the readers of this folder return it, and the helpers that they share. Every session
 * has a home data center and its key. Other fields depend on the format: some lack an address or a
 * user, only files have peers.
 */
import { type DataCenter, PRODUCTION_DCS, TEST_DCS } from "../../connection/mod.ts";
import { MemorySession } from "../memory_session.ts";
import type { Peer } from "../peers/peer.ts";
import { SessionError } from "../session_error.ts";
import { isHost, isPort } from "../state/named_addresses.ts";
import type { SessionState } from "../state/session_state.ts";
import type { ReadFormat } from "./formats.ts";

/** The content of a session of another library. */
export interface ForeignSession {
  /** The format that it was read from. */
  readonly format: ReadFormat;
  /** The state, as far as the format holds one. */
  readonly state: SessionState;
  /** The peers. Strings have no peers. */
  readonly peers?: readonly Peer[];
  /** How far the updates were received, as a session of this library keeps it. */
  readonly updates?: string;
}

/**
 * An imported session, in memory. Pass it to a client, or save it in another session with
 * {@linkcode copySession}.
 */
export class ImportedSession extends MemorySession {
  /** The format that it was read from. */
  readonly format: ReadFormat;

  /**
   * A session with a given content.
   *
   * @param session the content: the format, the state, the peers and the updates
   */
  constructor({ format, state, peers = [], updates }: ForeignSession) {
    checkState(state);
    super(state);
    this.format = format;
    void this.peers.put(peers);
    if (updates !== undefined) void this.updates?.save(updates);
  }
}

/** The most data centers of a session. Telegram has five, and some CDNs. */
const MAX_DCS = 32;

/** Throws a `SessionError` if no client could use a state: a damaged file can hold any number. */
function checkState({ dcId, dcs, user }: SessionState): void {
  const isDcId = (id: number): boolean => Number.isInteger(id) && id >= 0 && id < 2 ** 31;
  if (!isDcId(dcId) || dcs.length > MAX_DCS) throw damaged("it has no home");
  for (const { id, host, port } of dcs) {
    if (!isDcId(id) || !isHost(host) || !isPort(port)) throw damaged("it has a wrong address");
  }
  if (user !== undefined && BigInt.asIntN(64, user.id) !== user.id) {
    throw damaged("it has a wrong user");
  }
}

/** The state of a format without addresses, with the well-known address of the data center. */
export function stateAt(dcId: number, authKey: Uint8Array, testMode: boolean): SessionState {
  const known: readonly DataCenter[] = testMode ? TEST_DCS : PRODUCTION_DCS;
  const address = known.find(({ id }) => id === dcId);
  if (address === undefined) throw damaged(`there is no data center ${dcId}`);
  const { host, port } = address;
  return { dcId, dcs: [{ id: dcId, host, port, authKey: authKey.slice() }], testMode };
}

/**
 * An address as Telethon 2 and gotd write it: `149.154.167.51:443`, `[2001:67c:4e8:f002::a]:443`.
 */
const ADDRESS = /^\[?(.+?)\]?:(\d+)$/;

/** Reads the host and port of an address; returns `undefined` for another text. */
export function addressOf(text: string): { host: string; port: number } | undefined {
  const [, host, port] = ADDRESS.exec(text) ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

/** The error of a session that was recognised, but cannot be right. */
export function damaged(reason: string, cause?: unknown): SessionError {
  return new SessionError(
    `Cannot import the session: it is damaged (${reason}). Restore a copy, or sign in again.`,
    { cause },
  );
}

/** The error of a session that has never signed in. */
export function keyless(cause?: unknown): SessionError {
  return new SessionError(
    "Cannot import the session: it has no key, expected one that has signed in",
    { cause },
  );
}
