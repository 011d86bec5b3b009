/** The formats of sessions that are imported and exported. */

/** The formats that are a text. */
export const STRING_FORMATS = [
  "tessera",
  "telethon",
  "gramjs",
  "pyrogram",
  "mtcute",
  "mtkruto",
] as const;

/** The formats that are a file or a folder. */
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

/** A format that sessions can be exported to. */
export type SessionFormat = StringFormat | FileFormat;

/**
 * A format that sessions can be imported from. gotd (for Go) and grammers (for Rust) are import
 * only.
 */
export type ReadFormat = SessionFormat | "gotd" | "grammers";

/**
 * Whether a format is a file or a folder that can be exported to.
 *
 * @param format the format
 * @returns true for the formats in {@linkcode FILE_FORMATS}
 */
export function isFileFormat(format: ReadFormat): format is FileFormat {
  return FILE_FORMATS.some((one) => one === format);
}
