/**
 * TCP by `Deno.connect`. The file finds Deno in `globalThis`, so that other runtimes and compilers
 * need neither Deno nor its types.
 */
import { brokenError, closedError, dialError } from "../dial_error.ts";
import { secondReadError } from "../chunk_queue.ts";
import { type Address, type ByteStream, closeOnAbort, formatAddress } from "../mod.ts";

/** The part of Deno's connections that this file uses. */
interface DenoConnection {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/** A connection by TCP. */
interface DenoTcpConnection extends DenoConnection {
  setNoDelay(noDelay: boolean): void;
}

/** The part of Deno that this file uses. */
export interface DenoConnect {
  connect(options: {
    hostname: string;
    port: number;
    signal?: AbortSignal;
  }): Promise<DenoTcpConnection>;
}

/** A read that waits keeps its buffer: a small one, until the other side sends much. Bytes. */
const SMALL = 4096;
const LARGE = 65_536;

class DenoStream implements ByteStream {
  readonly #connection: DenoConnection;
  readonly #remote: string;
  #buffer = new Uint8Array(SMALL);
  #reading = false;
  #closed = false;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(connection: DenoConnection, remote: string) {
    this.#connection = connection;
    this.#remote = remote;
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#closed) return undefined;
    if (this.#reading) throw secondReadError();
    this.#reading = true;
    try {
      const buffer = this.#buffer;
      const length = await this.#connection.read(buffer);
      if (length === null || this.#closed) return undefined;
      const next = length === buffer.length ? LARGE : length < SMALL ? SMALL : buffer.length;
      if (next !== buffer.length) this.#buffer = new Uint8Array(next);
      // A buffer that is well filled is given away: a copy would take longer than a new one.
      if (length * 4 < buffer.length) return buffer.slice(0, length);
      if (this.#buffer === buffer) this.#buffer = new Uint8Array(buffer.length);
      return buffer.subarray(0, length);
    } catch (error) {
      if (this.#closed) return undefined;
      throw brokenError("read from", this.#remote, error);
    } finally {
      this.#reading = false;
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    // One at a time: the system may take a part of the bytes, and no other write may come between.
    const written = this.#lastWrite.then(() => this.#writeAll(bytes));
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#connection.close();
    } catch {
      // An abort of the signal has closed it before.
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      if (this.#closed) throw closedError(this.#remote);
      try {
        written += await this.#connection.write(bytes.subarray(written));
      } catch (error) {
        throw this.#closed
          ? closedError(this.#remote)
          : brokenError("write to", this.#remote, error);
      }
    }
    if (this.#closed) throw closedError(this.#remote);
  }
}

/** Opens a TCP connection with `deno`, without Nagle's delay. */
export async function denoTcpDial(
  deno: DenoConnect,
  address: Address,
  signal?: AbortSignal,
): Promise<ByteStream> {
  const connection = await connect(deno, address, signal);
  return closeOnAbort(new DenoStream(connection, formatAddress(address)), signal);
}

async function connect(
  deno: DenoConnect,
  address: Address,
  signal: AbortSignal | undefined,
): Promise<DenoTcpConnection> {
  signal?.throwIfAborted();
  const { host: hostname, port } = address;
  let connection: DenoTcpConnection;
  try {
    connection = await deno.connect({ hostname, port, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw dialError(address, error);
  }
  if (signal?.aborted) {
    connection.close();
    throw signal.reason;
  }
  try {
    connection.setNoDelay(true); // throws if the connection is already closed
  } catch (error) {
    connection.close();
    throw dialError(address, error);
  }
  return connection;
}
