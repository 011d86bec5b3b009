/**
 * WebSocket as a stream of bytes: the way into Telegram for browsers and edge runtimes. The messages' borders mean nothing;
 * MTProto requires obfuscation inside.
 *
 * https://core.telegram.org/mtproto/transports#websocket
 */
import { closedError } from "./dial_error.ts";
import { ChunkQueue } from "./chunk_queue.ts";
import {
  type Address,
  type ByteStream,
  closeOnAbort,
  ConnectionError,
  type Dial,
  formatAddress,
} from "./stream.ts";

/** What is used of a WebSocket; the global one and that of the npm package `ws` have it. */
export interface WebSocketLike {
  /** Set to `"arraybuffer"`. */
  binaryType: string;
  /** How many bytes wait to be sent. */
  readonly bufferedAmount: number;
  /** Called when it is open. */
  onopen: ((event: never) => void) | null;
  /** Called with each message. */
  onmessage: ((event: never) => void) | null;
  /** Called when it fails. */
  onerror: ((event: never) => void) | null;
  /** Called when it is closed. */
  onclose: ((event: never) => void) | null;
  /** Sends a binary message. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Closes it. */
  close(code?: number, reason?: string): void;
}

/** A class of WebSockets. */
export type WebSocketClass = new (url: string, protocols: string) => WebSocketLike;

/** How WebSockets are opened. */
export interface WebSocketDialOptions {
  /** Whether to use TLS (`wss:`) where the address does not say; true unless told otherwise. */
  readonly tls?: boolean;
  /** The class to use instead of the global `WebSocket`, which Node 20 lacks. */
  readonly webSocket?: WebSocketClass;
}

/** Above this many bytes that the runtime has not sent yet, a write waits; it looks again after this time. */
const HIGH_WATER = 1024 * 1024;
const LOOK_AGAIN_MS = 10;

class WebSocketStream implements ByteStream {
  readonly #socket: WebSocketLike;
  readonly #remote: string;
  readonly #inbox = new ChunkQueue();
  readonly #waiting = new Map<ReturnType<typeof setTimeout>, () => void>();
  #open = true;

  constructor(socket: WebSocketLike, remote: string) {
    this.#socket = socket;
    this.#remote = remote;
    socket.onmessage = ({ data }: { data: unknown }): void => {
      if (data instanceof ArrayBuffer) return this.#inbox.push(new Uint8Array(data));
      const kind = typeof data === "string" ? "text" : "a Blob";
      this.#finish(
        new ConnectionError(
          `Cannot read from "${remote}": a message is ${kind}, expected bytes; is this a Telegram server?`,
        ),
      );
      socket.close();
    };
    // An error event says nothing; the close event that follows has a code.
    socket.onerror = (): void => {};
    socket.onclose = ({ code, reason }: { code: number; reason: string }): void => {
      // 1000 and 1001 are ordinary ends; 1005 is a close frame without a code.
      const ordinary = code === 1000 || code === 1001 || code === 1005;
      this.#finish(ordinary ? undefined : brokenError(remote, code, reason));
    };
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#inbox.read();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#open) throw closedError(this.#remote);
    if (bytes.length === 0) return;
    this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
    // There is no event for this; looking again is all that a WebSocket allows.
    while (this.#socket.bufferedAmount > HIGH_WATER) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          this.#waiting.delete(timer);
          resolve();
        }, LOOK_AGAIN_MS);
        this.#waiting.set(timer, resolve);
      });
      if (!this.#open) throw closedError(this.#remote);
    }
  }

  close(): void {
    this.#inbox.close();
    if (!this.#open) return;
    this.#finish();
    this.#socket.close();
  }

  #finish(failure?: Error): void {
    this.#open = false;
    this.#inbox.end(failure);
    for (const [timer, resolve] of this.#waiting) {
      clearTimeout(timer);
      resolve();
    }
    this.#waiting.clear();
  }
}

function brokenError(remote: string, code: number, reason: string): ConnectionError {
  const said = reason ? `${code}, ${reason}` : code;
  return new ConnectionError(
    `Cannot read from "${remote}": the WebSocket broke (${said}), expected an open connection; connect again`,
  );
}

function dialError(url: string, said: string): ConnectionError {
  return new ConnectionError(
    `Cannot connect to "${url}": ${said}, ` +
      "expected a WebSocket server; check the address and the network, or use tcpDial",
  );
}

/**
 * Makes a dial that opens WebSockets: `wss://host:port/apiws` with the subprotocol `binary`.
 *
 * The address's `tls` and `path` come before the options. Rejects with `ConnectionError` when a WebSocket cannot be opened
 * or where the runtime has none, and with the signal's reason when it is aborted. An abort afterwards closes the stream.
 */
export function webSocketDial(options: WebSocketDialOptions = {}): Dial {
  return (address, signal) => open(address, options, signal);
}

function open(
  address: Address,
  options: WebSocketDialOptions,
  signal: AbortSignal | undefined,
): Promise<ByteStream> {
  const remote = formatAddress(address);
  const scheme = address.tls ?? options.tls ?? true ? "wss" : "ws";
  const url = `${scheme}://${remote}${address.path ?? "/apiws"}`;
  const socketClass = options.webSocket ??
    (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    if (!socketClass) {
      throw new ConnectionError(
        `Cannot connect to "${url}": this runtime has no WebSocket, expected one; ` +
          'pass a class as webSocketDial({ webSocket }), such as that of the npm package "ws", or use tcpDial',
      );
    }
    let socket: WebSocketLike;
    try {
      socket = new socketClass(url, "binary");
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new ConnectionError(
        `Cannot connect to "${url}": ${said}, expected a WebSocket; check the address`,
        { cause },
      );
    }
    socket.binaryType = "arraybuffer";
    const abort = (): void => {
      reject(signal?.reason);
      socket.close();
    };
    signal?.addEventListener("abort", abort, { once: true });
    const fail = (said: string): void => {
      signal?.removeEventListener("abort", abort);
      reject(dialError(url, said));
    };
    // In Node 22 this is all that tells of a failure; elsewhere the close event follows, and knows no more.
    socket.onerror = ({ message }: { message?: unknown }): void => {
      fail(typeof message === "string" && message !== "" ? message : "it could not be opened");
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }): void => {
      fail(reason || `it was closed at once (${code})`);
    };
    socket.onopen = (): void => {
      signal?.removeEventListener("abort", abort);
      if (signal?.aborted) return;
      resolve(closeOnAbort(new WebSocketStream(socket, url), signal));
    };
  });
}
