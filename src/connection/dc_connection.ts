/**
 * A connection to one data center: it dials, makes a key if there is none, keeps the session going
 * over lost connections, and turns calls into promises. Network, transport and protocol come
 * together here; accounts and other data centers do not.
 *
 * | state      | event                              | next state                             |
 * |------------|------------------------------------|----------------------------------------|
 * | idle       | a call, or `connect()`             | connecting                             |
 * | connecting | dialled, and there is a key        | open                                   |
 * | connecting | it fails                           | waiting; recovery.ts says how long     |
 * | waiting    | the time is over, the computer     | connecting                             |
 * |            | wakes up, or `networkChanged()`    |                                        |
 * | open       | the connection is lost             | waiting, connecting if it was good     |
 * | waiting    | nobody wants it any more           | idle                                   |
 * | connecting | no attempt can help                | idle; every call fails                 |
 * | any        | `close()`                          | closed; every call fails               |
 *
 * A call waits through all states but the last two. It fails alone when it cannot get through for
 * `giveUpAfter`. A connection is wanted while calls wait, while it is kept (a program listens), and
 * for `giveUpAfter` after it was lost.
 */
import { concatBytes } from "../crypto/mod.ts";
import { type ClientEvent, ClientSession, SecurityError } from "../mtproto/mod.ts";
import { type Address, ConnectionError, formatAddress } from "../net/mod.ts";
import {
  abortable,
  noticingSleep,
  WakeSignal,
  withAnySignal,
  withDeadline,
} from "../runtime/mod.ts";
import { apiSchema, TlError } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { FramingError, TransportError } from "../transport/mod.ts";
import type { OrderedCall } from "./call_order.ts";
import type { ConnectionStatus } from "./connection_status.ts";
import { createAuthKey } from "./create_auth_key.ts";
import type { DcKeyState } from "./dc_key.ts";
import type { CallOptions, DcConnectionOptions } from "./dc_options.ts";
import { copyOfError, disconnected, lostTooOften, unreachable } from "./failure.ts";
import { initConnectionHead } from "./init_connection.ts";
import { Invocation, Invocations } from "./invocation.ts";
import { Link, OF_USE } from "./link.ts";
import { PacketStream } from "./packet_stream.ts";
import { raceDial } from "./race.ts";
import { Recovery } from "./recovery.ts";
import { RpcError } from "./rpc_error.ts";
import { SteadyTime } from "./steady_time.ts";

/** The protocol adds this to the ids of test data centers. */
const TEST_DC = 10_000;
/** Errors of a server that does not have the data of `initConnection`. */
const NOT_INITIALIZED = ["CONNECTION_NOT_INITED", "CONNECTION_LAYER_INVALID"];
/** A call that was under way on so many lost connections cannot get through, however late. */
const MAX_LOSSES = 3;
/** How exactly `giveUpAfter` is kept, in milliseconds. */
const GIVE_UP_STEP = 1000;

/** One data center, as a function from requests to results. */
export class DcConnection {
  readonly #options: DcConnectionOptions;
  readonly #invocations = new Invocations();
  readonly #lifetime = new AbortController();
  readonly #time: SteadyTime;
  readonly #recovery: Recovery;
  /** Ends the wait before the next attempt. */
  readonly #hurry = new WakeSignal();
  #head: Uint8Array | undefined;
  #session: ClientSession | undefined;
  #link: Link | undefined;
  /** The address of the connection, until an answer has come over it. */
  #unproven: Address | undefined;
  #running: Promise<void> | undefined;
  #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  #status: ConnectionStatus = { state: "closed" };
  #hadSession = false;
  /** When an answer or an update last came, or the first attempt began; monotonic. */
  #reachedAt = 0;

  constructor(options: DcConnectionOptions) {
    const { clock, key, random, retryDelay } = options;
    this.#options = options;
    this.#recovery = new Recovery(retryDelay, random);
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

  /** The state of the connection, for people. */
  get status(): ConnectionStatus {
    return this.#status;
  }

  /**
   * Connects, with a key exchange if there is no key; joins an attempt that is under way. Rejects
   * when that takes longer than `giveUpAfter`.
   */
  async connect(signal?: AbortSignal): Promise<void> {
    const { clock, giveUpAfter } = this.#options;
    const ready = this.#ensureRunning();
    if (this.connected) return await ready;
    await withAnySignal(this.#lifetime.signal, signal, (either) =>
      withDeadline({
        clock,
        timeout: giveUpAfter,
        signal: either,
        late: () => this.#unreachable(),
      }, () => ready));
  }

  /**
   * Calls a method and returns its result. An ordered call waits until its turn comes.
   *
   * @throws {RpcError} if Telegram answers with an error
   * @throws {TlError} if the request or the answer does not fit the schema
   * @throws {RangeError} if the request is too long to be sent
   * @throws {SecurityError} if the server breaks a rule of the protocol again and again
   * @throws {ConnectionError} if Telegram cannot be reached for `giveUpAfter`, or the connection is
   * closed; or throws the signal's reason
   */
  async invoke(request: TlObject, { signal, order }: CallOptions = {}): Promise<unknown> {
    if (order === undefined) return await this.#invoke(request, signal);
    for (;;) {
      for (let turn; (turn = order.waitsFor(this.#invocations)) !== undefined;) {
        const change = turn;
        await withAnySignal(this.#lifetime.signal, signal, (either) => abortable(change, either));
      }
      try {
        return await this.#invoke(request, signal, order);
      } catch (error) {
        if (!order.failed(error)) throw error;
      }
    }
  }

  async #invoke(request: TlObject, signal?: AbortSignal, order?: OrderedCall): Promise<unknown> {
    signal?.throwIfAborted();
    this.#lifetime.signal.throwIfAborted();
    this.#initConnectionHead(); // a wrong description fails here, not when the call is sent
    const invocation = new Invocation(request, this.#options.clock.monotonic());
    order?.sent(invocation);
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
   * Takes note of a change of the network: an open connection must prove at once that it lives, and
   * one that is waited for is tried at once.
   */
  networkChanged(): void {
    this.#recovery.reset();
    this.#link?.check();
    this.#hurry.wake();
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
    const { clock, logger } = this.#options;
    this.#reachedAt = clock.monotonic();
    const ended = new AbortController();
    this.#failLateCalls(ended.signal).catch(() => {}); // ends with the loop
    const error = await this.#serve();
    ended.abort();
    const isClosed = this.#lifetime.signal.aborted;
    if (!isClosed) {
      logger.error(
        `The connection to DC ${this.dcId} is given up until the next call: ${error.message}`,
      );
    }
    // First: a program that makes a call when it hears of the failure begins anew.
    this.#running = undefined;
    this.#recovery.reset();
    this.#ready.reject(error);
    this.#invocations.fail(this.#invocations, () => copyOfError(error));
    this.#setStatus(isClosed ? { state: "closed" } : { state: "closed", reason: error });
  }

  /** Connects again and again, while the connection is wanted. Returns the error that ends it. */
  async #serve(): Promise<Error> {
    const { connectionRetries, clock, key, logger } = this.#options;
    const { signal } = this.#lifetime;
    for (;;) {
      this.#setStatus({ state: "connecting" });
      const startedAt = clock.monotonic();
      const { error, opened, worked } = await this.#connectAndServe();
      if (signal.aborted) return signal.reason;
      const now = clock.monotonic();
      const next = this.#recovery.after({
        error,
        worked,
        lifetime: now - startedAt,
        now,
        keyAge: key.age(now),
      });
      if (worked || next.lacksNewKey === true) this.#reachedAt = now;
      if (opened) this.#failLostCalls(error, now);
      if (next.failsCalls) this.#failAll(error);
      if (!isForgivable(error)) return error;
      if (this.#recovery.failures > connectionRetries) return error;
      if (next.failsCalls && !this.#isKept) return error;
      if (!this.#isWanted(now)) return this.#unreachable(error);
      if (worked) logger.info(`The connection to DC ${this.dcId} was lost: ${error.message}`);
      else logger.warn(`${error.message} The connection is tried again.`);
      if (next.goOnWith === "a new session") this.#session?.restart();
      if (next.goOnWith === "a new key") {
        logger.warn(`DC ${this.dcId} does not know our auth key: a new one is created`);
        this.#doubtKey();
      }
      if (next.delay > 0) await this.#wait(next.delay, error);
      if (signal.aborted) return signal.reason;
    }
  }

  /** Waits before the next attempt. A computer that wakes up, or a new network, ends the wait. */
  async #wait(delay: number, reason: Error): Promise<void> {
    const { clock } = this.#options;
    this.#hurry.reset();
    const retryAt = new Date(clock.now() + delay);
    this.#setStatus({ state: "waiting", reason, retryAt });
    try {
      await this.#hurry.during(this.#lifetime.signal, async (signal) => {
        if (await noticingSleep(clock, delay, signal)) this.#recovery.reset();
      });
    } catch {
      // closed
    }
  }

  /**
   * Whether somebody waits for the connection, or listens. It is wanted for a while after it was
   * lost, too: the next call finds it open.
   */
  #isWanted(now: number): boolean {
    return this.#isKept || this.#invocations.size > 0 ||
      now - this.#reachedAt < this.#options.giveUpAfter;
  }

  get #isKept(): boolean {
    return this.#options.isKept?.() ?? false;
  }

  /** Fails each call that cannot get through for `giveUpAfter`, while the connection is not open. */
  async #failLateCalls(signal: AbortSignal): Promise<void> {
    const { clock, giveUpAfter } = this.#options;
    if (giveUpAfter === Infinity) return;
    for (;;) {
      const now = clock.monotonic();
      if (this.#link?.worked ?? false) this.#reachedAt = now;
      const limit = now - giveUpAfter;
      const late: Invocation[] = [];
      let next = now;
      if (this.#reachedAt <= limit) {
        for (const invocation of this.#invocations) {
          if (invocation.since <= limit) late.push(invocation);
          else next = Math.min(next, invocation.since);
        }
      } else {
        next = this.#reachedAt;
      }
      this.#invocations.fail(late, () => this.#unreachable());
      await clock.sleep(Math.max(next - limit, GIVE_UP_STEP), signal);
    }
  }

  /** Fails the calls that were lost with several connections: they cannot get through. */
  #failLostCalls(error: Error, now: number): void {
    const { giveUpAfter } = this.#options;
    const lost: Invocation[] = [];
    for (const invocation of this.#invocations) {
      if (!this.#invocations.isUnderWay(invocation)) continue;
      invocation.losses++;
      const isLate = now - invocation.since >= giveUpAfter;
      if (isLate && invocation.losses >= MAX_LOSSES) lost.push(invocation);
    }
    this.#invocations.fail(lost, ({ losses }) => lostTooOften(this.dcId, losses, error));
  }

  #failAll(error: Error): void {
    this.#ready.reject(copyOfError(error));
    this.#renewReady();
    this.#invocations.fail(this.#invocations, () => copyOfError(error));
  }

  /** Returns the error for a call that cannot get through. */
  #unreachable(cause?: Error): ConnectionError {
    const last = this.#status.state === "waiting" ? this.#status.reason : undefined;
    return unreachable({
      dcId: this.dcId,
      attempts: this.#recovery.failures,
      seconds: this.#options.giveUpAfter / 1000,
      cause: cause ?? last,
    });
  }

  #setStatus(status: ConnectionStatus): void {
    this.#status = status;
    this.#options.onStatus?.(status);
  }

  /**
   * Dials one connection and serves it to its end. Returns the error of that end. Never rejects.
   */
  async #connectAndServe(): Promise<{ error: Error; opened: boolean; worked: boolean }> {
    const { dc, addresses, clock, timeout, logger } = this.#options;
    const ended = new AbortController();
    const late = (): Error => {
      const tried = addresses.candidates(clock.monotonic()).map(formatAddress).join('", "');
      const where = `DC ${dc.id} at "${tried}"`;
      const what = `no answer in ${timeout / 1000} s. Check the network, or use a VPN.`;
      return new ConnectionError(`Cannot connect to ${where}: ${what}`);
    };
    let link: Link | undefined;
    let error: Error;
    try {
      await withAnySignal(this.#lifetime.signal, ended.signal, async (signal) => {
        try {
          link = await withDeadline(
            { clock, timeout, signal, late },
            (deadline) => this.#open(deadline, signal),
          );
          logger.debug(`Connected to DC ${dc.id}`);
          this.#link = link;
          this.#setStatus({ state: "connected" });
          this.#ready.resolve();
          await link.serve();
        } finally {
          ended.abort(); // closes a stream that comes too late
        }
      });
      error = new ConnectionError(
        `Cannot go on with DC ${dc.id}: the connection was closed. Check the network.`,
      );
    } catch (cause) {
      error = cause instanceof Error ? cause : new Error(String(cause));
    }
    this.#link = undefined;
    // A transport error is an answer, too: the address leads to a server.
    if (this.#unproven !== undefined && !(error instanceof TransportError)) {
      this.#addressFailed(this.#unproven);
    }
    this.#unproven = undefined;
    if (link !== undefined) this.#renewReady();
    return { error, opened: link !== undefined, worked: link?.worked ?? false };
  }

  async #open(deadline: AbortSignal, signal: AbortSignal): Promise<Link> {
    const { dc, addresses, dial, transport, key, keys, random, clock } = this.#options;
    const { stream: bytes, address } = await raceDial(
      dial,
      addresses.candidates(clock.monotonic()),
      { clock, signal, onFailed: (address) => this.#addressFailed(address) },
    );
    const dcId = dc.testMode ? dc.id + TEST_DC : dc.id;
    const stream = new PacketStream(bytes, transport(dcId));
    const close = (): void => stream.close();
    if (deadline.aborted) close();
    deadline.throwIfAborted(); // a dial that came too late must not touch the session
    this.#unproven = address;
    deadline.addEventListener("abort", close, { once: true });
    const packets = stream.packets();
    const now = (): number => this.#time.now();
    const isKnown = key.state !== undefined;
    // Abortable: a stream may go on after it was closed, and what comes then does not count.
    const exchange = () =>
      abortable(createAuthKey(stream, packets, now, { keys, dcId, random }), deadline);
    const state = await key.obtain(exchange, () => clock.monotonic());
    deadline.throwIfAborted();
    let session = this.#session;
    // Another connection may have made a new key since the last time.
    if (session?.authKey === state.authKey) session.reconnected();
    else session = this.#useKey(state, { synchronized: !isKnown });
    deadline.removeEventListener("abort", close);
    const onEvent = (event: ClientEvent): void => this.#handle(event);
    return new Link({ ...this.#options, session, stream, packets, now, onEvent });
  }

  /** Takes note of an address that was of no use, unless the connection is closed. */
  #addressFailed(address: Address): void {
    const { addresses, clock } = this.#options;
    if (!this.#lifetime.signal.aborted) addresses.failed(address, clock.monotonic());
  }

  /** Takes note of the address when the first answer has come over it. */
  #addressWorked(): void {
    if (this.#unproven !== undefined) this.#options.addresses.worked(this.#unproven);
    this.#unproven = undefined;
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

  /** Gives up the key, if a key exchange succeeds. The calls go with the new one then. */
  #doubtKey(): void {
    if (this.#session !== undefined) this.#options.key.doubt(this.#session.authKey);
  }

  #initConnectionHead(): Uint8Array {
    return this.#head ??= initConnectionHead(this.#options.info);
  }

  #submit(invocation: Invocation): void {
    this.#invocations.add(invocation);
    this.#link?.scheduleFlush();
  }

  #handle(event: ClientEvent): void {
    if (OF_USE.includes(event.type)) this.#addressWorked();
    switch (event.type) {
      case "result":
        return this.#result(event);
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
        return this.#newSession();
      case "salt":
      case "time":
        return this.#keyStateChanged();
      case "oddity":
        return this.#options.logger.info(event.text);
    }
  }

  /** The first session is expected; after another one, the server has forgotten us meanwhile. */
  #newSession(): void {
    if (this.#hadSession) this.#options.onMissedUpdates?.();
    this.#hadSession = true;
  }

  #result({ call, body }: ClientEvent & { type: "result" }): void {
    const invocation = this.#invocations.take(call);
    try {
      invocation?.succeed(body);
    } catch (error) {
      this.#unreadable(invocation, error);
    }
  }

  /**
   * Handles an answer that does not fit the schema as a failure of the server, once: it may take us
   * for a client of another layer. https://core.telegram.org/api/invoking#layers
   */
  #unreadable(invocation: Invocation | undefined, error: unknown): void {
    this.#session?.forgetInitialization();
    if (invocation === undefined) return;
    if (invocation.wasUnreadable) return invocation.fail(error);
    this.#options.logger.warn(`Cannot read an answer, so it is asked for again: ${error}`);
    invocation.wasUnreadable = true;
    this.#submit(invocation);
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
      // The server may take us for a client of another layer: the next call says which it is.
      this.#options.logger.warn(`Cannot read an update: ${(error as Error).message}`);
      this.#session?.forgetInitialization();
      this.#options.onMissedUpdates?.();
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

/**
 * Whether another attempt can help. A network comes back; a runtime without sockets stays without
 * them, and a `dial` with a fault in its code keeps it.
 */
function isForgivable(error: Error): boolean {
  if (error instanceof ConnectionError) return !error.permanent;
  return error instanceof TransportError || error instanceof FramingError ||
    error instanceof SecurityError || error instanceof TlError;
}
