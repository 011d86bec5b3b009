/**
 * A connection to one data center: it dials, makes a key if there is none, keeps the session going
 * over lost connections, and turns calls into promises. Network, transport and protocol come
 * together here; accounts and other data centers do not.
 *
 * | state      | event                              | next state                             |
 * |------------|------------------------------------|----------------------------------------|
 * | idle       | a call, or `connect()`             | connecting                             |
 * | connecting | dialled, and there is a key        | open                                   |
 * | connecting | it fails, and may be tried again   | waiting, twice as long each time       |
 * | waiting    | the time is over                   | connecting                             |
 * | open       | the connection is lost             | connecting; waiting if it was no use   |
 * | open       | -404: the server does not know the | connecting with a new session; after a |
 * |            | key                                | second -404 with a new key             |
 * | connecting | it fails for good, or too often    | idle; every call fails with that error |
 * | any        | `close()`                          | closed; every call fails               |
 *
 * A call waits through all states but the last two.
 */
import { concatBytes } from "../crypto/mod.ts";
import { type ClientEvent, ClientSession, SecurityError } from "../mtproto/mod.ts";
import { ConnectionError, formatAddress } from "../net/mod.ts";
import { abortable, anySignal, withDeadline } from "../runtime/mod.ts";
import { apiSchema } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { TransportError } from "../transport/mod.ts";
import { createAuthKey } from "./create_auth_key.ts";
import type { DcKeyState } from "./dc_key.ts";
import type { CallOptions, DcConnectionOptions } from "./dc_options.ts";
import { initConnectionHead } from "./init_connection.ts";
import { Invocation, Invocations } from "./invocation.ts";
import { Link } from "./link.ts";
import { PacketStream } from "./packet_stream.ts";
import { RpcError } from "./rpc_error.ts";
import { SteadyTime } from "./steady_time.ts";

const MAX_RETRY_DELAY = 60_000;
/** The protocol adds this to the ids of test data centers. */
const TEST_DC = 10_000;
const AUTH_KEY_NOT_FOUND = -404;
const TRANSPORT_FLOOD = -429;
/** Errors of a server that does not have the data of `initConnection`. */
const NOT_INITIALIZED = ["CONNECTION_NOT_INITED", "CONNECTION_LAYER_INVALID"];

/** One data center, as a function from requests to results. */
export class DcConnection {
  readonly #options: DcConnectionOptions;
  readonly #invocations = new Invocations();
  readonly #lifetime = new AbortController();
  readonly #time: SteadyTime;
  #head: Uint8Array | undefined;
  #session: ClientSession | undefined;
  #link: Link | undefined;
  #running: Promise<void> | undefined;
  #ready: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(options: DcConnectionOptions) {
    const { clock, key } = options;
    this.#options = options;
    this.#time = new SteadyTime(clock, () => this.#session?.doubtTime());
    if (key.state !== undefined) this.#useKey(key.state, { synchronized: false });
  }

  /** The number of the data center. */
  get dcId(): number {
    return this.#options.dc.id;
  }

  /** Whether the connection is open right now. */
  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** Connects, with a key exchange if there is no key; joins an attempt that is under way. */
  connect(signal?: AbortSignal): Promise<void> {
    return abortable(this.#ensureRunning(), signal);
  }

  /**
   * Calls a method and returns its result.
   *
   * @throws {RpcError} if Telegram answers with an error
   * @throws {TlError} if the request or the answer does not fit the schema
   * @throws {RangeError} if the request is too long to be sent
   * @throws {SecurityError} if the server breaks a rule of the protocol
   * @throws {ConnectionError} if Telegram cannot be reached, or the connection is closed; or throws
   * the signal's reason
   */
  async invoke(request: TlObject, { signal }: CallOptions = {}): Promise<unknown> {
    signal?.throwIfAborted();
    this.#lifetime.signal.throwIfAborted();
    this.#initConnectionHead(); // a wrong description fails here, not when the call is sent
    const invocation = new Invocation(request);
    this.#submit(invocation);
    this.#ensureRunning().catch(() => {}); // the loop that fails tells every call
    try {
      return await abortable(invocation.result, signal);
    } catch (error) {
      if (signal?.aborted) {
        this.#invocations.drop(invocation);
        this.#link?.scheduleFlush();
      }
      throw error;
    } finally {
      // It may have signed somebody in, even if its answer was lost.
      if (request._.startsWith("auth.")) this.#options.key.markUsed();
    }
  }

  /**
   * Closes the connection; every call that waits fails with a `ConnectionError`. It cannot be
   * opened again.
   */
  async close(): Promise<void> {
    this.#lifetime.abort(disconnected());
    this.#link?.close();
    await this.#running;
  }

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
    this.#ready.promise.catch(() => {}); // it is no error if nobody waits
  }

  async #run(): Promise<void> {
    const error = await this.#serve();
    if (!this.#lifetime.signal.aborted) {
      this.#options.logger.error(
        `The connection to DC ${this.dcId} is given up until the next call: ${error.message}`,
      );
    }
    // First: a program that makes a call when it hears of the failure begins anew.
    this.#running = undefined;
    this.#ready.reject(error);
    this.#invocations.failAll(error);
  }

  /** Connects again and again. Returns the error that ends it. */
  async #serve(): Promise<Error> {
    const { connectionRetries, retryDelay, clock, logger } = this.#options;
    const { signal } = this.#lifetime;
    let failures = 0;
    let lostAt = -Infinity;
    let keyIsFresh = this.#session === undefined;
    let keyIsDoubted = false;
    for (;;) {
      const { error, worked } = await this.#connectAndServe();
      if (signal.aborted) return signal.reason;
      // A connection that worked is opened again at once, but not again and again.
      const sinceLast = clock.monotonic() - lostAt;
      failures = !worked ? failures + 1 : sinceLast < retryDelay ? 1 : 0;
      lostAt = clock.monotonic();
      if (worked) keyIsFresh = keyIsDoubted = false;
      if (isKeyUnknown(error) && !keyIsFresh) {
        if (keyIsDoubted) {
          logger.warn(`DC ${this.dcId} does not know our auth key: a new one is created`);
          keyIsFresh = true;
          this.#forgetKey();
        } else {
          // A -404 is not authenticated, and Telegram also answers so to a session_id that it
          // refuses: ask once more.
          keyIsDoubted = true;
          this.#session?.restart();
        }
        continue;
      }
      if (error instanceof SecurityError) this.#session?.restart();
      if (!isTransient(error) || failures > connectionRetries) return error;
      if (worked) logger.info(`The connection to DC ${this.dcId} was lost: ${error.message}`);
      else logger.warn(`${error.message} The connection is tried again.`);
      if (failures > 0) {
        const delay = Math.min(retryDelay * 2 ** (failures - 1), MAX_RETRY_DELAY);
        await clock.sleep(delay, signal).catch(() => {});
        if (signal.aborted) return signal.reason;
      }
    }
  }

  /**
   * Dials one connection and serves it to its end. Returns the error of that end. Never rejects.
   */
  async #connectAndServe(): Promise<{ error: Error; worked: boolean }> {
    const { dc, clock, timeout, logger } = this.#options;
    const ended = new AbortController();
    const signal = anySignal(this.#lifetime.signal, ended.signal);
    const late = (): Error => {
      const where = `DC ${dc.id} at "${formatAddress(dc)}"`;
      const what = `no answer in ${timeout / 1000} s. Check the network, or use a VPN.`;
      return new ConnectionError(`Cannot connect to ${where}: ${what}`);
    };
    let link: Link | undefined;
    let error: Error;
    try {
      link = await withDeadline(
        { clock, timeout, signal, late },
        (deadline) => this.#open(deadline, signal),
      );
      logger.debug(`Connected to DC ${dc.id}`);
      this.#link = link;
      this.#ready.resolve();
      await link.serve();
      error = new ConnectionError(
        `Cannot go on with DC ${dc.id}: the server closed the connection`,
      );
    } catch (cause) {
      error = cause instanceof Error ? cause : new Error(String(cause));
    }
    ended.abort();
    this.#link = undefined;
    if (link !== undefined) this.#renewReady();
    return { error, worked: link?.worked ?? false };
  }

  async #open(deadline: AbortSignal, signal: AbortSignal): Promise<Link> {
    const { dc, dial, transport, key, keys, random } = this.#options;
    const bytes = await dial({ host: dc.host, port: dc.port, dcId: dc.id }, signal);
    const dcId = dc.testMode ? dc.id + TEST_DC : dc.id;
    const stream = new PacketStream(bytes, transport(dcId));
    const close = (): void => stream.close();
    if (deadline.aborted) close();
    deadline.throwIfAborted(); // a dial that came too late must not touch the session
    deadline.addEventListener("abort", close, { once: true });
    const packets = stream.packets();
    const now = (): number => this.#time.now();
    const isKnown = key.state !== undefined;
    const exchange = () => createAuthKey(stream, packets, now, { keys, dcId, random });
    const state = await key.obtain(exchange);
    let session = this.#session;
    // Another connection may have made a new key since the last time.
    if (session?.authKey === state.authKey) session.reconnected();
    else session = this.#useKey(state, { synchronized: !isKnown });
    deadline.removeEventListener("abort", close);
    const onEvent = (event: ClientEvent): void => this.#handle(event);
    return new Link({ ...this.#options, session, stream, packets, now, onEvent });
  }

  #useKey(
    { authKey, serverSalt, timeOffset }: DcKeyState,
    { synchronized = false },
  ): ClientSession {
    const { random } = this.#options;
    this.#session = new ClientSession({
      authKey,
      serverSalt,
      timeOffset,
      random,
      synchronized,
      wrapFirst: (query) => concatBytes(this.#initConnectionHead(), query),
    });
    this.#invocations.use(this.#session);
    return this.#session;
  }

  #initConnectionHead(): Uint8Array {
    return this.#head ??= initConnectionHead(this.#options.info);
  }

  #forgetKey(): void {
    if (this.#session !== undefined) this.#options.key.forget(this.#session.authKey);
    this.#session = undefined;
    this.#invocations.use(undefined);
  }

  #submit(invocation: Invocation): void {
    this.#invocations.add(invocation);
    this.#link?.scheduleFlush();
  }

  #handle(event: ClientEvent): void {
    switch (event.type) {
      case "result":
        this.#invocations.take(event.call)?.succeed(event.body);
        return;
      case "error":
        return this.#rpcError(event);
      case "refused": {
        const { errorCode } = event;
        const text = `Cannot send a call: the server refused its message with error ${errorCode}`;
        this.#invocations.take(event.call)?.fail(new ConnectionError(text));
        return;
      }
      case "update":
        return this.#update(event.body);
      case "new_session":
        return this.#options.onNewSession?.();
      case "salt":
      case "time":
        return this.#keyStateChanged();
      case "oddity":
        return this.#options.logger.info(event.text);
    }
  }

  #rpcError({ call, code, message, wrapped }: ClientEvent & { type: "error" }): void {
    const invocation = this.#invocations.take(call);
    if (invocation === undefined) return;
    if (NOT_INITIALIZED.includes(message) && !wrapped) {
      this.#session?.forgetInitialization();
      this.#submit(invocation);
    } else invocation.fail(new RpcError(code, message, invocation.request._));
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

  #keyStateChanged(): void {
    const session = this.#session;
    if (session === undefined) return;
    const { authKey, serverSalt, timeOffset } = session;
    this.#options.key.update({ authKey, serverSalt, timeOffset });
  }
}

/** Returns the error for calls of a client that was disconnected. */
export function disconnected(): ConnectionError {
  return new ConnectionError("Cannot go on: the client was disconnected");
}

function isKeyUnknown(error: Error): boolean {
  return error instanceof TransportError && error.code === AUTH_KEY_NOT_FOUND;
}

/**
 * Whether a new attempt can help: a network may come back, a server that breaks the protocol
 * repeats it.
 */
function isTransient(error: Error): boolean {
  return error instanceof ConnectionError ||
    (error instanceof TransportError && error.code === TRANSPORT_FLOOD);
}
