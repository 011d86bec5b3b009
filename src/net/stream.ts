/**
 * What the floors above know of a network: a stream of bytes both ways, a function that opens one, and the error that says
 * why it could not be opened or has broken. A socket, a WebSocket, a proxy, a pipe in memory are each just a `Dial`.
 */

/** A connection as its user sees it: bytes both ways, in no particular chunks. */
export interface ByteStream {
  /**
   * The next bytes; at least one. Undefined once the peer has closed and everything was read, or once this side has closed.
   * Rejects with `ConnectionError` when the connection broke. One read at a time.
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Sends all of `bytes`, which must not change until the promise resolves: that is when the system has taken them over,
   * so a writer that waits goes no faster than the network. Several at once are sent in order.
   */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Closes both directions at once, and does nothing the second time. A read that waits resolves to undefined, a write that
   * waits rejects, and bytes of writes that have not resolved may be lost.
   */
  close(): void;
}

/** Where to connect to. */
export interface Address {
  /** A name or an IP address (IPv6 without brackets). */
  readonly host: string;
  /** The port, 1 to 65535. */
  readonly port: number;
  /** The data center that is expected there, for proxies that must be told. */
  readonly dcId?: number;
  /** WebSocket only: the path, `/apiws` unless told otherwise. */
  readonly path?: string;
  /** WebSocket only: whether to use TLS (`wss:`). */
  readonly tls?: boolean;
}

/**
 * Opens a connection to `address`.
 *
 * Rejects with `ConnectionError` when that fails, and with the signal's reason when it is aborted. An abort afterwards
 * closes the stream.
 */
export type Dial = (address: Address, signal?: AbortSignal) => Promise<ByteStream>;

/**
 * A connection could not be opened, or has broken. The text names the address, what failed and what to do; `cause` has the
 * details.
 */
export class ConnectionError extends Error {
  /** Always `ConnectionError`. */
  override readonly name = "ConnectionError";
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatAddress(address: Address): string {
  const { host, port } = address;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A stream that closes when `signal` is aborted, and forgets the signal when it is closed. */
export function closeOnAbort(stream: ByteStream, signal: AbortSignal | undefined): ByteStream {
  if (!signal) return stream;
  const abort = (): void => stream.close();
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return {
    read: () => stream.read(),
    write: (bytes) => stream.write(bytes),
    close() {
      signal.removeEventListener("abort", abort);
      stream.close();
    },
  };
}
