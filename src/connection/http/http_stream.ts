/**
 * Packets over HTTP: each goes in a POST, and each answer has one. A request that fails ends the
 * connection, as the loss of a TCP connection does: the session asks then what the server has.
 * https://core.telegram.org/mtproto/transports#http; schedule.ts decides what is sent when.
 */
import { type Address, ConnectionError, formatAddress } from "../../net/mod.ts";
import { type HttpAnswer, httpRequest } from "../../net/sockets/mod.ts";
import { type Clock, withDeadline } from "../../runtime/mod.ts";
import { MAX_PACKET_LENGTH, TransportError } from "../../transport/mod.ts";
import type { PacketStream } from "../packet_stream.ts";
import type { HttpOptions } from "./mod.ts";
import { proveAddress } from "./probe.ts";
import { type HttpRequest, HttpSchedule, MAX_WAIT } from "./schedule.ts";

/** The statuses that are transport errors with the negative number. */
const TRANSPORT_ERRORS = [403, 404, 429, 444];
/** A poll that ends so soon, in milliseconds, and tells nothing, is none: a proxy answers it. */
const QUICK = 1000;
/** The most such polls in a row. */
const MAX_QUICK = 8;
/** Bytes that even a slow line takes in a millisecond. */
const SLOW_LINE = 8;

/** The options, and the addresses at which Telegram has answered. */
interface ProvingOptions extends HttpOptions {
  readonly proven: Set<string>;
}

/**
 * Opens a connection over HTTP: proves that Telegram answers at the address, unless the last
 * connection to it has done so.
 */
export async function openHttp(
  options: ProvingOptions,
  address: Address,
  signal: AbortSignal,
): Promise<PacketStream> {
  const url = urlOf(address, options);
  const { proven } = options;
  if (!proven.delete(url)) {
    await proveAddress(
      (packet) => post({ packet, maxWait: 0 }, url, options, signal),
      options,
      url,
    );
  }
  signal.throwIfAborted();
  return new HttpStream(url, options, signal);
}

/** Returns the address of the requests: of a web client, by the names of TDLib and Telegram Web. */
function urlOf(address: Address, { testMode }: HttpOptions): string {
  const { tls = true, path = testMode ? "/apiw_test1" : "/apiw1" } = address;
  return `${tls ? "https" : "http"}://${formatAddress(address)}${path}`;
}

class HttpStream implements PacketStream {
  readonly waits = new HttpSchedule();
  beforeWrite?: () => void;
  readonly #url: string;
  readonly #options: ProvingOptions;
  readonly #ended = new AbortController();
  readonly #received: Uint8Array[] = [];
  #failure: unknown;
  /** The polls in a row that ended at once, and told nothing. */
  #quick = 0;
  #wake: () => void = () => {};

  constructor(url: string, options: ProvingOptions, signal: AbortSignal) {
    this.#url = url;
    this.#options = options;
    const close = (): void => this.close();
    signal.addEventListener("abort", close, { once: true });
    this.#ended.signal.addEventListener("abort", () => {
      signal.removeEventListener("abort", close);
      this.#wake();
    });
  }

  async *packets(): AsyncGenerator<Uint8Array, void> {
    const { signal } = this.#ended;
    while (!signal.aborted || this.#failure !== undefined) {
      const packet = this.#received.shift();
      if (packet !== undefined) yield packet;
      else if (this.#failure !== undefined) throw this.#failure;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  send(packets: readonly Uint8Array[]): Promise<void> {
    if (this.#ended.signal.aborted) {
      return Promise.reject(new ConnectionError(`Cannot send to "${this.#url}": it is closed`));
    }
    for (const packet of packets) this.waits.add(packet);
    this.#startAll();
    return Promise.resolve();
  }

  close(): void {
    this.#ended.abort(new ConnectionError(`Cannot go on with "${this.#url}": it is closed`));
  }

  #startAll(): void {
    const { signal } = this.#ended;
    for (let next; !signal.aborted && (next = this.waits.start()) !== undefined;) {
      const request = next;
      try {
        this.beforeWrite?.(); // the packet may have waited for others
      } catch (error) {
        return this.#fail(error);
      }
      const startedAt = this.#options.clock.monotonic();
      post(request, this.#url, this.#options, signal).then((answer) => {
        if (signal.aborted) return;
        const packet = packetOf(answer, this.#url);
        this.#options.proven.add(this.#url);
        this.waits.ended(request);
        this.#checkPace(packet, request, startedAt);
        this.#take(packet);
        this.#startAll();
      }).catch((error) => this.#fail(error));
    }
  }

  /** Throws if polls end at once again and again: asking without end would help nobody. */
  #checkPace(packet: Uint8Array, { maxWait }: HttpRequest, startedAt: number): void {
    const isQuick = this.#options.clock.monotonic() < startedAt + QUICK;
    if (maxWait < QUICK) return;
    this.#quick = packet.length === 0 && isQuick ? this.#quick + 1 : 0;
    if (this.#quick <= MAX_QUICK) return;
    throw new ConnectionError(
      `Cannot go on with "${this.#url}": it answers at once, and nothing. Is it Telegram?`,
    );
  }

  #take(packet: Uint8Array): void {
    this.#received.push(packet);
    this.#wake();
  }

  #fail(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    this.#failure = error;
    this.close();
  }
}

/** Makes one request. A server that does not answer in time is dead. */
function post(
  request: HttpRequest,
  url: string,
  { fetch = globalThis.fetch, clock, timeout }: HttpOptions,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { packet, maxWait } = request;
  const late = (): Error =>
    new ConnectionError(
      `Cannot get an answer from "${url}": it takes too long. Check the network.`,
    );
  const patience = maxWait + timeout + packet.length / SLOW_LINE;
  const sleep: Clock["sleep"] = async (ms, done) => {
    await clock.sleep(ms, done);
    if (request.isHeld) await clock.sleep(MAX_WAIT, done);
  };
  return withDeadline(
    { clock: { sleep }, timeout: patience, signal, late },
    (limit) =>
      httpRequest({
        fetch: (...args) => fetch(...args),
        url,
        body: packet,
        maxLength: MAX_PACKET_LENGTH,
        signal: limit,
      }),
  );
}

/** Returns the packet in an answer; an empty one if the server had nothing to say. */
function packetOf({ status, body }: HttpAnswer, url: string): Uint8Array {
  if (TRANSPORT_ERRORS.includes(status)) throw new TransportError(-status);
  if (status !== 200) {
    throw new ConnectionError(
      `Cannot get an answer from "${url}": its status is ${status || "a redirection"}, ` +
        "expected 200. Check the network.",
    );
  }
  if (body.length >= 8) return body;
  const code = body.length === 4 ? new DataView(body.buffer, body.byteOffset).getInt32(0, true) : 0;
  if (code !== 0) throw new TransportError(code);
  return new Uint8Array(0);
}
