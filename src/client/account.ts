/**
 * The home data center of an account: which one it is, the connection to it, and what is kept of it in the session. All calls
 * of the client and all steps of signing in go through here.
 * https://core.telegram.org/api/datacenter
 */
import type { MethodCall, SignInContext, StepOptions } from "../auth/mod.ts";
import { type DataCenter, DcConnection } from "../connection/mod.ts";
import { ConnectionError } from "../net/mod.ts";
import { findDc, type Session, SessionError, type SessionState } from "../session/mod.ts";
import type { Api, TlObject } from "../tl/mod.ts";
import { DcBook } from "../session/dc_book.ts";
import type { Settings } from "./options.ts";
import { OtherDcs } from "./other_dcs.ts";
import { PeerCache } from "../messages/peer_cache.ts";
import { withRetries } from "../connection/retries.ts";
import { abortable, anySignal, type Clock, type Logger, type Random } from "../runtime/mod.ts";
import { Autosave } from "../session/autosave.ts";

/** The account's way to Telegram, and the context of the steps of signing in. */
export class Home implements SignInContext {
  readonly apiId: number;
  readonly apiHash: string;
  readonly session: Session;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is known of the data centers. */
  readonly known: DcBook;
  /** Whom this account has seen. */
  readonly peers: PeerCache = new PeerCache(this);
  readonly keeper: Autosave = new Autosave(this);
  readonly #settings: Settings;
  readonly #others: OtherDcs;
  readonly #listeners = new Set<(updates: Api.Updates) => void>();
  #connection: DcConnection | undefined;
  #opening: Promise<DcConnection> | undefined;
  #loaded = false;
  #keyIsNew = false;
  #closing: Promise<void> | undefined;
  /** Settled when no move to another data center is under way. */
  #moving: Promise<unknown> | undefined;
  #lost: Error | undefined;
  #lifetime = new AbortController();

  constructor(session: Session, apiId: number, apiHash: string, settings: Settings) {
    this.apiId = apiId;
    this.apiHash = apiHash;
    this.session = session;
    this.random = settings.random;
    this.clock = settings.clock;
    this.log = settings.logger;
    this.known = new DcBook(session, settings);
    this.#settings = settings;
    this.#others = new OtherDcs(this, settings);
    this.subscribe(settings.onUpdates);
  }

  /** Whether there is a connection right now. */
  get connected(): boolean {
    return this.#connection?.connected ?? false;
  }

  /** Aborted when the client is disconnected: nobody who sleeps before calling again may keep the process alive. */
  get lifetime(): AbortSignal {
    return this.#lifetime.signal;
  }

  /** Whether the key of the home data center was made by this client, and nothing was done with it by which somebody signs in. */
  get keyIsNew(): boolean {
    return this.#keyIsNew;
  }

  /** Loads the session and connects; does nothing when that is done. After `close` it begins anew. */
  async connect({ signal }: StepOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    await abortable(this.#connect(), signal);
  }

  async #connect(): Promise<void> {
    const closing = this.#closing;
    if (closing !== undefined) await closing;
    if (closing !== undefined && this.#closing === closing) {
      this.#closing = this.#lost = undefined;
      this.#lifetime = new AbortController();
    }
    const connection = await this.#open();
    await connection.connect();
  }

  /** Loads the session, if that has not been done; rejects when the client is disconnected. */
  async ready(): Promise<void> {
    await this.#open();
  }

  /** Makes a call at the home data center; waits out short floods. Connects if it has to. */
  async invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options: StepOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    const call = async (): Promise<unknown> => {
      const connection = await abortable(this.#open(), options.signal);
      try {
        return await connection.invoke(request as TlObject, options);
      } finally {
        // It may have signed somebody in, whatever became of its answer: only Telegram knows from now on.
        if (request._.startsWith("auth.")) this.#keyIsNew = false;
      }
    };
    const signal = anySignal(options.signal, this.lifetime);
    const result = await withRetries(this.#settings, { method: request._, signal }, call);
    this.peers.see(result);
    return result as Api.Methods[M]["result"];
  }

  /** Makes a call at any data center, as whoever is signed in at the home. */
  async invokeAt<M extends keyof Api.Methods>(
    dcId: number,
    request: MethodCall<M>,
    options: StepOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    options.signal?.throwIfAborted();
    await abortable(this.ready(), options.signal);
    if (dcId === this.session.state.dcId) return await this.invoke(request, options);
    const result = await this.#others.invoke(dcId, request, options);
    this.peers.see(result);
    return result;
  }

  /**
   * Makes another data center the home; the key of the old one is kept. If it cannot be connected to, all is as before: the
   * session is not left without its key.
   */
  async switchDc(dcId: number): Promise<void> {
    if (dcId === this.session.state.dcId) return; // another call has moved there meanwhile
    const moving = this.#moveTo(dcId);
    this.#moving = Promise.allSettled([this.#moving, moving]);
    await moving;
  }

  async #moveTo(dcId: number): Promise<void> {
    const { state } = this.session;
    await this.#findDc(dcId);
    if (dcId === state.dcId) return; // another one was quicker to hear its address
    const before = {
      dcId: state.dcId,
      connection: this.#connection,
      opening: this.#opening,
      keyIsNew: this.#keyIsNew,
    };
    this.#connection = this.#opening = undefined;
    state.dcId = dcId;
    try {
      await this.#others.close(dcId);
      await (await this.#open()).connect();
    } catch (error) {
      const failed = this.#connection as DcConnection | undefined;
      const isOver = this.#closing !== undefined; // then there is no way back to a connection
      this.#connection = isOver ? undefined : before.connection;
      this.#opening = isOver ? undefined : before.opening;
      this.#keyIsNew = before.keyIsNew;
      state.dcId = before.dcId;
      await failed?.close();
      if (isOver) await before.connection?.close();
      throw error;
    }
    await before.connection?.close();
    await this.session.save();
  }

  /** Has every update told to `listener`, until the function that it gives is called. */
  subscribe(listener: (updates: Api.Updates) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Disconnects and lets go of the session. Idempotent. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    const reason = this.#lost ?? new ConnectionError("Cannot go on: the client was disconnected");
    this.#lifetime.abort(reason);
    const connection = await this.#opening?.catch(() => undefined);
    this.#connection = this.#opening = undefined;
    // A move is waited for: else it would put back, into a client that is connected again, what was before it.
    await Promise.all([connection?.close(), this.#others.closeAll(), this.#moving]);
    try {
      // Not for a session that nobody is signed in with: a log-out must not be undone, nor a foreign file overwritten.
      const isOurs = connection !== undefined && this.session.state.user !== undefined;
      if (this.#lost === undefined) {
        await this.keeper.save(isOurs);
        await this.peers.flush();
      }
    } finally {
      await this.session.close?.();
      this.#loaded = false;
    }
  }

  /** The session is another program's by now: using it any longer would make its key void for both. */
  #lose(error: Error): void {
    this.#lost = error;
    this.log.error(error.message);
    this.close().catch((error: Error) => this.log.error(error.message));
  }

  async #open(): Promise<DcConnection> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#closing !== undefined) {
      throw new ConnectionError(
        "Cannot call Telegram: the client is disconnected, expected connect() first",
      );
    }
    this.#opening ??= this.#openConnection();
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #openConnection(): Promise<DcConnection> {
    const { session, known } = this;
    if ("onLost" in session) session.onLost = (error) => this.#lose(error);
    // Loading may take long: another program may be waited for.
    if (!this.#loaded) await abortable(Promise.resolve(session.load()), this.lifetime);
    this.#loaded = true;
    const settings = this.#settings;
    checkTelegram(session.state, settings.testMode);
    const address = await this.#findDc(session.state.dcId);
    const keyState = known.keyState(address.id);
    this.#keyIsNew = keyState === undefined;
    this.#connection = new DcConnection({
      ...settings,
      dc: { ...address, testMode: settings.testMode, keyState },
      onKeyState: (state) => {
        if (known.keep(address.id, state)) this.#keyIsNew = true;
        this.keeper.changed();
      },
      onUpdate: (updates) => this.#tell(updates as Api.Updates),
    });
    return this.#connection;
  }

  /** The address of a data center; the old home is asked for one that nobody knows. */
  #findDc(dcId: number): Promise<DataCenter> {
    return this.known.find(
      dcId,
      async () => await this.#connection?.invoke({ _: "help.getConfig" }) as Api.config | undefined,
    );
  }

  #tell(updates: Api.Updates): void {
    this.peers.see(updates);
    for (const listener of this.#listeners) {
      try {
        const done: unknown = listener(updates); // a promise, if the listener is async
        if (done instanceof Promise) done.catch((error) => this.#listenerFailed(error));
      } catch (error) {
        this.#listenerFailed(error);
      }
    }
  }

  #listenerFailed(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.log.error(`A listener for updates failed: ${text}`);
  }
}

/** A key of the test servers is unknown to production, and the other way round. */
function checkTelegram(state: SessionState, testMode: boolean): void {
  const hasKey = findDc(state)?.authKey !== undefined;
  if (hasKey && state.testMode !== undefined && state.testMode !== testMode) {
    const [is, expected] = testMode
      ? ["production", "test servers"]
      : ["test servers", "production"];
    throw new SessionError(
      `Cannot use the session: it is of Telegram's ${is}, expected one of its ${expected} (see the option testServers)`,
    );
  }
  state.testMode ??= testMode;
}
