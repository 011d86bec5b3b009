/**
 * The account behind a client: its session, its connections, its updates, and its life between
 * `connect` and `disconnect`. Functions that do something with an account take it as their first
 * argument.
 *
 * | state   | `connect()`            | a call               | `close()`    | the lease is lost |
 * |---------|------------------------|----------------------|--------------|-------------------|
 * | new     | opens: loads, connects | opens, then goes out | → closed     | –                 |
 * | open    | connects if it must    | goes out             | → closing    | → closing         |
 * | moving  | connects if it must    | waits, then goes out | → closing    | → closing         |
 * | closing | waits, then opens      | throws               | waits, and   | –                 |
 * |         |                        |                      | `connect()`s |                   |
 * |         |                        |                      | that wait    |                   |
 * |         |                        |                      | reject       |                   |
 * | closed  | opens                  | throws               | does nothing | –                 |
 *
 * After a lost lease calls throw that error, until `connect()` opens the account again.
 */
import {
  AuthorizationTransfers,
  type MethodCall,
  signInsEnded,
  type StepOptions,
} from "../auth/mod.ts";
import {
  type CallOptions,
  type CdnDc,
  type ConnectionStatus,
  DcPool,
  disconnected,
  HomeMovedError,
  invokeFollowingMigration,
  keyIsVoid,
  type Purpose,
  withRetries,
} from "../connection/mod.ts";
import { ChatOrder, type MessageActions, messageActions, PeerCache } from "../messages/mod.ts";
import { ConnectionError } from "../net/mod.ts";
import {
  abortable,
  type Clock,
  errorOf,
  type Logger,
  onNetworkBack,
  type Random,
  reportUncaught,
  silentLogger,
  withAnySignal,
} from "../runtime/mod.ts";
import { Autosave, checkTestMode, type Session, SessionDcBook } from "../session/mod.ts";
import type { Api, TlObject } from "../tl/mod.ts";
import type { FileCallOptions, FileHost } from "../files/mod.ts";
import { AccountEnd } from "./account_end.ts";
import { completed } from "./completed_call.ts";
import { Listeners } from "./listeners.ts";
import type { Settings } from "./options.ts";
import { Receiver } from "./updates/receiver.ts";

/** The time between two `connect()`s: all that begins anew with the second one. */
interface Period {
  /** Aborted by `close()`, so that a wait before a retry does not keep the process alive. */
  readonly lifetime: AbortController;
  readonly pool: DcPool;
  /** Ends the attention to the events of the network, once it has begun. */
  ignoreNetwork?: () => void;
  readonly transfers: AuthorizationTransfers;
  /** The loading of the session, once it has begun. */
  loading?: Promise<void>;
  isLoaded: boolean;
  /** Whether the session is loaded, and checked. */
  isOpen: boolean;
}

/** How often the call for a part of a file is made again. */
const PART_RETRIES = 100;

/** A call and its answer. */
interface Answered {
  readonly request: TlObject;
  readonly answer: unknown;
}

/** An account. */
export class Account implements FileHost {
  readonly apiId: number;
  readonly apiHash: string;
  readonly session: Session;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Logger;
  /** The peers that this account has seen. */
  readonly peers: PeerCache = new PeerCache(this);
  /** The messages that are under way. */
  readonly chatOrder: ChatOrder = new ChatOrder();
  /** What the methods of messages do. */
  readonly actions: MessageActions = messageActions(this);
  /** The updates, as programs take them. */
  readonly receiver: Receiver = new Receiver(this);
  readonly #autosave: Autosave = new Autosave(this);
  readonly #book: SessionDcBook;
  readonly #settings: Settings;
  readonly #updates: Listeners<Api.Updates> = this.#newListeners();
  readonly #answers: Listeners<Answered> = this.#newListeners();
  readonly #saves: Listeners<void> = this.#newListeners();
  readonly #statuses: Listeners<ConnectionStatus> = this.#newListeners();
  /** Moves to another data center that are under way. */
  readonly #moves = new Set<Promise<void>>();
  #period: Period;
  #closing: Promise<void> | undefined;
  /** How often `close()` was called: a `connect()` that waits for it ends with the next one. */
  #closes = 0;
  /** Whether the last `close()` could not save the session. */
  #isUnsaved = false;
  #lost: Error | undefined;
  readonly #end = new AccountEnd();
  /** The saving of a session whose keys are void. */
  #forgetting: Promise<void> | undefined;

  constructor(
    session: Session,
    { apiId, apiHash }: { readonly apiId: number; readonly apiHash: string },
    settings: Settings,
  ) {
    this.apiId = apiId;
    this.apiHash = apiHash;
    this.session = session;
    this.random = settings.random;
    this.clock = settings.clock;
    this.log = settings.logger;
    this.#settings = settings;
    this.#book = new SessionDcBook(session, settings, () => this.#autosave.changed());
    this.#period = this.#newPeriod();
    if (settings.onUpdates !== undefined) this.subscribe(settings.onUpdates);
  }

  /** The state of the connection to the home. */
  get status(): ConnectionStatus {
    return this.#explained(this.#period.pool.status);
  }

  /** Whether the home data center is connected right now. */
  get connected(): boolean {
    return this.#period.pool.connected;
  }

  /** Whether connections lead to any address: those by WebSocket and HTTP do not. */
  get canReachCdns(): boolean {
    return this.#settings.canReachCdns;
  }

  /** Whether everything must go through a proxy. */
  get hasProxy(): boolean {
    return this.#settings.hasProxy;
  }

  /** Aborted when the client is disconnected. */
  get lifetime(): AbortSignal {
    return this.#period.lifetime.signal;
  }

  /** Whether the home's key was made just now, so that nobody can be signed in with it. */
  get keyIsNew(): boolean {
    return this.#period.pool.homeKeyIsUnused;
  }

  /** Loads the session and connects; does nothing if that is done. After `close` it begins anew. */
  async connect({ signal }: StepOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    await abortable(this.#connect(), signal);
  }

  /** Loads the session, if it is not loaded yet. Rejects when the client is disconnected. */
  async ready(): Promise<void> {
    await this.#open();
  }

  /**
   * Resolves when the client is disconnected or signed out, or rejects with the error that has
   * ended it.
   */
  get closed(): Promise<void> {
    return this.#end.promise;
  }

  /** Saves the session. */
  async save(): Promise<void> {
    this.#end.saving(this.session.state.user !== undefined, this.#closing);
    await this.#autosave.save();
    this.#saves.tell();
  }

  /**
   * Calls a method where the account lives. Waits out short floods, makes a call again that
   * Telegram failed to carry out, and follows the account to another data center. Connects if it
   * has to.
   */
  async invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options: CallOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    const sent = request as TlObject;
    if (sent._ === "auth.sendCode") this.#book.phone = String(sent.phoneNumber);
    const answer = await this.#invokeWhole(sent, (request) => {
      const call = (): Promise<unknown> => this.#invokeHome(request, options);
      return invokeFollowingMigration(this, options.signal, call);
    });
    return answer as Api.Methods[M]["result"];
  }

  /** Calls a method at any data center, as the user who is signed in at the home. */
  async invokeAt<M extends keyof Api.Methods>(
    dcId: number,
    request: MethodCall<M>,
    options: StepOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    options.signal?.throwIfAborted();
    await abortable(this.ready(), options.signal);
    const answer = await this.#invokeWhole(
      request as TlObject,
      (request) =>
        this.#retry(request, options, async () => {
          const { transfers } = await this.#settledPeriod(options.signal);
          return dcId === this.#book.homeDcId
            ? await this.#callHome(request, options)
            : await transfers.invoke(dcId, request, options);
        }),
    );
    return answer as Api.Methods[M]["result"];
  }

  /**
   * Calls a method for the part of a file, over a connection for this purpose; at the home by
   * default. Each flood is waited out: a part is small, and its wait short. A CDN is not trusted
   * with a wait.
   */
  async invokeForFile(
    request: TlObject,
    { dcId, purpose, signal }: FileCallOptions,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    await abortable(this.ready(), signal);
    const isCdn = typeof dcId === "object";
    const policy = {
      ...this.#settings,
      floodSleepThreshold: Infinity,
      requestRetries: isCdn ? 0 : PART_RETRIES,
    };
    return await withAnySignal(
      this.lifetime,
      signal,
      (either) =>
        withRetries(policy, { method: request._, signal: either }, async () => {
          const { pool, transfers } = await this.#settledPeriod(either);
          const { homeDcId } = this.#book;
          if (!isCdn && dcId !== undefined && dcId !== homeDcId) {
            return await transfers.invoke(dcId, request, { signal: either, purpose });
          }
          const place = isCdn ? dcId : homeDcId;
          const connection = await abortable(pool.at(place, purpose), either);
          return await connection.invoke(request, { signal: either });
        }),
    );
  }

  /** Closes a connection for files. The next part opens a new one. */
  async closeForFile(dcId: number | CdnDc | undefined, purpose: Purpose): Promise<void> {
    await this.#period.pool.closeOne(dcId ?? this.#book.homeDcId, purpose);
  }

  /**
   * Makes another data center the home, once it is connected: a move that fails leaves the home as
   * it was.
   */
  async moveHome(dcId: number): Promise<void> {
    const move = this.#moveHome(dcId);
    this.#moves.add(move);
    try {
      await move;
    } finally {
      this.#moves.delete(move);
    }
  }

  /** Passes every update to `listener`. Returns a function that ends this. */
  subscribe(listener: (updates: Api.Updates) => void): () => void {
    return this.#updates.add(listener);
  }

  /** Passes each call and its answer to `listener`. Returns what ends this. */
  onAnswer(listener: (request: TlObject, answer: unknown) => void): () => void {
    return this.#answers.add(({ request, answer }) => listener(request, answer));
  }

  /** Calls `listener` when the session was saved, as after a sign-in. Returns what ends this. */
  onSave(listener: () => void): () => void {
    return this.#saves.add(listener);
  }

  /** Takes the error that has ended the updates: Telegram has ended the session, for one. */
  updatesEnded(error: Error): void {
    this.log.error(`No more updates are received: ${error.message}`);
    this.signInEnded(error);
    const { present } = this.#end;
    const report = async (): Promise<void> => {
      await signInsEnded(this.session); // a bot that starts signs in again
      // A bot that is deaf for good must not go on as if nothing was.
      const isNoticed = this.#end.isWatched || this.receiver.consumers.hasLoop;
      if (present !== this.#end.present || isNoticed) return;
      if (this.log === silentLogger) reportUncaught(error);
    };
    void report();
  }

  /** Takes the error with which Telegram has ended the sign-in. */
  signInEnded(error: Error): void {
    this.#end.fail(error);
  }

  /** Passes each change of the connection to `listener`. Returns a function that ends this. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    return this.#statuses.add(listener);
  }

  /** Takes note of a change of the network. */
  networkChanged(): void {
    this.#period.pool.networkChanged();
  }

  /**
   * Disconnects, saves and closes the session. The second call waits for the first; when that could
   * not save, it tries to save again. It tells the first error if it cannot: a session that is
   * closed says no more than that.
   */
  close(): Promise<void> {
    this.#closes++;
    if (this.#closing === undefined || this.#isUnsaved) {
      const before = this.#closing;
      const closing = this.#closing = this.#close().catch((error) =>
        before ?? Promise.reject(error)
      );
      this.#isUnsaved = false;
      closing.catch(() => {
        if (this.#closing === closing) this.#isUnsaved = true;
      });
    }
    this.#end.follow(this.#closing, () => this.#lost);
    return this.#closing;
  }

  async #connect(): Promise<void> {
    const closing = this.#closing;
    const closes = this.#closes;
    if (closing !== undefined) this.#end.connecting(closing);
    await closing?.catch(() => {}); // `close()` has told the error
    if (this.#closes !== closes) throw disconnected();
    if (closing !== undefined && this.#closing === closing) {
      this.#closing = this.#lost = undefined;
      this.#isUnsaved = false;
      this.#period = this.#newPeriod();
      this.receiver.resume();
    }
    const { pool } = await this.#open();
    const connection = await pool.at(this.#book.homeDcId);
    await connection.connect();
  }

  #newPeriod(): Period {
    const { session } = this;
    const book = this.#book;
    const pool = new DcPool({
      settings: { ...this.#settings, mayUseKey: () => session.mayUseKey?.() ?? true },
      book,
      testMode: this.#settings.testMode,
      keepsHome: () => this.#settings.keepConnected ?? this.#updates.size > 0,
      onUpdate: (updates) => this.#tell(updates as Api.Updates),
      onMissedUpdates: () => this.#tell({ _: "updatesTooLong" }),
      onIdleSession: () => this.#callFirst(),
      onKeyVoid: () => this.#forgetKeys(),
      onStatus: (status) => this.#statuses.tell(this.#explained(status)),
    });
    const transfers = new AuthorizationTransfers({
      session,
      book,
      pool,
      invoke: (request, options) => this.#invokeHome(request as TlObject, options),
      save: () => this.save(),
    });
    return { lifetime: new AbortController(), pool, transfers, isLoaded: false, isOpen: false };
  }

  async #open(): Promise<Period> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#closing !== undefined) {
      throw new ConnectionError(
        "Cannot call Telegram: the client is disconnected. Call connect() first.",
      );
    }
    const period = this.#period;
    period.loading ??= this.#load(period);
    try {
      await period.loading;
    } catch (error) {
      period.loading = undefined; // the next call tries again
      throw error;
    }
    return period;
  }

  async #load(period: Period): Promise<void> {
    const { session } = this;
    period.ignoreNetwork ??= onNetworkBack(() => period.pool.networkChanged());
    if ("onLost" in session) session.onLost = (error) => this.#lose(error);
    // Loading may take long: another program may hold the session.
    if (!period.isLoaded) {
      await abortable(Promise.resolve(session.load()), period.lifetime.signal);
    }
    period.isLoaded = true;
    this.#end.loaded(session.state.user !== undefined);
    checkTestMode(session.state, this.#settings.testMode);
    period.isOpen = true;
  }

  async #close(): Promise<void> {
    const period = this.#period;
    period.lifetime.abort(this.#lost ?? disconnected());
    period.ignoreNetwork?.();
    const closed = period.pool.closeAll();
    const wasOpen = await period.loading?.then(() => true, () => false);
    // Moves end first: none may change the session after the next connect().
    await Promise.all([closed, Promise.allSettled(this.#moves), this.receiver.closed()]);
    try {
      if (this.#lost === undefined) {
        // Without a user the session is left alone: a sign-out must not be undone, nor a foreign
        // file overwritten.
        const isOurs = wasOpen === true && this.session.state.user !== undefined;
        await this.#autosave.flush(isOurs);
        await this.peers.flush();
      }
    } finally {
      await this.session.close?.();
    }
  }

  /** Another program has the session, or may soon: using its key would make it void for both. */
  #lose(error: Error): void {
    const { state } = this.status;
    this.#lost = error;
    this.log.error(error.message);
    // Otherwise the end of the connection tells.
    if (state === "closed") this.#statuses.tell(this.status);
    this.close().catch((error: Error) => this.log.error(error.message));
  }

  /**
   * Telegram has ended the sign-in, as two programs used it at once. No call helps with its keys:
   * they are forgotten, so that the next call makes new ones.
   */
  #forgetKeys(): void {
    const reason = keyIsVoid();
    this.log.error(reason.message);
    this.signInEnded(reason);
    this.#book.forgetKeys();
    this.session.state.user = this.session.state.updates = undefined;
    this.#period.pool.retireAll(reason);
    this.#forgetting = this.save().catch((error: Error) => this.log.error(error.message));
  }

  /**
   * Telegram sends updates to a session that has called a method. A program that listens to packets
   * alone may make no call.
   */
  #callFirst(): void {
    const isDone = this.receiver.consumers.size > 0 || this.#settings.onUpdates === undefined;
    if (isDone || (this.keyIsNew && this.session.state.user === undefined)) return;
    this.#invokeHome({ _: "updates.getState" }).catch(({ message }: Error) =>
      this.log.debug(`No updates are received: ${message}`)
    );
  }

  /** Adds to the end of a connection that the session is lost, if that is so. */
  #explained(status: ConnectionStatus): ConnectionStatus {
    const reason = this.#lost;
    return status.state === "closed" && reason !== undefined ? { ...status, reason } : status;
  }

  /** Makes a call; completes its request first if parameters with a natural default are missing. */
  async #invokeWhole(
    request: TlObject,
    call: (request: TlObject) => Promise<unknown>,
  ): Promise<unknown> {
    let whole = request;
    let answer: unknown;
    try {
      answer = await call(request);
    } catch (error) {
      await this.#forgetting; // a program may end with this error
      whole = await completed(request, this.random, error);
      answer = await call(whole);
    }
    this.#answered(whole, answer);
    return answer;
  }

  /** Calls a method at the home, without following the account to another data center. */
  #invokeHome(request: TlObject, options: CallOptions = {}): Promise<unknown> {
    return this.#retry(request, options, () => this.#callHome(request, options));
  }

  // The three functions on the way of each call are not async: each promise costs time.

  #retry<T>(
    { _: method }: TlObject,
    options: StepOptions,
    call: () => Promise<T>,
  ): Promise<T> {
    return withAnySignal(
      this.lifetime,
      options.signal,
      (signal) => withRetries(this.#settings, { method, signal }, call),
    );
  }

  /** Makes one call at the home. A call that is made during a move waits for the new home. */
  #callHome(request: TlObject, options: CallOptions): Promise<unknown> {
    const connection = this.#isSettled ? this.#period.pool.opened(this.#book.homeDcId) : undefined;
    return connection?.invoke(request, options) ?? this.#openHome(request, options);
  }

  async #openHome(request: TlObject, options: CallOptions): Promise<unknown> {
    const { signal } = options;
    const { pool } = await this.#settledPeriod(signal);
    const connection = await abortable(pool.at(this.#book.homeDcId), signal);
    return await connection.invoke(request, options);
  }

  /** Returns the period when no move is under way, so that it is certain where the home is. */
  async #settledPeriod(signal: AbortSignal | undefined): Promise<Period> {
    const period = await abortable(this.#open(), signal);
    while (this.#moves.size > 0) await abortable(Promise.allSettled(this.#moves), signal);
    return period;
  }

  /** Whether the period is open, and no move is under way. */
  get #isSettled(): boolean {
    return this.#lost === undefined && this.#closing === undefined && this.#moves.size === 0 &&
      this.#period.isOpen;
  }

  async #moveHome(dcId: number): Promise<void> {
    const book = this.#book;
    if (dcId === book.homeDcId) return; // another call has moved there meanwhile
    const { pool, transfers } = await this.#open();
    transfers.forget(dcId);
    try {
      const connection = await pool.at(dcId);
      await connection.connect();
    } catch (error) {
      // The key that it has may be of another user when the data center is called the next time.
      if (dcId !== book.homeDcId) await pool.close(dcId);
      throw error;
    }
    const before = book.homeDcId;
    if (dcId === before) return;
    book.homeDcId = dcId;
    pool.retire(before, new HomeMovedError(dcId));
    await this.save();
  }

  #answered(request: TlObject, answer: unknown): void {
    if (isConfig(answer)) this.#period.pool.learn(answer);
    this.peers.see(answer);
    if (this.#answers.size > 0) this.#answers.tell({ request, answer });
  }

  #tell(updates: Api.Updates): void {
    this.peers.see(updates);
    this.#updates.tell(updates);
  }

  #newListeners<T>(): Listeners<T> {
    return new Listeners((error) => this.listenerFailed(error));
  }

  /** An error of the program's own code is never swallowed: it is logged, or uncaught. */
  listenerFailed(error: unknown): void {
    if (this.log === silentLogger) return reportUncaught(error);
    const said = errorOf(error);
    const text = said === error ? said.stack ?? said.message : said.message;
    this.log.error(`A listener failed: ${text}`);
  }
}

function isConfig(result: unknown): result is Api.config {
  return (result as { _?: unknown } | null)?._ === "config";
}
