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

/** The path of a file that is given as a path or a `file:` URL. */
export function pathOf(path: string | URL): string {
  if (typeof path === "string") return path;
  if (path.protocol !== "file:") {
    throw new TypeError(
      `Cannot keep a session at a URL with "${path.protocol}": expected a path or a file: URL`,
    );
  }
  const text = decodeURIComponent(path.pathname);
  return /^\/[A-Za-z]:/.test(text) ? text.slice(1) : text; // C:/… of Windows
}

/**
 * The path as SQLite takes it. SQLite reads a path that begins with `file:` as a URI, whose options
 * can keep a session in memory only, and one that begins with `:` as a name of its own.
 */
export function databasePath(path: string): string {
  return /^(file)?:/i.test(path) ? `./${path}` : path;
}
