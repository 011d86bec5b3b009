/**
 * Imports sessions of other libraries, and exports sessions for them: strings of Telethon, GramJS,
 * Pyrogram, mtcute and MTKruto, files of Telethon, Pyrogram and mtcute, folders of GramJS and
 * Telegram Desktop. gotd and grammers are import only. An imported file is never changed.
 *
 * @example
 * ```ts
 * import { MemorySession } from "@tessera/mtproto";
 * import { exportSession, importSession } from "@tessera/mtproto/convert";
 *
 * const session = new MemorySession({ user: { id: 777n, isBot: true } });
 * session.setDC(2, "149.154.167.50", 443);
 * session.setAuthKey(new Uint8Array(256).fill(7));
 * const text = await exportSession(session, "pyrogram", { apiId: 12345 });
 * const imported = await importSession(text);
 * console.log(imported.format, imported.state.user?.id); // pyrogram 777n
 * ```
 *
 * @module
 */
export { copySession } from "./copy_session.ts";
export { type ExportOptions, exportSession } from "./export_session.ts";
export { type ForeignSession, ImportedSession } from "./foreign_session.ts";
export {
  FILE_FORMATS,
  type FileFormat,
  isFileFormat,
  type ReadFormat,
  type SessionFormat,
  STRING_FORMATS,
  type StringFormat,
} from "./formats.ts";
export { type ImportOptions, importSession, importSessionString } from "./import_session.ts";
