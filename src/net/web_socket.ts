/**
 * WebSocket as a stream of bytes, for browsers and edge runtimes. The borders of messages have no
 * meaning. MTProto requires obfuscation inside.
 * https://core.telegram.org/mtproto/transports#websocket
 */
import { checkFields } from "../runtime/mod.ts";
import { loadSocket } from "./load_socket.ts";
import type { Dial } from "./stream.ts";

/** The part of a WebSocket that the library uses: the global class has it, and npm's `ws` too. */
export interface WebSocketLike {
  /** The type of received binary messages. The library sets it to `"arraybuffer"`. */
  binaryType: string;
  /** The number of unsent bytes. */
  readonly bufferedAmount: number;
  /** Receives the open event. */
  onopen: ((event: never) => void) | null;
  /** Receives each message. */
  onmessage: ((event: never) => void) | null;
  /** Receives the error event. */
  onerror: ((event: never) => void) | null;
  /** Receives the close event. */
  onclose: ((event: never) => void) | null;
  /** Sends a binary message. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Closes the WebSocket. */
  close(code?: number, reason?: string): void;
}

/** A WebSocket class. */
export type WebSocketClass = new (url: string, protocols: string) => WebSocketLike;

/** The options of {@linkcode webSocketDial}. */
export interface WebSocketDialOptions {
  /** Whether to use TLS (`wss:`) if the address does not decide; true by default. */
  readonly tls?: boolean;
  /** The class to use instead of the global `WebSocket`, which Node 20 lacks. */
  readonly webSocket?: WebSocketClass;
}

/**
 * Makes a dial that opens WebSockets: `wss://host:port/apiws` with the subprotocol `binary`.
 *
 * The dial rejects with a `ConnectionError` if the WebSocket cannot be opened or the runtime has
 * none, and with the signal's reason when the signal aborts. A later abort closes the stream.
 *
 * @param options The defaults for addresses without `tls`, and the class to use.
 */
export function webSocketDial(options: WebSocketDialOptions = {}): Dial {
  checkFields("connect by WebSocket", options, ["tls", "webSocket"]);
  return async (address, signal) => {
    const { openWebSocket } = await loadSocket(import("./sockets/web_socket_stream.ts"));
    return await openWebSocket(address, options, signal);
  };
}
