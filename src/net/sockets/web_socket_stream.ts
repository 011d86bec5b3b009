/**
 * A WebSocket as a stream of bytes: see web_socket.ts. It loads on the first dial.
 * https://core.telegram.org/mtproto/transports#websocket
 */
import { errorOf } from "../../runtime/mod.ts";
import { ChunkQueue } from "../chunk_queue.ts";
import { closedError } from "../dial_error.ts";
import {
  type Address,
  type ByteStream,
  closeOnAbort,
  ConnectionError,
  formatAddress,
} from "../mod.ts";
import type { WebSocketClass, WebSocketDialOptions, WebSocketLike } from "../web_socket.ts";

/** Above this many unsent bytes, a write waits. */
const HIGH_WATER = 1024 * 1024;
/** The time between two checks of the unsent bytes, milliseconds. */
const LOOK_AGAIN_MS = 10;

class WebSocketStream implements ByteStream {
  readonly #socket: WebSocketLike;
  readonly #remote: string;
  readonly #received = new ChunkQueue();
  readonly #waiting = new Map<ReturnType<typeof setTimeout>, () => void>();
  #open = true;

  constructor(socket: WebSocketLike, remote: string) {
    this.#socket = socket;
    this.#remote = remote;
    socket.onmessage = ({ data }: { data: unknown }): void => {
      if (data instanceof ArrayBuffer) return this.#received.push(new Uint8Array(data));
      const kind = typeof data === "string" ? "text" : "a Blob";
      this.#finish(
        new ConnectionError(
          `Cannot read from "${remote}": a message is ${kind}, expected bytes. ` +
            "Check that this is a Telegram server.",
        ),
      );
      socket.close();
    };
    // An error event has no details; the close event after it has a code.
    socket.onerror = (): void => {};
    socket.onclose = ({ code, reason }: { code: number; reason: string }): void => {
      // 1000 and 1001 are normal ends; 1005 is a close frame without a code.
      const ordinary = code === 1000 || code === 1001 || code === 1005;
      this.#finish(ordinary ? undefined : brokenError(remote, code, reason));
    };
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#received.read();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#open) throw closedError(this.#remote);
    if (bytes.length === 0) return;
    this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
    // A WebSocket has no event for this, so the write polls.
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
    this.#received.close();
    if (!this.#open) return;
    this.#finish();
    this.#socket.close();
  }

  #finish(failure?: Error): void {
    this.#open = false;
    this.#received.end(failure);
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
    `Cannot read from "${remote}": the WebSocket broke (${said}). Connect again.`,
  );
}

function dialError(url: string, said: string): ConnectionError {
  return new ConnectionError(
    `Cannot connect to "${url}": ${said}. Check the address and the network, or use tcpDial().`,
  );
}

/** Opens a WebSocket. */
export function openWebSocket(
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
        `Cannot connect to "${url}": this runtime has no WebSocket. Pass a class to ` +
          'webSocketDial({ webSocket }), such as that of the npm package "ws", or use tcpDial().',
        { permanent: true },
      );
    }
    let socket: WebSocketLike;
    try {
      socket = new socketClass(url, "binary");
    } catch (cause) {
      const said = errorOf(cause).message;
      throw new ConnectionError(
        `Cannot connect to "${url}": ${said}. Check the address.`,
        { cause, permanent: true },
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
    // Node 22 has no close event after a failed start. Elsewhere it follows, without more details.
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
