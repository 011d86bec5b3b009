/**
 * The one owner of all connections to Telegram: which data centers are connected, for which
 * purpose, and with which key. https://core.telegram.org/api/datacenter. Who is signed in, and
 * where, is not known here.
 */
import { type ConnectionError, proxyOf } from "../net/mod.ts";
import { withAnySignal, withDeadline } from "../runtime/mod.ts";
import type { Api, TlObject } from "../tl/mod.ts";
import type { AddressList } from "./addresses.ts";
import type { FoundBook } from "./blocked/mod.ts";
import type { DcAddress } from "./dc_address.ts";
import type { ConnectionStatus } from "./connection_status.ts";
import { DcConnection } from "./dc_connection.ts";
import { DcKey, type DcKeyState } from "./dc_key.ts";
import type { ConnectionSettings, Detour } from "./dc_options.ts";
import { DcRefresh } from "./dc_refresh.ts";
import { disconnected } from "./failure.ts";

/** The addresses and keys of the data centers: known from earlier, and kept for later. */
export interface DcBook extends FoundBook {
  /** The data center where the account lives, as far as is known. */
  readonly homeDcId: number;
  /**
   * Returns the addresses of a data center. Calls `askTelegram` if none is known.
   *
   * @throws {ConnectionError} if Telegram does not know one either
   */
  find(
    dcId: number,
    askTelegram: () => Promise<Api.config | undefined>,
    options?: { readonly isForFiles?: boolean },
  ): Promise<AddressList>;
  /** Returns the addresses of a CDN, which are not kept. */
  ofCdn(cdn: CdnDc): AddressList;
  /** Whether addresses that Telegram names are of use. */
  readonly isLearning: boolean;
  /** When Telegram named the addresses of the home, in Unix seconds; undefined if it never did. */
  readonly learnedAt: number | undefined;
  /** Keeps the addresses that Telegram names, and when it did, in Unix seconds. */
  learn(options: readonly Api.DcOption[], date: number): void;
  /** Returns the key of a data center, with all that was found out about it, and keeps it. */
  keyOf(dcId: number): DcKey;
}

/**
 * A CDN: a data center that gives out encrypted files, and is not trusted with anything else.
 * https://core.telegram.org/cdn
 */
export interface CdnDc {
  /** Its number, such as 203. */
  readonly id: number;
  readonly addresses: readonly DcAddress[];
  /** How connections to it differ: its keys, and a description that tells nothing. */
  readonly settings: Partial<ConnectionSettings>;
}

/** How long calls at a former home may take, in milliseconds. */
const RETIREMENT = 10_000;

/**
 * The purpose of a connection: calls, or parts of files, which have several connections. All
 * connections of a data center share its key.
 */
export type Purpose = "calls" | `${"upload" | "download"} ${number}`;

/** The parts of a {@linkcode DcPool}. */
export interface DcPoolOptions {
  /** How connections are made. */
  readonly settings: ConnectionSettings;
  readonly book: DcBook;
  /** Whether the data centers are Telegram's test servers. */
  readonly testMode: boolean;
  /** Whether the home stays connected without calls, and is never given up. */
  readonly keepsHome: () => boolean;
  /** Called with each update of the home data center. */
  readonly onUpdate: (updates: TlObject) => void;
  /** Called when updates of the home may have been missed. */
  readonly onMissedUpdates: () => void;
  /** Called when the home has begun a session in which nothing is called. */
  readonly onIdleSession: () => void;
  /** Called when Telegram has ended the sign-in: the keys of all data centers are void. */
  readonly onKeyVoid: () => void;
  /** Called with each change of the connection to the home. */
  readonly onStatus: (status: ConnectionStatus) => void;
}

/** The number of a data center; or a CDN, which never is one of these, whatever its number. */
type Place = number | CdnDc;

/** The connections to one data center, and the key that they share. */
interface Dc {
  readonly key: DcKey;
  readonly connections: Map<Purpose, Promise<DcConnection>>;
  /** The connections whose address is known. */
  readonly opened: Map<Purpose, DcConnection>;
  isClosed: boolean;
}

/** A former home. */
interface Former {
  readonly dc: Dc;
  /** Aborted when it is called again. */
  readonly back: AbortController;
}

/** All connections of a client. */
export class DcPool {
  readonly #options: DcPoolOptions;
  readonly #dcs = new Map<Place, Dc>();
  readonly #refresh: DcRefresh;
  /** The connections that are given up, until they are closed. */
  readonly #retiring = new Set<Promise<void>>();
  /**
   * The former homes where calls are under way. One that becomes the home again goes on with the
   * same connection: Telegram ends a sign-in with two main sessions.
   */
  readonly #former = new Map<Place, Former>();
  /** The search for addresses, while it is under way. */
  #searching: Promise<boolean> | undefined;
  /** Aborted by `closeAll()`. */
  readonly #lifetime = new AbortController();
  /** Whether a connection was opened: the session of a later one begins later than the client. */
  #hasOpened = false;

  constructor(options: DcPoolOptions) {
    this.#options = options;
    const { book, settings: { clock, logger }, keepsHome } = options;
    const ask = (unlike?: number): Promise<Api.config> | undefined => this.#askConnected(unlike);
    const onCutOff = (): Promise<boolean> =>
      this.#searching ??= this.#search().finally(() => this.#searching = undefined);
    this.#refresh = new DcRefresh({ book, clock, logger, isListening: keepsHome, ask, onCutOff });
  }

  /** Whether the home data center is connected right now. */
  get connected(): boolean {
    return this.#home?.opened.get("calls")?.connected ?? false;
  }

  /** The state of the connection to the home. */
  get status(): ConnectionStatus {
    return this.#home?.opened.get("calls")?.status ?? { state: "closed" };
  }

  /**
   * Whether nobody can be signed in at the home: its key was made by this pool, and nobody has
   * signed in with it.
   */
  get homeKeyIsUnused(): boolean {
    return this.#home?.key.isUnused ?? false;
  }

  /**
   * Returns the connection to a data center or a CDN. It is made on the first call, and connects
   * when it is first used.
   */
  at(dcId: Place, purpose: Purpose = "calls"): Promise<DcConnection> {
    if (this.#lifetime.signal.aborted) return Promise.reject(disconnected());
    const dc = this.#dcOf(dcId);
    const { connections } = dc;
    const known = connections.get(purpose);
    if (known !== undefined) return known;
    const connection = this.#open(dcId, dc, purpose);
    connections.set(purpose, connection);
    connection.catch(() => {
      // An address that could not be found is looked for again by the next call.
      if (connections.get(purpose) === connection) connections.delete(purpose);
      if (connections.size === 0 && this.#dcs.get(dcId) === dc) this.#dcs.delete(dcId);
    });
    return connection;
  }

  /** Returns the connection of {@linkcode at} if its address is known already. */
  opened(dcId: Place, purpose: Purpose = "calls"): DcConnection | undefined {
    return this.#dcs.get(dcId)?.opened.get(purpose);
  }

  /** Takes note of a change of the network: all connections prove that they live. */
  networkChanged(): void {
    for (const { opened } of this.#dcs.values()) {
      for (const connection of opened.values()) connection.networkChanged();
    }
  }

  /** Takes note of a configuration, also of one that the program asked for. */
  learn(config: Api.config): void {
    this.#refresh.learn(config);
  }

  /**
   * Closes the connections to a data center. The next call opens new ones, with the key that is
   * kept.
   */
  async close(dcId: Place): Promise<void> {
    const dc = this.#dcs.get(dcId);
    if (dc === undefined) return;
    this.#dcs.delete(dcId);
    dc.isClosed = true;
    await Promise.all([...dc.opened.values()].map((connection) => connection.close()));
    await Promise.allSettled(dc.connections.values());
  }

  /** Closes one connection to a data center. The next call for its purpose opens a new one. */
  async closeOne(dcId: Place, purpose: Purpose): Promise<void> {
    const dc = this.#dcs.get(dcId);
    const connection = dc?.connections.get(purpose);
    dc?.connections.delete(purpose);
    dc?.opened.delete(purpose);
    await connection?.then((opened) => opened.close(), () => {}); // it was never opened
  }

  /**
   * Gives up the connections to a data center that is the home no more: the calls that are under
   * way there may end, for a while; then they fail with `reason`. If it is called again meanwhile,
   * it keeps its connections.
   */
  retire(dcId: Place, reason: ConnectionError): void {
    const dc = this.#dcs.get(dcId);
    if (dc === undefined) return;
    const former = { dc, back: new AbortController() };
    this.#former.set(dcId, former);
    this.#giveUp(dcId, dc, reason, former);
  }

  /**
   * Gives up the connections to all data centers, as their keys are void. The next calls make new
   * ones.
   */
  retireAll(reason: ConnectionError): void {
    this.#former.clear(); // none of them may come back
    for (const [dcId, dc] of [...this.#dcs]) this.#giveUp(dcId, dc, reason);
  }

  /** Closes all connections, for good. */
  async closeAll(): Promise<void> {
    this.#lifetime.abort(disconnected());
    await Promise.all([...this.#dcs.keys()].map((dcId) => this.close(dcId)));
    await Promise.allSettled(this.#retiring);
    await this.#searching;
  }

  /** Looks for other addresses. Returns whether there are any. */
  async #search(): Promise<boolean> {
    const { book, settings: { search } } = this.#options;
    const isFound = await search?.find(book, this.#lifetime.signal) ?? false;
    if (isFound) this.networkChanged(); // no connection waits before it tries them
    return isFound;
  }

  #giveUp(dcId: Place, dc: Dc, reason: ConnectionError, former?: Former): void {
    this.#dcs.delete(dcId);
    const retiring = this.#retire(dcId, dc, reason, former)
      .finally(() => this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }

  async #retire(dcId: Place, dc: Dc, reason: ConnectionError, former?: Former): Promise<void> {
    const { clock } = this.#options.settings;
    const lifetime = this.#lifetime.signal;
    const opened = [...dc.opened.values()];
    const ending = Promise.all(opened.map((one) => one.callsEnded()));
    await withAnySignal(
      lifetime,
      former?.back.signal,
      (signal) =>
        withDeadline({ clock, timeout: RETIREMENT, signal, late: () => reason }, () => ending),
    )
      .catch(() => {}); // calls that go on fail below
    if (former?.back.signal.aborted) return;
    if (this.#former.get(dcId) === former) this.#former.delete(dcId);
    dc.isClosed = true;
    await Promise.all(opened.map((one) => one.close(lifetime.aborted ? undefined : reason)));
    await Promise.allSettled(dc.connections.values());
  }

  /** Takes a former home back, if its connections are not closed yet. */
  #takeBack(dcId: Place): Dc | undefined {
    const former = this.#former.get(dcId);
    if (former === undefined) return undefined;
    former.back.abort();
    this.#former.delete(dcId);
    this.#dcs.set(dcId, former.dc);
    return former.dc;
  }

  get #home(): Dc | undefined {
    return this.#dcs.get(this.#options.book.homeDcId);
  }

  #dcOf(dcId: Place): Dc {
    const { book } = this.#options;
    const known = this.#dcs.get(dcId) ?? this.#takeBack(dcId);
    if (known !== undefined) return known;
    const key = typeof dcId === "object" ? new DcKey(undefined) : book.keyOf(dcId);
    const dc: Dc = { key, connections: new Map(), opened: new Map(), isClosed: false };
    this.#dcs.set(dcId, dc);
    return dc;
  }

  async #open(dcId: Place, dc: Dc, purpose: Purpose): Promise<DcConnection> {
    if (typeof dcId === "object") return await this.#openCdn(dcId, dc, purpose);
    const { book, settings, testMode, keepsHome, onUpdate, onMissedUpdates } = this.#options;
    const { onIdleSession, onKeyVoid, onStatus } = this.#options;
    const isForFiles = purpose !== "calls";
    const isHome = (): boolean => dcId === book.homeDcId && !isForFiles;
    const found = await book.find(dcId, () => this.#askHome(dcId), { isForFiles });
    const detour = await this.#detour(dcId, dc, isForFiles);
    const addresses = detour.addresses ?? this.#refresh.watch(dcId, found);
    const { temporaryKeys } = settings;
    const permanent = dc.key;
    const key = temporaryKeys === undefined ? permanent : (await import("./forward_secrecy/mod.ts"))
      .temporaryKey({
        ...settings,
        temporaryKeys,
        dcId,
        addresses,
        permanent,
        isHome,
      });
    if (dc.isClosed) throw disconnected();
    const isLate = this.#hasOpened;
    this.#hasOpened = true;
    const connection = new DcConnection({
      isLate,
      ...settings,
      dc: { id: dcId, testMode },
      ...detour,
      addresses,
      key,
      wantsUpdates: isHome,
      isKept: () => isHome() && keepsHome(),
      onUpdate: (updates) => {
        this.#refresh.see(updates);
        if (isHome()) onUpdate(updates);
      },
      onMissedUpdates: () => {
        if (isHome()) onMissedUpdates();
      },
      onIdleSession: () => {
        if (isHome()) onIdleSession();
      },
      onKeyVoid: () => {
        if (this.#dcs.get(dcId) === dc) onKeyVoid(); // not for a key that is given up already
      },
      onStatus: (status) => {
        if (isHome()) onStatus(status);
      },
    });
    dc.opened.set(purpose, connection);
    return connection;
  }

  /** Opens a connection that takes no updates, and calls without `invokeWithoutUpdates`. */
  async #openCdn(cdn: CdnDc, dc: Dc, purpose: Purpose): Promise<DcConnection> {
    const { book, settings, testMode } = this.#options;
    const detour = await this.#detour(cdn.id, dc, false);
    if (dc.isClosed) throw disconnected();
    const connection = new DcConnection({
      ...settings,
      addresses: book.ofCdn(cdn),
      ...detour,
      ...cdn.settings,
      dc: { id: cdn.id, testMode },
      key: dc.key,
    });
    dc.opened.set(purpose, connection);
    return connection;
  }

  /** Returns the way through a proxy, if there is one. */
  async #detour(dcId: number, dc: Dc, isForFiles: boolean): Promise<Partial<Detour>> {
    const { book, settings } = this.#options;
    if (!settings.proxy && !proxyOf(settings.innerDial)) return {};
    const { detour } = await import("./mtproxy/mod.ts");
    const time = (): DcKeyState | undefined => dc.key.state ?? book.keyOf(book.homeDcId).state;
    return await detour(settings, { dcId, isForFiles, time });
  }

  /** Asks the home where the data centers are. It cannot be asked for its own address. */
  async #askHome(dcId: number): Promise<Api.config | undefined> {
    const { homeDcId } = this.#options.book;
    if (dcId === homeDcId) return undefined;
    const home = await this.at(homeDcId);
    return await home.invoke({ _: "help.getConfig" }) as Api.config;
  }

  /** Asks a data center that is connected where the others are: the home, if it is. */
  #askConnected(unlike: number | undefined): Promise<Api.config> | undefined {
    const { homeDcId } = this.#options.book;
    const connected = [homeDcId, ...this.#dcs.keys()]
      .filter((dcId) => dcId !== unlike)
      .map((dcId) => this.#dcs.get(dcId)?.opened.get("calls"))
      .find((connection) => connection?.connected);
    return connected?.invoke({ _: "help.getConfig" }) as Promise<Api.config> | undefined;
  }
}
