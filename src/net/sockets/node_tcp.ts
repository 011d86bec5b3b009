/**
 * TCP by `node:net`, for Node and Bun. Deno has it too, but dials with its own API.
 */
import type { NodeNet, NodeSocket, NodeTls } from "../../runtime/mod.ts";
import { brokenError, closedError, dialError } from "../dial_error.ts";
import { ChunkQueue } from "../chunk_queue.ts";
import {
  type Address,
  type ByteStream,
  closeOnAbort,
  ConnectionError,
  formatAddress,
  ipVersionOf,
} from "../mod.ts";

/** Above this many unread bytes the socket pauses, so that a fast peer cannot fill the memory. */
const HIGH_WATER = 256 * 1024;

/** A connected socket of Node as a stream. It must have no other readers. */
export class NodeStream implements ByteStream {
  readonly #socket: NodeSocket;
  readonly #remote: string;
  readonly #received = new ChunkQueue();
  readonly #unwritten = new Set<(error: Error) => void>();
  #paused = false;
  #closed = false;

  constructor(socket: NodeSocket, remote: string) {
    this.#socket = socket;
    this.#remote = remote;
    socket.setNoDelay(true);
    socket.on("error", (error) => {
      this.#received.end(brokenError("read from", remote, error));
      this.#rejectWrites(brokenError("write to", remote, error));
    });
    socket.on("end", () => this.#received.end());
    socket.on("close", () => {
      this.#received.end();
      this.#rejectWrites(closedError(remote));
    });
    socket.on("data", (chunk) => {
      // A Node Buffer is a subclass; readers get a plain Uint8Array over the same memory.
      this.#received.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (this.#paused || this.#received.size < HIGH_WATER) return;
      this.#paused = true;
      socket.pause();
    });
  }

  read(): Promise<Uint8Array | undefined> {
    const chunk = this.#received.read();
    if (this.#paused && this.#received.size < HIGH_WATER / 2) {
      this.#paused = false;
      this.#socket.resume();
    }
    return chunk;
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(closedError(this.#remote));
    if (bytes.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      // Some runtimes do not call back for unsent bytes, so close() rejects these writes.
      this.#unwritten.add(reject);
      this.#socket.write(bytes, (error) => {
        this.#unwritten.delete(reject);
        if (error) reject(brokenError("write to", this.#remote, error));
        else resolve();
      });
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#received.close();
    this.#rejectWrites(closedError(this.#remote));
    this.#socket.destroy();
  }

  #rejectWrites(error: Error): void {
    for (const reject of this.#unwritten) reject(error);
    this.#unwritten.clear();
  }
}

/** Opens a TCP connection with `net`, without Nagle's delay. */
export function nodeTcpDial(
  net: NodeNet,
  address: Address,
  signal?: AbortSignal,
): Promise<ByteStream> {
  const { host, port } = address;
  // An IP address has no other version, and the race of dials has the time-outs.
  const only = ipVersionOf(host) !== undefined && { autoSelectFamily: false };
  const open = (): NodeSocket => net.connect({ host, port, noDelay: true, ...only });
  return opened(open, "connect", address, signal);
}

/** Opens a TLS connection with `tls`. */
export function nodeTlsDial(
  tls: NodeTls,
  address: Address,
  signal?: AbortSignal,
): Promise<ByteStream> {
  const { host, port } = address;
  // A certificate for an IP address is asked for without a name.
  const named = ipVersionOf(host) === undefined && { servername: host };
  return opened(() => tls.connect({ host, port, ...named }), "secureConnect", address, signal);
}

function opened(
  open: () => NodeSocket,
  event: "connect" | "secureConnect",
  address: Address,
  signal: AbortSignal | undefined,
): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let socket: NodeSocket;
    try {
      socket = open();
    } catch (error) {
      return reject(dialError(address, error));
    }
    const abort = (): void => {
      reject(signal?.reason);
      socket.destroy();
    };
    signal?.addEventListener("abort", abort, { once: true });
    socket.on("error", (error) => {
      signal?.removeEventListener("abort", abort);
      reject(dialError(address, error));
    });
    socket.on("close", () => {
      signal?.removeEventListener("abort", abort);
      reject(new ConnectionError(`Cannot connect to "${formatAddress(address)}": it was closed.`));
    });
    socket.on(event, () => {
      signal?.removeEventListener("abort", abort);
      if (signal?.aborted) return;
      resolve(closeOnAbort(new NodeStream(socket, formatAddress(address)), signal));
    });
  });
}
