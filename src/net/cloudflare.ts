/**
 * TCP by `cloudflare:sockets`, for Cloudflare Workers and Durable Objects. Only the request that
 * opened a socket may read from it and write to it, so a client that lives longer needs a Durable
 * Object. https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
 */
import { brokenError, closedError, dialError } from "./dial_error.ts";
import { secondReadError } from "./chunk_queue.ts";
import { type ByteStream, closeOnAbort, type Dial, formatAddress } from "./stream.ts";

/** The part of Cloudflare's sockets that the library uses. */
export interface CloudflareSocket {
  /** Resolves when the socket is connected. */
  readonly opened: Promise<unknown>;
  /** Resolves when the socket is closed; rejects if the connection broke. */
  readonly closed: Promise<unknown>;
  /** The received bytes. */
  readonly readable: ReadableStream<Uint8Array>;
  /** The bytes to send. */
  readonly writable: WritableStream<Uint8Array>;
  /** Closes both directions. */
  close(): Promise<unknown>;
}

/** The function `connect` of the module `cloudflare:sockets`. */
export type CloudflareConnect = (address: { hostname: string; port: number }) => CloudflareSocket;

class CloudflareStream implements ByteStream {
  readonly #socket: CloudflareSocket;
  readonly #remote: string;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #closed = false;
  #reading = false;

  constructor(socket: CloudflareSocket, remote: string) {
    this.#socket = socket;
    this.#remote = remote;
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
    // Reads and writes report a failure. Without a handler, these would be unhandled rejections.
    for (const ended of [socket.closed, this.#reader.closed, this.#writer.closed]) {
      ended.catch(() => {});
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#closed) return undefined;
    if (this.#reading) throw secondReadError();
    this.#reading = true;
    try {
      const { value } = await this.#reader.read();
      return this.#closed ? undefined : value;
    } catch (error) {
      if (this.#closed) return undefined;
      throw brokenError("read from", this.#remote, error);
    } finally {
      this.#reading = false;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) throw closedError(this.#remote);
    if (bytes.length === 0) return;
    try {
      await this.#writer.write(bytes);
    } catch (error) {
      throw this.#closed ? closedError(this.#remote) : brokenError("write to", this.#remote, error);
    }
    if (this.#closed) throw closedError(this.#remote);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // This ends pending reads and writes. The rejections of the endings have no meaning.
    for (const ending of [this.#reader.cancel(), this.#writer.abort(), this.#socket.close()]) {
      ending.catch(() => {});
    }
  }
}

/**
 * Makes a dial from Cloudflare's `connect`. A Worker with the npm package does not need it:
 * `tcpDial`, the default, uses `connect` there.
 *
 * @param connect The `connect` of `import { connect } from "cloudflare:sockets"`.
 *
 * @example
 * ```ts
 * import { type CloudflareConnect, Client, cloudflareDial, StringSession } from "@tessera/mtproto";
 *
 * function newClient(connect: CloudflareConnect, session: string): Client {
 *   const dial = cloudflareDial(connect);
 *   return new Client(new StringSession(session), 1, "0".repeat(32), { dial });
 * }
 * ```
 */
export function cloudflareDial(connect: CloudflareConnect): Dial {
  return async (address, signal): Promise<ByteStream> => {
    signal?.throwIfAborted();
    const { host, port } = address;
    let socket: CloudflareSocket;
    let stream: ByteStream;
    try {
      socket = connect({ hostname: host.includes(":") ? `[${host}]` : host, port });
      stream = closeOnAbort(new CloudflareStream(socket, formatAddress(address)), signal);
    } catch (error) {
      throw dialError(address, error);
    }
    try {
      await openedOrAborted(socket, signal);
      return stream;
    } catch (error) {
      stream.close();
      throw signal?.aborted ? signal.reason : dialError(address, error);
    }
  };
}

/** Waits for the connection. Rejects at once when the signal aborts. */
async function openedOrAborted(socket: CloudflareSocket, signal?: AbortSignal): Promise<void> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
  });
  try {
    await Promise.race([socket.opened, aborted]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
