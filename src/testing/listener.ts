/**
 * The listeners of the offline Telegram: TCP, and WebSocket over it, as streams of bytes.
 *
 * `node:net`, which Deno, Node and Bun have, is loaded on first use: the rest of the offline
 * Telegram also runs in browsers, with its in-memory dial.
 */
import { type Address, type ByteStream, ConnectionError, formatAddress } from "../net/mod.ts";
import { NodeStream } from "../net/sockets/mod.ts";
import { builtinModule } from "../runtime/mod.ts";
import { WebSocketServerConnection } from "./web_socket_server.ts";

/** A server that accepts connections until it is closed. */
export interface Listener {
  /** The address it listens on. */
  readonly host: string;
  /** Its port: the requested one, or a free one. */
  readonly port: number;
  /** Stops listening and cuts all connections; resolves when the port is free again. */
  close(): Promise<void>;
}

/** Where to listen. */
export interface ListenOptions {
  /** The address; `127.0.0.1` by default, which only this machine can reach. */
  readonly hostname?: string;
  /** The port; 0, the default, takes any free one. */
  readonly port?: number;
}

/** Receives each connection; must not throw, and must close the stream in the end. */
export type OnStream = (stream: ByteStream, remote: Address) => void;

/**
 * Listens for TCP connections.
 *
 * @param options Where to listen.
 * @param onStream Receives each connection.
 * @throws {ConnectionError} if the runtime has no TCP, or the port is in use or not allowed
 */
export async function listenTcp(options: ListenOptions, onStream: OnStream): Promise<Listener> {
  const { hostname: host = "127.0.0.1", port = 0 } = options;
  const local = formatAddress({ host, port });
  const net = builtinModule("node:net");
  if (!net) {
    throw new ConnectionError(
      `Cannot listen on "${local}": this runtime has no TCP, expected Deno, Node or Bun. ` +
        "Use the in-memory dial.",
    );
  }
  const open = new Set<NodeStream>();
  const server = net.createServer((socket) => {
    const remote = { host: socket.remoteAddress ?? "unknown", port: socket.remotePort ?? 0 };
    const stream = new NodeStream(socket, formatAddress(remote));
    open.add(stream);
    socket.on("close", () => open.delete(stream));
    onStream(stream, remote);
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", (cause) => {
      const { code } = cause as { code?: string };
      const reason = code === "EADDRINUSE"
        ? "the port is in use. Choose another one; 0 chooses a free port."
        : code === "EACCES"
        ? "the permission is missing. Choose a port above 1023."
        : cause.message;
      reject(new ConnectionError(`Cannot listen on "${local}": ${reason}`, { cause }));
    });
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  let closed: Promise<void> | undefined;
  return {
    host,
    port: typeof address === "object" && address !== null ? address.port : port,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const stream of open) stream.close();
      });
      return closed;
    },
  };
}

/**
 * Listens for WebSocket connections: `ws://host:port/apiws`, with the subprotocol `binary` where
 * the client offers it. Other requests get a short explanation.
 *
 * @param options Where to listen; `path` is `/apiws` by default.
 * @param onStream Receives each connection after its handshake.
 * @throws {ConnectionError} as {@linkcode listenTcp}
 */
export function listenWebSocket(
  options: ListenOptions & { readonly path?: string },
  onStream: OnStream,
): Promise<Listener> {
  const { path = "/apiws" } = options;
  return listenTcp(options, (tcp, remote) => {
    const stream = new WebSocketStream(tcp, new WebSocketServerConnection(path), remote);
    // A connection that breaks during its handshake needs no report.
    stream.shakeHands().then((open) => open && onStream(stream, remote), () => tcp.close());
  });
}

class WebSocketStream implements ByteStream {
  readonly #tcp: ByteStream;
  readonly #connection: WebSocketServerConnection;
  readonly #remote: string;
  #received: Uint8Array[] = [];
  #failure: ConnectionError | undefined;
  #ended = false;
  #closed = false;
  #writing = 0;

  constructor(tcp: ByteStream, connection: WebSocketServerConnection, remote: Address) {
    this.#tcp = tcp;
    this.#connection = connection;
    this.#remote = formatAddress(remote);
  }

  /** Performs the handshake; resolves to whether the client opened a WebSocket. */
  async shakeHands(): Promise<boolean> {
    while (!this.#connection.open && !this.#ended) await this.#pump();
    return this.#connection.open;
  }

  async read(): Promise<Uint8Array | undefined> {
    while (!this.#closed) {
      const chunk = this.#received.shift();
      if (chunk) return chunk;
      if (this.#failure) throw this.#failure;
      if (this.#ended) return undefined;
      await this.#pump();
    }
    return undefined;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#closed || this.#ended) {
      throw new ConnectionError(
        `Cannot write to "${this.#remote}": the WebSocket is closed`,
      );
    }
    if (bytes.length > 0) await this.#send(this.#connection.pack(bytes));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#received = [];
    // A client that does not read would block the close frame, and so the connection, for ever.
    if (this.#ended || this.#writing > 0) this.#tcp.close();
    else void this.#sendLast(this.#connection.packClose());
  }

  /** Reads one chunk from the socket, and handles its events. */
  async #pump(): Promise<void> {
    const chunk = await this.#tcp.read();
    if (chunk === undefined) {
      this.#ended = true;
      this.#tcp.close();
      return;
    }
    const { output, data, ended, failure } = this.#connection.receive(chunk);
    if (this.#closed) return;
    this.#received.push(...data);
    if (!ended) return output.length > 0 ? await this.#send(output) : undefined;
    this.#ended = true;
    if (failure) {
      this.#failure = new ConnectionError(
        `Cannot read from "${this.#remote}": the client broke the WebSocket protocol: ${failure}`,
      );
    }
    await this.#sendLast(output);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    this.#writing++;
    try {
      await this.#tcp.write(bytes);
    } finally {
      this.#writing--;
    }
  }

  async #sendLast(bytes: Uint8Array): Promise<void> {
    try {
      await this.#tcp.write(bytes);
    } catch {
      // The client has left already.
    }
    this.#tcp.close();
  }
}
