/**
 * Keys as names of files. Two keys never share a name, even on a file system that ignores case, and
 * no name is special, as `..` is. The colon between the parts of a key becomes a dot.
 */

/**
 * Percent-encoded bytes, and the characters that `encodeURIComponent` keeps and a file system may
 * not.
 */
const UNSAFE = /%[0-9A-F]{2}|[A-Z.~*'()!]/g;

/** The name of the file that keeps the value of a key. */
export function fileNameOf(key: string): string {
  return encodeURIComponent(key).replace(UNSAFE, (one) => {
    if (one === "%3A") return ".";
    return one.length > 1 ? one.toLowerCase() : `%${one.charCodeAt(0).toString(16)}`;
  });
}

/** The path of a file that is given as a path or a `file:` URL, which may be a text. */
export function pathOf(given: string | URL): string {
  const isUrl = typeof given === "string" && /^file:\/\//i.test(given);
  const path = isUrl ? new URL(given) : given;
  if (typeof path === "string") return path;
  if (!(path instanceof URL)) {
    // JavaScript may pass anything.
    throw new TypeError(`Cannot find a file by a value of type ${typeof path}. Pass its path.`);
  }
  if (path.protocol !== "file:") {
    throw new TypeError(
      `Cannot keep a session at a URL with "${path.protocol}": expected a path or a file: URL`,
    );
  }
  const text = decodeURIComponent(path.pathname);
  return /^\/[A-Za-z]:/.test(text) ? text.slice(1) : text; // C:/… of Windows
}

/** Names that Windows gives to devices, with any suffix. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** Characters of no name on Windows. A colon would hide the session in a stream of another file. */
const NO_NAME = /[<>:"|?*]/;

/**
 * The fault of the name of a file on a system; `undefined` if it can be one.
 *
 * @param name the name without its folder
 * @param platform the system, as `process.platform` has it
 */
export function faultOf(name: string, platform: string | undefined): string | undefined {
  if (name === "") return "expected the name of a file";
  if (name.includes("\0")) return "its name has a zero character";
  if (platform !== "win32") return undefined;
  if (DEVICE.test(name)) return "its name is that of a device of Windows. Choose another.";
  return NO_NAME.test(name) ? "its name has a character that Windows refuses" : undefined;
}

/**
 * The path as SQLite takes it. SQLite reads a path that begins with `file:` as a URI, whose options
 * can keep a session in memory only, and one that begins with `:` as a name of its own.
 */
export function databasePath(path: string): string {
  return /^(file)?:/i.test(path) ? `./${path}` : path;
}
