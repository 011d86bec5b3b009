/**
 * Keys as names of files: no two keys have one name, also where case does not count, and none has a meaning of its own
 * (such as `..`). A colon, which separates the parts of a key, becomes a dot.
 */

/** Percent signs with what follows them, and all that a file system could take for something else. */
const UNSAFE = /%[0-9A-F]{2}|[A-Z.~*'()!]/g;

/** The name of a file for a key. */
export function fileNameOf(key: string): string {
  return encodeURIComponent(key).replace(UNSAFE, (one) => {
    if (one === "%3A") return ".";
    return one.length > 1 ? one.toLowerCase() : `%${one.charCodeAt(0).toString(16)}`;
  });
}

/** The path that a path or a `file:` URL stands for. */
export function pathOf(path: string | URL): string {
  if (typeof path === "string") return path;
  if (path.protocol !== "file:") {
    throw new TypeError(
      `Cannot keep a session at "${path.protocol}": expected a path or a URL of the kind file:`,
    );
  }
  const text = decodeURIComponent(path.pathname);
  return /^\/[A-Za-z]:/.test(text) ? text.slice(1) : text; // a drive of Windows
}
