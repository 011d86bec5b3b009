/**
 * A socket of Cloudflare as a stream of bytes: see cloudflare.ts. It loads on the first dial.
 */
import { secondReadError } from "../chunk_queue.ts";
import type { CloudflareConnect, CloudflareSocket } from "../cloudflare.ts";
import { brokenError, closedError, dialError } from "../dial_error.ts";
import { type Address, type ByteStream, closeOnAbort, formatAddress } from "../mod.ts";

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

/** Opens a socket. */
export async function openCloudflareSocket(
  connect: CloudflareConnect,
  address: Address,
  signal?: AbortSignal,
  options?: { secureTransport: "on" },
): Promise<ByteStream> {
  signal?.throwIfAborted();
  const { host, port } = address;
  let socket: CloudflareSocket;
  let stream: ByteStream;
  try {
    socket = connect({ hostname: host.includes(":") ? `[${host}]` : host, port }, options);
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
