/**
 * A session as one line of text, to keep in an environment variable or a secret store. It writes Telethon 1's string and
 * reads Telethon's and GramJS's; see string_formats.ts. These hold the home data center and its key, no more: the
 * user, the salt, the time offset and the keys of other data centers are found again after connecting.
 */
import { MemorySession } from "./memory_session.ts";
import { findDc, type SessionState } from "./session.ts";
import { readSessionString, writeSessionString } from "./state/string_formats.ts";

function readState(text: string): Partial<SessionState> {
  if (text === "") return {};
  const dc = readSessionString(text);
  return { dcId: dc.id, dcs: [dc] };
}

/**
 * A session that is kept as a string. Whoever has the string has the account: treat it as a password.
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
   * Reads a string of Telethon 1 or GramJS. White space around it does not matter; an empty one is a new session.
   *
   * @throws {SessionError} if it is neither. The text names the library where it is known, and never quotes the string.
   */
  constructor(text = "") {
    super(readState(text.trim()));
  }

  /**
   * The string of this session, as Telethon 1 writes it (`1` and 352 characters for an IPv4 address), or `""` while
   * there is no key. GramJS reads it too, unless the port is above 32767. A data center known by a host name (as
   * with WebSocket) is written as GramJS does, as Telethon's format has no place for one.
   */
  override save(): string {
    const dc = findDc(this.state);
    return dc?.authKey === undefined ? "" : writeSessionString(dc, dc.authKey);
  }
}
