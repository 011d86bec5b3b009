/**
 * Media types: by the first bytes of a file (the WHATWG's list of patterns, and the formats' own
 * pages), and by its name. https://mimesniff.spec.whatwg.org/
 */

/** Bytes at an offset that tell a type. `.` stands for any byte. */
type Pattern = readonly [mime: string, offset: number, text: string];

const PATTERNS: readonly Pattern[] = [
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/gif", 0, "GIF87a"],
  ["image/gif", 0, "GIF89a"],
  ["image/webp", 0, "RIFF....WEBP"],
  ["image/bmp", 0, "BM......\0\0\0\0"],
  ["image/tiff", 0, "II*\0"],
  ["image/tiff", 0, "MM\0*"],
  ["image/heic", 4, "ftypheic"],
  ["image/heic", 4, "ftypheix"],
  ["image/heic", 4, "ftypmif1"],
  ["image/avif", 4, "ftypavif"],
  ["audio/mp4", 4, "ftypM4A"],
  ["audio/mp4", 4, "ftypM4B"],
  ["video/quicktime", 4, "ftypqt"],
  ["video/mp4", 4, "ftyp"],
  ["video/webm", 0, "\x1aE\xdf\xa3"],
  ["video/x-msvideo", 0, "RIFF....AVI "],
  ["audio/wav", 0, "RIFF....WAVE"],
  ["audio/ogg", 0, "OggS"],
  ["audio/flac", 0, "fLaC"],
  ["audio/mpeg", 0, "ID3"],
  ["audio/mpeg", 0, "\xff\xfb"],
  ["audio/mpeg", 0, "\xff\xf3"],
  ["audio/mpeg", 0, "\xff\xf2"],
  ["audio/aac", 0, "\xff\xf1"],
  ["audio/aac", 0, "\xff\xf9"],
  ["audio/midi", 0, "MThd"],
  ["application/pdf", 0, "%PDF-"],
  ["application/zip", 0, "PK\x03\x04"],
  ["application/gzip", 0, "\x1f\x8b"],
  ["application/x-7z-compressed", 0, "7z\xbc\xaf\x27\x1c"],
  ["application/vnd.rar", 0, "Rar!\x1a\x07"],
  ["application/x-bzip2", 0, "BZh"],
  ["application/x-xz", 0, "\xfd7zXZ\0"],
  ["application/zstd", 0, "\x28\xb5\x2f\xfd"],
  ["application/wasm", 0, "\0asm"],
  ["application/vnd.sqlite3", 0, "SQLite format 3\0"],
];

/** Types by the extensions of names; the first one is what a name without one gets. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  "image/jpeg": ["jpg", "jpeg", "jpe", "jfif"],
  "image/png": ["png"],
  "image/gif": ["gif"],
  "image/webp": ["webp"],
  "image/bmp": ["bmp"],
  "image/tiff": ["tiff", "tif"],
  "image/heic": ["heic", "heif"],
  "image/avif": ["avif"],
  "image/svg+xml": ["svg"],
  "video/mp4": ["mp4", "m4v"],
  "video/quicktime": ["mov"],
  "video/webm": ["webm"],
  "video/x-matroska": ["mkv"],
  "video/x-msvideo": ["avi"],
  "audio/mpeg": ["mp3"],
  "audio/mp4": ["m4a", "m4b"],
  "audio/ogg": ["ogg", "oga", "opus"],
  "audio/wav": ["wav"],
  "audio/flac": ["flac"],
  "audio/aac": ["aac"],
  "audio/midi": ["mid", "midi"],
  "application/pdf": ["pdf"],
  "application/zip": ["zip"],
  "application/gzip": ["gz", "tgz"],
  "application/x-7z-compressed": ["7z"],
  "application/vnd.rar": ["rar"],
  "application/x-bzip2": ["bz2"],
  "application/x-xz": ["xz"],
  "application/zstd": ["zst"],
  "application/x-tar": ["tar"],
  "application/wasm": ["wasm"],
  "application/vnd.sqlite3": ["sqlite", "sqlite3"],
  "application/json": ["json"],
  "application/xml": ["xml"],
  "application/epub+zip": ["epub"],
  "application/msword": ["doc"],
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["docx"],
  "application/vnd.ms-excel": ["xls"],
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["xlsx"],
  "application/vnd.ms-powerpoint": ["ppt"],
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["pptx"],
  "application/vnd.android.package-archive": ["apk"],
  "application/x-tgsticker": ["tgs"],
  "text/plain": ["txt", "log", "ini", "conf"],
  "text/html": ["html", "htm"],
  "text/css": ["css"],
  "text/csv": ["csv"],
  "text/markdown": ["md"],
  "text/javascript": ["js", "mjs"],
};

/** Formats in a ZIP or an EBML file, a text, …, which their names tell better than their bytes. */
const CONTAINERS = ["application/zip", "application/gzip", "video/webm"];

/** Returns the type that the first bytes tell. */
export function magicMime(head: Uint8Array): string | undefined {
  const mime = PATTERNS.find(([, offset, text]) => matches(head, offset, text))?.[0];
  return mime !== undefined && CONTAINERS.includes(mime) ? undefined : mime;
}

/** Returns the type that a name tells; for a container without such a name, that of its bytes. */
export function mimeOfName(name: string | undefined): string | undefined {
  const extension = name?.split(".").at(-1)?.toLowerCase();
  if (extension === undefined || !name?.includes(".")) return undefined;
  return Object.entries(EXTENSIONS).find(([, all]) => all.includes(extension))?.[0];
}

/** Returns the type of a container. */
export function containerMime(head: Uint8Array): string | undefined {
  return PATTERNS.find(([mime, offset, text]) =>
    CONTAINERS.includes(mime) && matches(head, offset, text)
  )?.[0];
}

/** Returns the extension of the names of a type. */
export function usualExtension(mime: string): string | undefined {
  return EXTENSIONS[mime]?.[0];
}

function matches(head: Uint8Array, offset: number, text: string): boolean {
  if (head.length < offset + text.length) return false;
  return Array.from(text).every((character, index) =>
    character === "." || head[offset + index] === character.charCodeAt(0)
  );
}
