/**
 * The interfaces of this floor: a stream of bytes, a function that opens one, and the error of a
 * connection. A socket, a WebSocket, a proxy and a pipe in memory are each a `Dial`.
 */
import { isInstance } from "../runtime/mod.ts";

/** A connection: a stream of bytes in both directions, without packets. */
export interface ByteStream {
  /**
   * Returns the next bytes, at least one. Resolves to undefined after the peer has closed and all
   * bytes are read, or after this side has closed. Rejects with a `ConnectionError` if the
   * connection broke. Only one read at a time is allowed.
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Sends all of `bytes`. They must not change until the promise resolves: then the system has
   * taken them, so a writer that waits is never faster than the network. Concurrent writes are sent
   * in order.
   */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Closes both directions at once. A second call does nothing. A pending read resolves to
   * undefined, pending writes reject, and their bytes may be lost.
   */
  close(): void;
}

/** An address to connect to. */
export interface Address {
  /** A name or an IP address (IPv6 without brackets). */
  readonly host: string;
  /** The port, 1 to 65535. */
  readonly port: number;
  /** The data center at this address, for proxies that need its id. */
  readonly dcId?: number;
  /** WebSocket only: the path; `/apiws` by default. */
  readonly path?: string;
  /** WebSocket only: whether to use TLS (`wss:`). */
  readonly tls?: boolean;
}

/**
 * Opens a connection to `address`.
 *
 * Rejects with a `ConnectionError` if that fails, and with the signal's reason when the signal
 * aborts. A later abort closes the stream.
 */
export type Dial = (address: Address, signal?: AbortSignal) => Promise<ByteStream>;

/**
 * The hop at which a connection through a proxy failed. `"unreachable"`: the proxy itself does not
 * answer as one. `"refused"`: it does not accept the program. `"target"`: it does not connect to
 * Telegram.
 */
export type ProxyFault = "unreachable" | "refused" | "target";

/**
 * Thrown when a connection cannot be opened, or breaks. The text names the address, the fault and
 * what to do; `cause` has the details.
 */
export class ConnectionError extends Error {
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, ConnectionError, ["ConnectionError"]);
  }
  /** Always `ConnectionError`. */
  override readonly name = "ConnectionError";
  /** Whether trying again is of no use: the runtime has no sockets, or does not allow them. */
  readonly permanent: boolean;
  /** With a proxy: the hop that failed. */
  declare readonly proxyFault?: ProxyFault;

  /** The error with this text. */
  constructor(
    message: string,
    options: ErrorOptions & { permanent?: boolean; proxyFault?: ProxyFault } = {},
  ) {
    super(message, options);
    this.permanent = options.permanent ?? false;
    if (options.proxyFault) this.proxyFault = options.proxyFault;
  }
}

/** Returns `host:port`, with brackets around an IPv6 address. */
export function formatAddress(address: Address): string {
  const { host, port } = address;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Returns the IP version of a host, or undefined for a name. */
export function ipVersionOf(host: string): 4 | 6 | undefined {
  if (host.includes(":")) return 6;
  return /^\d+(\.\d+){3}$/.test(host) ? 4 : undefined;
}

/** Returns a stream that closes when `signal` aborts, and stops listening to it when it closes. */
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
