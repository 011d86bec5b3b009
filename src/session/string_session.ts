/**
 * A session as one line of text, to keep in an environment variable or a secret store. It writes
 * Telethon 1's string and reads Telethon's and GramJS's, see state/string_formats.ts. The string
 * holds the home data center and its key only: the client asks for the user, the salt and the keys
 * of other data centers again.
 */
import { MemorySession } from "./memory_session.ts";
import { findDc, type SessionState } from "./state/session_state.ts";
import { readSessionString, writeSessionString } from "./state/string_formats.ts";
import { sessionTextOf } from "./state/text_kind.ts";
import type { UpdatesPlace } from "./updates/updates_place.ts";

function readState(given: unknown): Partial<SessionState> {
  if (given === null) return {}; // as localStorage returns
  if (typeof given !== "string") {
    throw new TypeError(`Cannot read the session string: it is ${typeof given}, expected a string`);
  }
  const text = sessionTextOf(given);
  if (text === "") return {};
  const dc = readSessionString(text);
  return { dcId: dc.id, dcs: [dc] };
}

/**
 * A session as a string. The string gives full access to the account: treat it as a password.
 *
 * @example
 * ```ts
 * import { StringSession } from "@tessera/mtproto";
 *
 * const session = new StringSession(""); // a new session
 * session.setDC(2, "149.154.167.50", 443);
 * session.setAuthKey(new Uint8Array(256).fill(7)); // the client does this when it connects
 * const text = session.save();
 * console.log(new StringSession(text).state.dcId); // 2
 * ```
 */
export class StringSession extends MemorySession {
  /**
   * Reads a session string.
   *
   * @param text a string of Telethon 1 or GramJS, also in quotes or with line breaks; an empty
   * string, undefined or null makes a new session
   * @throws {SessionError} if the string is of neither. The error names the library if it
   * recognises it, and never quotes the string.
   */
  constructor(text: string | null = "") {
    super(readState(text));
  }

  /** A string has no place for the state of the updates: they begin with the present. */
  override get updates(): UpdatesPlace | undefined {
    return undefined;
  }

  /**
   * Writes the session as a string.
   *
   * @returns the string as Telethon 1 writes it (`1` and 352 characters for an IPv4 address), which
   * GramJS reads too unless the port is above 32,767; as GramJS writes it, if the data center is
   * known by a host name, as with WebSocket; `""` while there is no key
   * @throws {SessionError} if the number of the data center or the port does not fit.
   */
  override save(): string {
    const dc = findDc(this.state);
    return dc?.authKey === undefined ? "" : writeSessionString(dc, dc.authKey);
  }
}
