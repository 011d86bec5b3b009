/**
 * A connection to one data center: it dials, makes a key if there is none, keeps the session going over lost connections, and
 * turns calls into promises. Network, transport and protocol come together here; accounts and other data centers do not.
 *
 * It is idle until the first call, then connecting, ready, lost and connecting again, until it is closed for good. A call waits
 * through all of these. When the attempts are used up, every call fails with one ConnectionError, and the next call begins anew.
 */
import type { Random, RsaPublicKey } from "../crypto/mod.ts";
import { type AuthKey, type ClientEvent, ClientSession, SecurityError } from "../mtproto/mod.ts";
import { type Clock, ConnectionError, type Dial, formatAddress } from "../net/mod.ts";
import { apiSchema } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { type Transport, TransportError } from "../transport/mod.ts";
import { createAuthKey } from "./create_auth_key.ts";
import { abortable, withDeadline } from "./deadline.ts";
import { type ClientInfo, wrapFirstCall } from "./init_connection.ts";
import { Invocation, resultType } from "./invocation.ts";
import type { Logger } from "./logger.ts";
import { PacketStream } from "./packet_stream.ts";
import { RpcError } from "./rpc_error.ts";

/** What is kept of a data center from one connection to the next. */
export interface DcKeyState {
  readonly authKey: AuthKey;
  /** Signed 64 bits; 0n when unknown. */
  readonly serverSalt: bigint;
  /** Milliseconds from the local clock to the server's. */
  readonly timeOffset: number;
}

/** The data center to connect to. */
export interface DcTarget {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** Whether it is one of Telegram's test servers. */
  readonly testMode?: boolean;
  /** What is known from earlier; without it a key is created. */
  readonly keyState?: DcKeyState;
}

/** What a {@linkcode DcConnection} is made of. */
export interface DcConnectionOptions {
  readonly dc: DcTarget;
  readonly dial: Dial;
  /** Makes the transport of each new connection. */
  readonly transport: (dcId: number) => Transport;
  readonly keys: readonly RsaPublicKey[];
  readonly info: ClientInfo;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How often in a row a connection is tried again before its calls fail. */
  readonly connectionRetries: number;
  /** Milliseconds before trying again, doubled each time up to a minute. A connection that worked is tried again at once. */
  readonly retryDelay: number;
  /** Milliseconds for dialling and the key exchange, and for the answer to a ping. */
  readonly timeout: number;
  /** Called with each update. */
  readonly onUpdate?: (updates: TlObject) => void;
  /** Called when the key, the salt or the time has changed. */
  readonly onKeyState?: (state: DcKeyState) => void;
  /** Called when the server began a new session: updates may have been missed. */
  readonly onNewSession?: () => void;
}

/** How to make a call. */
export interface InvokeOptions {
  /** Gives up waiting for the answer, and tells the server so. */
  readonly signal?: AbortSignal;
}

const PING_INTERVAL = 60_000;
const DISCONNECT_DELAY = 75; // seconds; longer than the interval, so that a live connection is never cut
const ACK_DELAY = 500;
const MAX_ACKS = 64;
const MAX_RETRY_DELAY = 60_000;
const TEST_DC = 10_000;
const AUTH_KEY_NOT_FOUND = -404;
const TRANSPORT_FLOOD = -429;
/** The server forgot, or never learned, what initConnection says. */
const NOT_INITIALIZED = ["CONNECTION_NOT_INITED", "CONNECTION_LAYER_INVALID"];

/** One data center, as a function from requests to results. */
export class DcConnection {
  readonly #options: DcConnectionOptions;
  readonly #lifetime = new AbortController();
  readonly #epoch: number;
  readonly #sent = new Map<number, Invocation>();
  #queue: Invocation[] = [];
  #authKey: AuthKey | undefined;
  #session: ClientSession | undefined;
  #stream: PacketStream | undefined;
  #running: Promise<void> | undefined;
  #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  #initialized = false;
  #flushScheduled = false;
  #acksScheduled = false;
  #lastReceived = -Infinity;

  constructor(options: DcConnectionOptions) {
    const { clock, dc: { keyState } } = options;
    this.#options = options;
    // The time of day may jump; this one is read once, and goes on with the monotonic clock.
    this.#epoch = clock.now() - clock.monotonic();
    if (keyState !== undefined) this.#useKey(keyState, { synchronized: false });
  }

  /** The number of the data center. */
  get dcId(): number {
    return this.#options.dc.id;
  }

  /** Whether there is a connection right now. */
  get connected(): boolean {
    return this.#stream !== undefined;
  }

  /** Key, salt and time, once there is a key. */
  get keyState(): DcKeyState | undefined {
    if (this.#session === undefined || this.#authKey === undefined) return undefined;
    const { serverSalt, timeOffset } = this.#session;
    return { authKey: this.#authKey, serverSalt, timeOffset };
  }

  /** Connects, with a key exchange if there is no key; does nothing more when that is done or under way. */
  connect(signal?: AbortSignal): Promise<void> {
    return abortable(this.#ensureRunning(), signal);
  }

  /**
   * Calls a method and gives its result.
   *
   * Throws `RpcError` for an error of Telegram's, `TlError` for a request that the schema does not allow, `SecurityError`,
   * `ConnectionError` when the connection cannot be had (any more), and the signal's reason.
   */
  async invoke(request: TlObject, { signal }: InvokeOptions = {}): Promise<unknown> {
    signal?.throwIfAborted();
    resultType(request); // an unknown method fails here, before anything is dialled
    const invocation = new Invocation(request);
    if (this.#session === undefined) this.#queue.push(invocation);
    else this.#submit(invocation, this.#session);
    this.#ensureRunning().catch((error) => this.#forget(invocation, error));
    try {
      return await abortable(invocation.result, signal);
    } catch (error) {
      if (signal?.aborted) this.#drop(invocation);
      throw error;
    }
  }

  /** Closes the connection; every call that waits fails with a `ConnectionError`. It cannot be opened again. */
  async close(): Promise<void> {
    this.#lifetime.abort(new ConnectionError("Cannot go on: the client was disconnected"));
    this.#stream?.close();
    await this.#running;
  }

  // Connecting, losing, trying again.

  #ensureRunning(): Promise<void> {
    if (this.#lifetime.signal.aborted) return Promise.reject(this.#lifetime.signal.reason);
    if (this.#running === undefined) {
      this.#renewReady();
      this.#running = this.#run();
    }
    return this.#ready.promise;
  }

  #renewReady(): void {
    this.#ready = Promise.withResolvers();
    this.#ready.promise.catch(() => {}); // whoever waits is told; nobody may be waiting
  }

  async #run(): Promise<void> {
    const { connectionRetries, retryDelay, clock, logger } = this.#options;
    const signal = this.#lifetime.signal;
    let failures = 0;
    let keyIsFresh = this.#authKey === undefined;
    for (;;) {
      const begun = this.#now();
      const error = await this.#connectAndServe();
      if (signal.aborted) return this.#failAll(signal.reason);
      const worked = this.#lastReceived >= begun;
      failures = worked ? 0 : failures + 1;
      if (isKeyUnknown(error) && !keyIsFresh) {
        logger.warn(`DC ${this.dcId} does not know our auth key: a new one is created`);
        keyIsFresh = true;
        this.#forgetKey();
        continue;
      }
      if (!isTransient(error) || failures > connectionRetries) {
        if (error instanceof SecurityError) this.#session?.restart();
        return this.#failAll(error);
      }
      logger.info(`The connection to DC ${this.dcId} was lost: ${error.message}`);
      if (failures > 0) {
        const delay = Math.min(retryDelay * 2 ** (failures - 1), MAX_RETRY_DELAY);
        await clock.sleep(delay, signal).catch(() => {});
        if (signal.aborted) return this.#failAll(signal.reason);
      }
    }
  }

  /** One connection from dialling to its end. Gives the error that it ended with; never throws. */
  async #connectAndServe(): Promise<Error> {
    const { dc, clock, timeout, logger } = this.#options;
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#lifetime.signal, ended.signal]);
    const late = (): Error =>
      new ConnectionError(
        `Cannot connect to DC ${dc.id} at "${formatAddress(dc)}": no answer in ${timeout / 1000} s`,
      );
    try {
      const packets = await withDeadline(
        { clock, timeout, signal, late },
        (deadline) => this.#open(deadline, signal),
      );
      logger.debug(`Connected to DC ${dc.id}`);
      this.#ready.resolve();
      this.#keepAlive(signal).catch(() => {});
      this.#flush();
      for await (const packet of packets) this.#receive(packet, signal);
      return new ConnectionError(`Cannot go on with DC ${dc.id}: the server closed the connection`);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      ended.abort();
      this.#stream?.close();
      if (this.#stream !== undefined) this.#renewReady();
      this.#stream = undefined;
    }
  }

  async #open(deadline: AbortSignal, signal: AbortSignal): Promise<AsyncGenerator<Uint8Array>> {
    const { dc, dial, transport, keys, random } = this.#options;
    const bytes = await dial({ host: dc.host, port: dc.port, dcId: dc.id }, signal);
    const stream = new PacketStream(bytes, transport(dc.id));
    const close = (): void => stream.close();
    if (deadline.aborted) close();
    deadline.addEventListener("abort", close, { once: true });
    const packets = stream.packets();
    if (this.#session === undefined) {
      const dcId = dc.testMode ? dc.id + TEST_DC : dc.id;
      const now = (): number => this.#now();
      const made = await createAuthKey(stream, packets, now, { keys, dcId, random });
      this.#useKey(made, { synchronized: true });
      this.#keyStateChanged();
    } else {
      this.#session.reconnected();
    }
    deadline.removeEventListener("abort", close);
    this.#initialized = false;
    this.#stream = stream;
    return packets;
  }

  /** Pings, so that the server keeps the connection; hangs up when nothing has come back in time. */
  async #keepAlive(signal: AbortSignal): Promise<void> {
    const { clock, timeout } = this.#options;
    for (;;) {
      await clock.sleep(PING_INTERVAL, signal);
      const sentAt = this.#now();
      this.#session?.ping(DISCONNECT_DELAY);
      this.#flush();
      await clock.sleep(timeout, signal);
      if (this.#lastReceived < sentAt) return this.#stream?.close();
    }
  }

  #useKey({ authKey, serverSalt, timeOffset }: DcKeyState, { synchronized = false }): void {
    const { random } = this.#options;
    this.#authKey = authKey;
    const session = new ClientSession({ authKey, serverSalt, timeOffset, random, synchronized });
    this.#session = session;
    for (const invocation of this.#queue.splice(0)) this.#submit(invocation, session);
  }

  #forgetKey(): void {
    this.#queue.push(...this.#sent.values());
    this.#sent.clear();
    this.#authKey = this.#session = undefined;
  }

  // Calls out.

  #submit(invocation: Invocation, session: ClientSession): void {
    const { request } = invocation;
    invocation.wrapped = !this.#initialized;
    const body = invocation.wrapped ? wrapFirstCall(request, this.#options.info) : request;
    try {
      invocation.callId = session.call(apiSchema().encode(body));
    } catch (error) {
      return invocation.fail(error);
    }
    this.#sent.set(invocation.callId, invocation);
    this.#scheduleFlush();
  }

  #drop(invocation: Invocation): void {
    if (invocation.callId !== undefined) this.#session?.drop(invocation.callId);
    this.#forget(invocation);
    this.#scheduleFlush();
  }

  #forget(invocation: Invocation, error?: unknown): void {
    if (invocation.callId !== undefined) this.#sent.delete(invocation.callId);
    this.#queue = this.#queue.filter((queued) => queued !== invocation);
    if (error !== undefined) invocation.fail(error);
  }

  /** The end of the loop: a call that is made by somebody who hears of the failure begins anew. */
  #failAll(error: unknown): void {
    this.#running = undefined;
    this.#ready.reject(error);
    const invocations = [...this.#queue.splice(0), ...this.#sent.values()];
    for (const invocation of invocations) {
      this.#drop(invocation);
      invocation.fail(error);
    }
  }

  /** All calls of one turn of the event loop go out together. */
  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const stream = this.#stream;
    const packets = stream && this.#session?.flush(this.#now());
    if (stream === undefined || packets === undefined || packets.length === 0) return;
    stream.send(packets).catch((error) => {
      this.#options.logger.debug(`Cannot write to DC ${this.dcId}: ${error.message}`);
      stream.close(); // the loop that reads sees the end, and connects again
    });
  }

  // Packets in.

  #receive(packet: Uint8Array, signal: AbortSignal): void {
    const session = this.#session;
    if (session === undefined) return;
    if (packet.length === 4) {
      throw new TransportError(new DataView(packet.buffer, packet.byteOffset).getInt32(0, true));
    }
    let events: ClientEvent[];
    try {
      events = session.receive(packet, this.#now());
    } catch (error) {
      if (!(error instanceof SecurityError) || error.check !== "msg_id_seen") throw error;
      this.#options.logger.debug(error.message);
      return;
    }
    this.#lastReceived = this.#now();
    for (const event of events) this.#handle(event);
    if (session.wantsFlush || session.ackCount >= MAX_ACKS) this.#scheduleFlush();
    else if (session.ackCount > 0) this.#scheduleAcks(signal);
  }

  #handle(event: ClientEvent): void {
    switch (event.type) {
      case "result":
        this.#initialized = true;
        this.#take(event.call)?.succeed(event.body);
        return;
      case "error":
        return this.#rpcError(event);
      case "refused": {
        const { errorCode } = event;
        const text = `Cannot send a call: the server refused its message with error ${errorCode}`;
        this.#take(event.call)?.fail(new ConnectionError(text));
        return;
      }
      case "update":
        return this.#update(event.body);
      case "new_session":
        return this.#options.onNewSession?.();
      case "salt":
      case "time":
        return this.#keyStateChanged();
    }
  }

  #rpcError({ call, code, message }: ClientEvent & { type: "error" }): void {
    const invocation = this.#take(call);
    if (invocation === undefined) return;
    if (NOT_INITIALIZED.includes(message) && !invocation.wrapped && this.#session !== undefined) {
      this.#initialized = false;
      return this.#submit(invocation, this.#session);
    }
    this.#initialized = true;
    invocation.fail(new RpcError(code, message, invocation.request._));
  }

  #take(callId: number): Invocation | undefined {
    const invocation = this.#sent.get(callId);
    this.#sent.delete(callId);
    return invocation;
  }

  #update(body: Uint8Array): void {
    let updates: TlObject;
    try {
      updates = apiSchema().decode(body, "Updates") as TlObject;
    } catch (error) {
      this.#options.logger.warn(`Cannot read an update: ${(error as Error).message}`);
      return;
    }
    this.#options.onUpdate?.(updates);
  }

  #scheduleAcks(signal: AbortSignal): void {
    if (this.#acksScheduled) return;
    this.#acksScheduled = true;
    const flush = (): void => {
      this.#acksScheduled = false;
      this.#flush();
    };
    this.#options.clock.sleep(ACK_DELAY, signal).then(flush, () => this.#acksScheduled = false);
  }

  #keyStateChanged(): void {
    const state = this.keyState;
    if (state !== undefined) this.#options.onKeyState?.(state);
  }

  #now(): number {
    return this.#epoch + this.#options.clock.monotonic();
  }
}

function isKeyUnknown(error: Error): boolean {
  return error instanceof TransportError && error.code === AUTH_KEY_NOT_FOUND;
}

/** Whether trying again can help: the network may come back, but a server that breaks the protocol will do it again. */
function isTransient(error: Error): boolean {
  return error instanceof ConnectionError ||
    (error instanceof TransportError && error.code === TRANSPORT_FLOOD);
}
