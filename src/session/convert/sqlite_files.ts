/**
 * The session files that are SQLite databases: which reader and which writer belongs to which
 * library.
 */
import type { SqliteDatabase } from "../../runtime/mod.ts";
import type { Peer } from "../peers/peer.ts";
import type { Session } from "../session.ts";
import type { ForeignKind } from "../stores/foreign_kind.ts";
import type { ForeignSession } from "./foreign_session.ts";
import type { FileFormat } from "./formats.ts";
import { readGrammersFile } from "./grammers_file.ts";
import { readMtcuteFile, writeMtcuteFile } from "./mtcute_file.ts";
import { readPyrogramFile, writePyrogramFile } from "./pyrogram_file.ts";
import { rowsOf } from "./rows.ts";
import { readTelethon1, writeTelethon1 } from "./telethon1_file.ts";
import { readTelethon2, writeTelethon2 } from "./telethon2_file.ts";

/** A format that is a SQLite database of another library. */
export type DatabaseFormat = Exclude<FileFormat, "tessera-file" | "gramjs-folder" | "tdata">;

/** Reads the session in a database of a library. */
export function readDatabase(kind: ForeignKind, database: SqliteDatabase): ForeignSession {
  const rows = rowsOf(database);
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

/** Writes a session to a new database. `apiId` is for Pyrogram. */
export function writeDatabase(
  format: DatabaseFormat,
  database: SqliteDatabase,
  session: Session,
  peers: readonly Peer[],
  apiId: number | undefined,
): void {
  switch (format) {
    case "telethon-file":
      return writeTelethon1(database, session, peers);
    case "telethon2-file":
      return writeTelethon2(database, session);
    case "pyrogram-file":
      return writePyrogramFile(database, session, peers, apiId);
    case "mtcute-file":
      return writeMtcuteFile(database, session, peers);
  }
}
