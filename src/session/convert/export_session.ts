/** Writes a session in the format of another library, or of this one. See formats.ts. */
import { builtinModule, checkFields, type FileSystem } from "../../runtime/mod.ts";
import { type SealingSecret, sealText } from "../sealing/mod.ts";
import type { Session } from "../session.ts";
import { SessionError } from "../session_error.ts";
import { sessionPath, SqliteSession } from "../sqlite_session.ts";
import { fileError } from "../stores/file_error.ts";
import { databasePath, pathOf } from "../stores/file_name.ts";
import { sqliteError } from "../stores/sqlite_error.ts";
import { copySession, peersOf } from "./copy_session.ts";
import {
  FILE_FORMATS,
  type FileFormat,
  isFileFormat,
  STRING_FORMATS,
  type StringFormat,
} from "./formats.ts";
import { writeGramJsFolder } from "./gramjs_folder.ts";
import { writeString } from "./session_strings.ts";
import { type DatabaseFormat, writeDatabase } from "./sqlite_files.ts";
import { writeTdata } from "./tdata.ts";

/** The options of {@linkcode exportSession}. */
export interface ExportOptions {
  /** Where to write a file or folder. Nothing may exist there yet. */
  readonly path?: string | URL;
  /** Seals a string, or a file of the format `tessera-file`, with this passphrase or key. */
  readonly secret?: SealingSecret;
  /** The api id of the application, which Pyrogram and MTKruto store with a session. */
  readonly apiId?: number;
  /** Locks the folder of Telegram Desktop with this passcode. */
  readonly passcode?: string;
  /** More accounts for the folder of Telegram Desktop, which holds up to six. */
  readonly others?: readonly Session[];
}

/**
 * Writes a session in the format of a library. The session itself stays valid: do not use it and
 * its copy at the same time.
 *
 * @param session the session, which must be loaded
 * @param format the format to write
 * @param options the path of a file, and details of some formats
 * @returns the string, or the path of the file or folder
 * @throws {SessionError} if the session lacks a field that the format needs, or there is a file at
 * the path.
 * @throws {TypeError} if the format is not known, or is a file and the option `path` is missing.
 */
export async function exportSession(
  session: Session,
  format: StringFormat | FileFormat,
  options: ExportOptions = {},
): Promise<string> {
  checkFields("export a session", options, ["path", "secret", "apiId", "passcode", "others"]);
  const { secret, apiId } = options;
  const formats: readonly string[] = [...STRING_FORMATS, ...FILE_FORMATS];
  if (!formats.includes(format)) {
    throw new TypeError(
      `Cannot write the session: the format is not known, expected one of ${formats.join(", ")}`,
    );
  }
  if (!isFileFormat(format)) {
    const text = writeString(session, format, apiId);
    return secret === undefined ? text : await sealText(text, secret);
  }
  if (options.path === undefined) {
    throw new TypeError(`Cannot write the session as "${format}": expected the option path`);
  }
  if (secret !== undefined && format !== "tessera-file") {
    throw new SessionError(
      `Cannot seal the session as "${format}": expected a string, or the format "tessera-file"`,
    );
  }
  const path = format === "tessera-file" ? sessionPath(options.path) : pathOf(options.path);
  const files = builtinModule("node:fs");
  if (files === undefined) {
    throw new SessionError(
      `Cannot write the session to "${path}": this runtime has no files. Export a string.`,
    );
  }
  if (files.existsSync(path)) {
    throw new SessionError(
      `Cannot write the session to "${path}": there is a file already. Choose another path.`,
    );
  }
  try {
    if (format === "tessera-file") {
      const to = new SqliteSession(path, { secret });
      await wholeOrNothing(files, path, () => copySession(session, to));
    } else {
      await writeFiles(files, session, format, path, options);
    }
    return path;
  } catch (error) {
    throw fileError(`write the session to "${path}"`, error);
  }
}

/** Writes a new database, and removes it if that fails. */
async function wholeOrNothing(
  files: FileSystem,
  path: string,
  write: () => unknown,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    for (const suffix of ["", "-journal", "-wal", "-shm"]) {
      files.rmSync(path + suffix, { force: true });
    }
    throw error;
  }
}

async function writeFiles(
  files: FileSystem,
  session: Session,
  format: DatabaseFormat | "gramjs-folder" | "tdata",
  path: string,
  { apiId, others = [], passcode }: ExportOptions,
): Promise<void> {
  if (format === "tdata") return await writeTdata(files, path, [session, ...others], passcode);
  const peers = await peersOf(session);
  if (format === "gramjs-folder") return writeGramJsFolder(files, path, session, peers);
  const sqlite = builtinModule("node:sqlite");
  if (sqlite === undefined) {
    throw new SessionError(
      `Cannot write the session to "${path}": this runtime has no SQLite. Export a string.`,
    );
  }
  files.closeSync(files.openSync(path, "wx", 0o600));
  await wholeOrNothing(files, path, () => {
    const database = new sqlite.DatabaseSync(databasePath(path));
    try {
      writeDatabase(format, database, session, peers, apiId);
    } catch (error) {
      throw sqliteError("write", path, error);
    } finally {
      database.close();
    }
  });
}
