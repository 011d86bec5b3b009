/**
 * The bytes that a program uploads, in every form that a platform has, as one thing: a size, if it
 * is known, a name, a type, and parts that are read one after the other. No form is read whole.
 */
import { builtinModule, type OpenFile } from "../../runtime/mod.ts";

/**
 * Bytes to upload: bytes, a `Blob` or `File`, a `ReadableStream` or another iterable of bytes, a
 * `Response`, a URL (`file:`, `https:`, `blob:`, `data:`), or, in Deno, Node and Bun, a path. Bytes
 * are not copied: they must not change before the upload has ended.
 */
export type FileSource =
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | Response
  | URL
  | string;

/** A source that is open. */
export interface OpenSource {
  /** The number of bytes, if it is known. */
  readonly size: number | undefined;
  readonly name: string | undefined;
  readonly mime: string | undefined;
  /** When a file was changed last, in milliseconds since 1970. */
  readonly changedAt?: number;
  /** Reads bytes anywhere; undefined for a source that can be read once only. */
  readonly at?: (offset: number, length: number) => Promise<Uint8Array>;
  /** Yields the bytes in pieces of any length; for a source that can be read once only. */
  readonly pieces?: AsyncIterable<Uint8Array>;
  /** Gives up what is open. */
  close(reason?: unknown): Promise<void>;
}

const FETCH_HINT = "Check the address, or fetch it yourself and pass the Response.";

/**
 * Opens a source. Throws a `TypeError` for what is none, and for an address of the network if all
 * must go through a proxy.
 */
export async function openSource(
  source: FileSource,
  signal: AbortSignal,
  hasProxy: boolean,
): Promise<OpenSource> {
  if (typeof source === "string") {
    checkPath(source);
    return await openPath(source);
  }
  if (source instanceof Uint8Array) return ofBytes(source);
  if (source instanceof ArrayBuffer) return ofBytes(new Uint8Array(source));
  if (source instanceof Blob) return ofBlob(source);
  if (source instanceof URL) return await openUrl(source, signal, hasProxy);
  if (source instanceof Response) return ofResponse(source);
  if (source instanceof ReadableStream) return ofStream(source);
  if (typeof source === "object" && source !== null) {
    if (Symbol.asyncIterator in source) return ofIterator(source[Symbol.asyncIterator]());
    if (Symbol.iterator in source) return ofIterator(source[Symbol.iterator]());
  }
  throw new TypeError(
    `Cannot upload a value of type ${source === null ? "null" : typeof source}. Pass bytes, a ` +
      "Blob, a File, a stream, a Response, a URL, or a path.",
  );
}

function ofBytes(bytes: Uint8Array): OpenSource {
  return {
    size: bytes.length,
    name: undefined,
    mime: undefined,
    at: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  };
}

function ofBlob(blob: Blob): OpenSource {
  const at = async (offset: number, length: number): Promise<Uint8Array> =>
    new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  return {
    size: blob.size,
    name: blob instanceof File && blob.name !== "" ? baseName(blob.name) : undefined,
    mime: blob.type === "" ? undefined : blob.type.split(";")[0],
    at,
    close: () => Promise.resolve(),
  };
}

async function openUrl(url: URL, signal: AbortSignal, hasProxy: boolean): Promise<OpenSource> {
  if (url.protocol === "file:") return await openPath(pathOf(url));
  if (hasProxy && !/^(?:data|blob):$/.test(url.protocol)) {
    throw new TypeError(
      `Cannot upload "${withoutSecrets(url)}": fetch() would go around the proxy of this client. ` +
        "Fetch it yourself, and pass the Response.",
    );
  }
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new TypeError(
      `Cannot upload "${withoutSecrets(url)}": it cannot be fetched. ${FETCH_HINT}`,
      // The message of the error has the whole address in some runtimes.
      { cause: String(cause).includes(url.pathname) ? undefined : cause },
    );
  }
  if (response.ok) {
    const { pieces, ...source } = ofResponse(response);
    const name = nameOf(response) ?? nameIn(url);
    return { ...source, name, pieces: pieces && fetchedPieces(pieces, url, signal) };
  }
  await response.body?.cancel();
  throw new TypeError(
    `Cannot upload "${withoutSecrets(url)}": the server answered ${response.status}. ${FETCH_HINT}`,
  );
}

/** The pieces of an answer. The runtime's error does not say which answer broke off. */
async function* fetchedPieces(
  pieces: AsyncIterable<Uint8Array>,
  url: URL,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* pieces;
  } catch (cause) {
    signal.throwIfAborted();
    throw new TypeError(
      `Cannot upload "${withoutSecrets(url)}": the answer broke off. Upload it again.`,
      { cause },
    );
  }
}

/** Returns the path of a `file:` address. That of another machine is no path of this one. */
function pathOf(url: URL): string {
  const toPath = builtinModule("node:url")?.fileURLToPath;
  try {
    return toPath?.(url) ?? decoded(url.pathname);
  } catch (cause) {
    if (cause instanceof URIError) return decoded(url.pathname);
    throw new TypeError(
      `Cannot upload "${
        withoutSecrets(url)
      }": this machine has no such path. Pass the path as text.`,
      { cause },
    );
  }
}

/** An address as it may be shown: its query may be a secret, and so may its path. */
function withoutSecrets({ host, protocol }: URL): string {
  return host === "" ? `${protocol}…` : `${protocol}//${host}/…`;
}

/** The name at the end of an address. Those of `data:` and `blob:` have none. */
function nameIn({ protocol, pathname }: URL): string | undefined {
  return /^https?:$/.test(protocol) ? baseName(decoded(pathname)) : undefined;
}

/** A path of an address as text. One that is not encoded as it must be is the text itself. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function ofResponse(response: Response): OpenSource {
  const { headers, body, url, ok, status } = response;
  if (!ok) {
    throw new TypeError(
      `Cannot upload a Response of status ${status}: its body is an error of the server, and not ` +
        "the file. Pass response.body to upload it all the same.",
    );
  }
  if (body === null) throw new TypeError("Cannot upload a Response without a body");
  if (response.bodyUsed) {
    throw new TypeError("Cannot upload a Response whose body was read. Pass response.clone().");
  }
  const length = headers.get("content-length");
  // The length of compressed bytes is not that of the body. A page is not told of another site's
  // encoding.
  const isPlain = response.type !== "cors" &&
    (headers.get("content-encoding") ?? "identity") === "identity";
  return {
    ...ofStream(body),
    size: length !== null && isPlain && /^\d+$/.test(length) ? Number(length) : undefined,
    name: nameOf(response) ?? (url === "" ? undefined : nameIn(new URL(url))),
    mime: headers.get("content-type")?.split(";")[0] ?? undefined,
  };
}

/** The name in the header `content-disposition`: RFC 6266. */
function nameOf({ headers }: Response): string | undefined {
  const header = headers.get("content-disposition") ?? "";
  const encoded = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(header)?.[1];
  if (encoded !== undefined) {
    try {
      return baseName(decodeURIComponent(encoded));
    } catch {
      // It is not encoded as it says.
    }
  }
  const [, quoted, plain] = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  const name = quoted?.replaceAll(/\\(.)/g, "$1") ?? plain;
  return name === undefined ? undefined : baseName(name);
}

function ofStream(stream: ReadableStream<Uint8Array>): OpenSource {
  if (stream.locked) {
    throw new TypeError("Cannot upload a stream that is locked: something else reads it");
  }
  const reader = stream.getReader();
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  }
  return {
    size: undefined,
    name: undefined,
    mime: undefined,
    pieces: pieces(),
    close: (reason) => {
      void reader.cancel(reason).catch(() => {}); // may never settle, while a read is pending
      return Promise.resolve();
    },
  };
}

function ofIterator(
  iterator: AsyncIterator<Uint8Array, unknown, undefined> | Iterator<Uint8Array>,
): OpenSource {
  return {
    size: undefined,
    name: undefined,
    mime: undefined,
    pieces: {
      [Symbol.asyncIterator]: () => ({
        next: async () => await iterator.next() as IteratorResult<Uint8Array>,
      }),
    },
    close: () => {
      // A generator returns after the read that is pending: nobody waits for that.
      void (async () => await iterator.return?.())().catch(() => {});
      return Promise.resolve();
    },
  };
}

/** More characters than a path has in any system. */
const MAX_PATH = 32_767;

/** Refuses text that is no path: the error does not have it, as it may be long or secret. */
function checkPath(path: string): void {
  if (/^(?:https?|data|blob|file):/i.test(path)) {
    throw new TypeError("Cannot upload a text that is an address. Pass new URL(text), or a path.");
  }
  if (path === "" || path.length > MAX_PATH || /[\0\n\r]/.test(path)) {
    throw new TypeError(
      "Cannot upload a text that is no path. Pass new TextEncoder().encode(text) to upload the " +
        "text itself.",
    );
  }
}

async function openPath(path: string): Promise<OpenSource> {
  const files = builtinModule("node:fs")?.promises;
  if (files === undefined) {
    throw new TypeError(
      `Cannot upload "${path}": this runtime has no files. Pass bytes, a Blob or a Response.`,
    );
  }
  let file: OpenFile;
  let size: number;
  let changedAt: number;
  try {
    // Before it is opened: to open a pipe waits for the other side.
    const status = await files.stat(path);
    if (status.isDirectory()) throw new Error("it is a folder. Pass the files in it.");
    if (!status.isFile()) throw new Error("it is a pipe or a device. Pass a stream of it.");
    file = await files.open(path, "r");
    ({ size, mtimeMs: changedAt } = await file.stat());
  } catch (cause) {
    const { code, message } = cause as { readonly code?: string; readonly message: string };
    const reason = code === "ENOENT" ? "there is no such file" : message;
    throw new TypeError(`Cannot upload "${path}": ${reason}`, { cause });
  }
  const at = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(Math.min(length, Math.max(0, size - offset)));
    for (let filled = 0; filled < bytes.length;) {
      const left = bytes.length - filled;
      const { bytesRead } = await file.read(bytes, filled, left, offset + filled);
      if (bytesRead === 0) throw new Error(`Cannot upload "${path}": it became shorter meanwhile`);
      filled += bytesRead;
    }
    return bytes;
  };
  const name = baseName(path);
  return { size, name, mime: undefined, changedAt, at, close: () => file.close() };
}

/** Returns the name that a program has chosen, without the folders before it. */
export function chosenName(name: string): string {
  const base = baseName(name);
  if (base !== undefined) return base;
  throw new TypeError(
    "Cannot upload a file: its name is empty, or ends with a folder. Pass one such as " +
      '"photo.jpg", or leave it out.',
  );
}

/** The last part of a path, without what no name of a file has; undefined if nothing is left. */
function baseName(path: string): string | undefined {
  const last = path.split(/[/\\]/).at(-1) ?? "";
  return last === "" || last === "." || last === ".." ? undefined : last;
}

/**
 * Yields the bytes of a source in parts of `partSize`, the last one may be shorter. Reads one part
 * ahead, so that `isLast` is known of each.
 */
export async function* partsOf(
  source: OpenSource,
  partSize: number,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly isLast: boolean }, void, undefined> {
  const { size, at, pieces } = source;
  if (at !== undefined && size !== undefined) {
    for (let offset = 0; offset < size; offset += partSize) {
      const bytes = await at(offset, Math.min(partSize, size - offset));
      yield { bytes, isLast: offset + partSize >= size };
    }
    return;
  }
  let part = new Uint8Array(partSize);
  let filled = 0;
  let whole: Uint8Array | undefined;
  for await (const piece of pieces ?? []) {
    if (!(piece instanceof Uint8Array)) {
      throw new TypeError(
        `Cannot upload the stream: it has a piece of type ${typeof piece}, expected a Uint8Array`,
      );
    }
    for (let at = 0; at < piece.length;) {
      if (filled === partSize) {
        if (whole !== undefined) yield { bytes: whole, isLast: false };
        whole = part;
        part = new Uint8Array(partSize);
        filled = 0;
      }
      const taken = piece.subarray(at, at + partSize - filled);
      part.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  if (whole !== undefined) yield { bytes: whole, isLast: filled === 0 };
  if (filled > 0) yield { bytes: part.subarray(0, filled), isLast: true };
}
