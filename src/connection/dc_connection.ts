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
import type { AuthKey, ClientEvent, ClientSession } from "../mtproto/mod.ts";
import { type Address, type ByteStream, ConnectionError, formatAddress } from "../net/mod.ts";
import {
  abortable,
  errorOf,
  noticingSleep,
  WakeSignal,
  withAnySignal,
  withDeadline,
} from "../runtime/mod.ts";
import { apiSchema } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { TRANSPORT_FLOOD, TransportError } from "../transport/mod.ts";
import { CallDeadline } from "./call_deadline.ts";
import type { OrderedCall } from "./call_order.ts";
import type { ConnectionStatus } from "./connection_status.ts";
import type { CallOptions, DcConnectionOptions } from "./dc_options.ts";
import { DcSession, type OpenedSession } from "./dc_session.ts";
import { copyOfError, disconnected, lostTooOften, notHeld, unreachable } from "./failure.ts";
import { Invocation } from "./invocation.ts";
import { Invocations } from "./invocations.ts";
import { Link, OF_USE } from "./link.ts";
import { checkStream, FramedStream, type PacketStream } from "./packet_stream.ts";
import { type Open, raceDial } from "./race.ts";
import { isKeyVoid } from "./rpc_error.ts";
import { Recovery } from "./recovery.ts";

/** Milliseconds. A network that changes on and on is tried no more often. */
const HURRY_INTERVAL = 1000;
/** Milliseconds. A server that keeps to another layer is not told ours all the time. */
const INTRODUCTION_INTERVAL = 60_000;

/** A connection that was dialled, with its session. */
interface Reached extends OpenedSession {
  readonly stream: PacketStream;
  readonly packets: AsyncGenerator<Uint8Array, void>;
  readonly address: Address;
}

/** One data center, as a function from requests to results. */
export class DcConnection {
  readonly #options: DcConnectionOptions;
  readonly #invocations: Invocations;
  readonly #deadline: CallDeadline;
  readonly #session: DcSession;
  readonly #recovery: Recovery;
  readonly #lifetime = new AbortController();
  #hurriedAt = -Infinity;
  /** Ends the wait before the next attempt. */
  readonly #hurry = new WakeSignal();
  #link: Link | undefined;
  /** The connection that takes the place of this one, as its key is another one. */
  #next: Reached | undefined;
  /** The address of the connection, until an answer has come over it. */
  #unproven: Address | undefined;
  #running: Promise<void> | undefined;
  #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  #status: ConnectionStatus = { state: "closed" };
  #lastFailure: Error | undefined;
  #closedFor: ConnectionError | undefined;
  /** Whether the server has begun a session for us. */
  #hasSession: boolean;
  /** When the server was last told our layer, because it had it wrong. */
  #introducedAt = -Infinity;

  constructor(options: DcConnectionOptions) {
    const { logger, random, retryDelay, giveUpAfter } = options;
    this.#options = options;
    this.#hasSession = options.isLate ?? false;
    const invocations = this.#invocations = new Invocations(logger);
    this.#session = new DcSession(options, (session) => invocations.use(session));
    this.#recovery = new Recovery(retryDelay, random, giveUpAfter);
    this.#deadline = new CallDeadline({
      ...options,
      invocations,
      isReached: () => this.#link?.worked ?? false,
      unreachable: () => this.#unreachable(),
    });
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
    if (giveUpAfter === Infinity) return await abortable(ready, signal);
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
  invoke(request: TlObject, { signal, order }: CallOptions = {}): Promise<unknown> {
    return order === undefined
      ? this.#invoke(request, signal)
      : this.#invokeInOrder(request, signal, order);
  }

  async #invokeInOrder(
    request: TlObject,
    signal: AbortSignal | undefined,
    order: OrderedCall,
  ): Promise<unknown> {
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
    this.#session.checkDescription();
    const invocation = new Invocation(request, this.#options.clock.monotonic());
    order?.sent(invocation);
    this.#submit(invocation);
    if (this.#running === undefined) this.#start(); // the loop that fails tells every call
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
    this.#link?.check();
    const now = this.#options.clock.monotonic();
    if (now < this.#hurriedAt + HURRY_INTERVAL) return;
    this.#hurriedAt = now;
    this.#recovery.reset();
    this.#hurry.wake();
  }

  /** Resolves when all calls that are under way now have ended. */
  async callsEnded(): Promise<void> {
    await Promise.allSettled([...this.#invocations].map(({ result }) => result));
  }

  /**
   * Closes the connection; every call that waits fails with `reason`, and the status tells it. It
   * cannot be opened again.
   */
  async close(reason?: ConnectionError): Promise<void> {
    this.#closedFor = reason;
    this.#lifetime.abort(reason ?? disconnected());
    this.#link?.close();
    this.#next?.stream.close();
    await this.#running;
  }

  #ensureRunning(): Promise<void> {
    if (this.#lifetime.signal.aborted) return Promise.reject(this.#lifetime.signal.reason);
    if (this.#running === undefined) this.#start();
    return this.#ready.promise;
  }

  #start(): void {
    this.#renewReady();
    this.#running = this.#run();
  }

  #renewReady(): void {
    this.#ready = Promise.withResolvers();
    this.#ready.promise.catch(() => {}); // it is no error if nobody waits
  }

  async #run(): Promise<void> {
    const { logger } = this.#options;
    this.#deadline.reached();
    this.#lastFailure = undefined; // of an earlier time, perhaps of another day
    const ended = new AbortController();
    this.#deadline.watch(ended.signal).catch(() => {}); // ends with the loop
    const error = await this.#serve().catch(errorOf); // a fault in code of the program's own
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
    const reason = isClosed ? this.#closedFor : error;
    this.#setStatus({ state: "closed", ...(reason !== undefined && { reason }) });
  }

  /** Connects again and again, while the connection is wanted. Returns the error that ends it. */
  async #serve(): Promise<Error> {
    const { connectionRetries, clock, key, logger, addresses } = this.#options;
    const { signal } = this.#lifetime;
    for (;;) {
      if (this.#next === undefined) this.#setStatus({ state: "connecting" });
      const startedAt = clock.monotonic();
      const { error, link } = await this.#connectAndServe();
      if (signal.aborted) return signal.reason;
      if (this.#next !== undefined) continue;
      const now = clock.monotonic();
      const worked = link?.worked ?? false;
      const next = this.#recovery.after({
        error,
        worked,
        wasFruitless: link?.answered === false && this.#invocations.size > 0,
        lifetime: now - startedAt,
        now,
        keyAge: key.age(now),
        hasOtherAddress: addresses.isExhausted?.(now) === false,
        isTemporary: key.keepFresh !== undefined,
      });
      this.#lastFailure = error;
      if (worked || next.lacksNewKey === true) this.#deadline.reached();
      if (link !== undefined) {
        this.#deadline.connectionLost((losses) => lostTooOften(this.dcId, losses, error));
      }
      if (next.failsCalls) this.#failAll(error);
      if (!isForgivable(error)) return error;
      if (this.#recovery.failures > connectionRetries) return error;
      if (next.failsCalls && !this.#isKept) return error;
      if (!this.#isWanted) return this.#unreachable();
      if (worked) logger.info(`The connection to DC ${this.dcId} was lost: ${error.message}`);
      else logger.warn(`${error.message} The connection is tried again.`);
      if (next.goOnWith === "a new session") this.#session.restart();
      if (next.goOnWith === "a new key") {
        logger.warn(`DC ${this.dcId} does not know our auth key: a new one is created`);
        this.#session.doubtKey();
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
  get #isWanted(): boolean {
    return this.#isKept || this.#invocations.size > 0 || !this.#deadline.isOver;
  }

  get #isKept(): boolean {
    return this.#options.isKept?.() ?? false;
  }

  #failAll(error: Error): void {
    this.#ready.reject(copyOfError(error));
    this.#renewReady();
    this.#invocations.fail(this.#invocations, () => copyOfError(error));
  }

  /** Returns the error for a call that cannot get through. */
  #unreachable(): ConnectionError {
    return unreachable({
      dcId: this.dcId,
      attempts: this.#recovery.failures,
      seconds: this.#options.giveUpAfter / 1000,
      cause: this.#lastFailure,
    });
  }

  #setStatus(status: ConnectionStatus): void {
    if (status.state === "connected" && this.#status.state === "connected") return; // a new key
    this.#status = status;
    this.#options.onStatus?.(status);
  }

  /**
   * Dials one connection and serves it to its end. Returns the error of that end. Never rejects.
   */
  async #connectAndServe(): Promise<{ error: Error; link: Link | undefined }> {
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
          if (signal.aborted) link.close(); // in the very turn in which it was opened
          signal.throwIfAborted();
          this.#link = link;
          this.#setStatus({ state: "connected" });
          this.#ready.resolve();
          this.#keepKeyFresh(link, link.session, signal);
          await link.serve();
        } finally {
          ended.abort(); // closes a stream that comes too late
        }
      });
      error = new ConnectionError(
        `Cannot go on with DC ${dc.id}: the connection was closed. Check the network.`,
      );
    } catch (cause) {
      error = errorOf(cause);
    }
    if (!link?.worked) error = this.#options.explain?.(error) ?? error;
    this.#link = undefined;
    if (this.#unproven !== undefined && !isFlood(error)) this.#addressFailed(this.#unproven);
    this.#unproven = undefined;
    if (link !== undefined) this.#renewReady();
    return { error, link };
  }

  async #open(deadline: AbortSignal, signal: AbortSignal): Promise<Link> {
    const reached = this.#next ?? await this.#reach(deadline, signal);
    this.#next = undefined;
    const { session, events, address } = reached;
    this.#unproven = address;
    this.#session.adopt(session);
    const { now } = this.#session;
    const onEvent = (event: ClientEvent): void => this.#handle(event);
    for (const event of events) onEvent(event);
    const { window } = this.#recovery;
    return new Link({ ...this.#options, ...reached, now, window, onEvent });
  }

  /** Dials, and makes the session ready; with another key than `replaced`, if that is given. */
  async #reach(deadline: AbortSignal, signal: AbortSignal, replaced?: AuthKey): Promise<Reached> {
    const { addresses, dial, openPackets = dial, search } = this.#options;
    const { transport, clock } = this.#options;
    this.#checkHeld();
    const open: Open<ByteStream | PacketStream> = async (address, signal) => {
      const secret = addresses.secretOf?.(address);
      if (secret === undefined || search === undefined) {
        const opened = await openPackets(address, signal);
        checkStream(opened);
        return opened;
      }
      const { stream, transport } = await search.open(address, secret, signal);
      return new FramedStream(stream, transport);
    };
    const { stream: opened, address } = await raceDial(
      open,
      addresses.candidates(clock.monotonic()),
      { clock, signal, onFailed: (address) => this.#addressFailed(address) },
    );
    const stream = "packets" in opened
      ? opened
      : new FramedStream(opened, transport(this.#session.dcId * (addresses.areForFiles ? -1 : 1)));
    stream.beforeWrite = () => this.#checkHeld();
    const close = (): void => stream.close();
    if (deadline.aborted) close();
    deadline.throwIfAborted(); // a dial that came too late must not touch the session
    if (replaced === undefined) this.#unproven = address;
    deadline.addEventListener("abort", close, { once: true });
    const packets = stream.packets();
    const opening = this.#session.over(stream, packets, deadline, replaced);
    opening.catch(close);
    const { session, events } = await opening;
    deadline.removeEventListener("abort", close);
    return { stream, packets, address, session, events };
  }

  /** Throws if another program may be using the auth key. */
  #checkHeld(): void {
    if (this.#options.mayUseKey?.() === false) throw notHeld(this.dcId);
  }

  /** Renews a temporary key in time: the connection with the new key is opened before its use. */
  #keepKeyFresh(link: Link, session: ClientSession, ended: AbortSignal): void {
    const invocations = this.#invocations;
    const { now } = this.#session;
    const prepareNext = async (deadline: AbortSignal): Promise<void> => {
      const next = await this.#reach(deadline, this.#lifetime.signal, session.authKey);
      if (deadline.aborted) next.stream.close();
      else this.#next = next;
    };
    this.#options.key.keepFresh?.({ link, session, invocations, now, prepareNext }, ended)
      .catch(() => {}); // ends with the connection
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

  #submit(invocation: Invocation): void {
    this.#invocations.add(invocation);
    this.#link?.scheduleFlush();
  }

  #handle(event: ClientEvent): void {
    if (OF_USE.includes(event.type)) {
      this.#addressWorked();
      this.#hasSession = true; // its announcement may be lost
    }
    const { key, onKeyVoid } = this.#options;
    const invocations = this.#invocations;
    switch (event.type) {
      case "error":
        if (isKeyVoid(event.message)) onKeyVoid?.();
        if (key.takesBlame?.(event, this.#session.current, invocations)) return this.#link?.close();
        return this.#invocations.handle(event);
      case "result":
      case "refused":
        return this.#invocations.handle(event);
      case "update":
        return this.#update(event.body);
      case "missed":
        return this.#options.onMissedUpdates?.();
      case "new_session":
        return this.#newSession();
      case "pong":
        return this.#session.heard();
      case "salt":
      case "time":
        return this.#session.keepState();
      case "oddity":
        return this.#options.logger.info(event.text);
    }
  }

  /** The first session is expected; after another one, the server has forgotten us meanwhile. */
  #newSession(): void {
    if (this.#hasSession) this.#options.onMissedUpdates?.();
    this.#hasSession = true;
    if (this.#invocations.size === 0) this.#options.onIdleSession?.();
  }

  #update(body: Uint8Array): void {
    if (this.#options.onUpdate === undefined) return;
    let updates: TlObject;
    try {
      updates = apiSchema().decode(body, "Updates") as TlObject;
    } catch (error) {
      this.#options.logger.warn(`Cannot read an update: ${(error as Error).message}`);
      this.#options.onMissedUpdates?.();
      this.#introduceAgain();
      return;
    }
    this.#options.onUpdate(updates);
  }

  /**
   * Tells the server our layer, which it may have wrong: initConnection goes around a call, and a
   * program that only listens makes none. https://core.telegram.org/api/invoking#layers
   */
  #introduceAgain(): void {
    const now = this.#options.clock.monotonic();
    this.#session.current?.forgetInitialization();
    if (now < this.#introducedAt + INTRODUCTION_INTERVAL) return;
    this.#introducedAt = now;
    this.invoke({ _: "help.getConfig" }).catch(() => {}); // its answer does not matter
  }
}

/**
 * Whether the server has too many connections: its address is not at fault. After another transport
 * error it may be. Who stands between, or a server that is none, can say -404 or -444 as well; so
 * another address is asked before a key is given up.
 */
function isFlood(error: Error): boolean {
  return error instanceof TransportError && error.code === TRANSPORT_FLOOD;
}

/**
 * Whether another attempt can help. A network comes back; a runtime without sockets stays without
 * them, and a `dial` with a fault in its code keeps it.
 */
function isForgivable(error: Error): boolean {
  if (error instanceof ConnectionError) return !error.permanent;
  const faults = [TypeError, RangeError, ReferenceError, SyntaxError];
  return !faults.some((fault) => error instanceof fault);
}
