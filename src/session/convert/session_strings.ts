/**
 * Session strings of all libraries: recognises the library that wrote a string, and calls its
 * reader; calls the writer of a format. Telethon and GramJS are in ../state/string_formats.ts.
 */
import { decodeBase64 } from "../../crypto/mod.ts";
import type { Session } from "../session.ts";
import { SessionError } from "../session_error.ts";
import { readStateText, writeStateText } from "../state/state_text.ts";
import {
  describeUnknown,
  findSessionString,
  writeGramJsString,
  writeSessionString,
} from "../state/string_formats.ts";
import { stateTextVersion } from "../state/text_kind.ts";
import type { ForeignSession } from "./foreign_session.ts";
import type { StringFormat } from "./formats.ts";
import { readGotd } from "./gotd.ts";
import { homeKeyOf, userOf } from "./home_key.ts";
import { readMtcute, writeMtcute } from "./mtcute_string.ts";
import { readMtkruto, writeMtkruto } from "./mtkruto_string.ts";
import { readPyrogram, writePyrogram } from "./pyrogram_string.ts";

/**
 * Reads a session string of any format, or the JSON of gotd.
 *
 * @throws {SessionError} if the string is of no known format, or damaged.
 */
export function readAnyString(text: string): ForeignSession {
  if (stateTextVersion(text) !== undefined) {
    return { format: "tessera", state: readStateText(text) };
  }
  const gotd = readGotd(text);
  if (gotd !== undefined) return gotd;
  // Strings of other libraries, too, can begin with "1": the lengths of Telethon and GramJS come
  // first.
  let damage: unknown;
  try {
    const found = findSessionString(text);
    if (found !== undefined) {
      const { format, dc } = found;
      return { format, state: { dcId: dc.id, dcs: [dc] } };
    }
  } catch (error) {
    damage = error;
  }
  const bytes = decode(text);
  const found = bytes !== undefined &&
    (readMtkruto(bytes) ?? readPyrogram(bytes) ?? readMtcute(bytes));
  if (found) return found;
  throw damage ?? unreadable(text);
}

function unreadable(text: string): SessionError {
  const { reason, format } = describeUnknown(text);
  const said = format === undefined
    ? `${reason}, expected a session of Telethon, GramJS, Pyrogram, mtcute, MTKruto, gotd, ` +
      "grammers, Telegram Desktop or tessera"
    : `it looks like one of ${format}, cut short or changed`;
  return new SessionError(`Cannot import the session: ${said}`, { format });
}

/** Writes a session as a string of a library. `apiId` is for Pyrogram and MTKruto. */
export function writeString(
  session: Session,
  format: StringFormat,
  apiId: number | undefined,
): string {
  if (format === "tessera") return writeStateText(session.state);
  const home = homeKeyOf(session, format);
  const { user } = session.state;
  switch (format) {
    case "telethon":
      return writeSessionString(home.dc, home.authKey);
    case "gramjs":
      return writeGramJsString(home.dc, home.authKey);
    case "pyrogram":
      return writePyrogram(home, userOf(session, format), apiId);
    case "mtkruto":
      return writeMtkruto(home, user, apiId);
    case "mtcute":
      return writeMtcute(home, user);
  }
}

/**
 * Decodes base64. If it was cut short, drops the last characters, so that its format can be
 * recognised.
 */
function decode(text: string): Uint8Array | undefined {
  for (const whole of [text, text.slice(0, text.length & ~3)]) {
    try {
      return decodeBase64(whole);
    } catch {
      // not base64
    }
  }
  return undefined;
}
