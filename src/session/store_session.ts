/**
 * A session in a store of texts. Its state is one text, replaced as a whole: a program that is
 * killed while it saves leaves the last state or the one before. This file is loaded by every
 * client; the code that opens stores is behind `stores/open_store.ts`, which is loaded with the
 * first session.
 */
import { censor, checkFields } from "../runtime/mod.ts";
import { isStore } from "./key_value_store.ts";
import { MemorySession } from "./memory_session.ts";
import type { PeerStore } from "./peers/peer.ts";
import { SessionError } from "./session_error.ts";
import type { StoreSessionOptions, StoreSource } from "./stores/store_options.ts";
import type { UpdatesPlace } from "./updates/updates_place.ts";

type OpenStore = import("./stores/open_store.ts").OpenStore;

/** The shortest and the longest `leaseDuration`, in milliseconds. */
const SHORTEST_LEASE = 10;
const LONGEST_LEASE = 86_400_000;

function checkDuration(label: string, duration: number | undefined): void {
  if (duration === undefined || (duration >= SHORTEST_LEASE && duration <= LONGEST_LEASE)) return;
  throw new TypeError(
    `Cannot lease the session "${label}" for "${duration}" ms, ` +
      `expected a number from ${SHORTEST_LEASE} to ${LONGEST_LEASE}`,
  );
}

const OPTIONS: readonly (keyof StoreSessionOptions)[] = [
  "exclusive",
  "wait",
  "leaseDuration",
  "holder",
  "secret",
  "clock",
];

function checkSource(label: string, store: StoreSource | undefined): void {
  if (store === undefined || typeof store === "function" || isStore(store)) return;
  throw new TypeError(
    `Cannot keep the session "${label}" in this store: it lacks get(), set() or delete(). Pass ` +
      "one of @tessera/mtproto/stores, or a function that opens one.",
  );
}

/**
 * A session in a store of texts: the state under the key `name:session`, peers under `name:peers:…`
 * and `name:names:…`, how far the updates were received under `name:updates`. Sessions with
 * different names can share a store.
 *
 * @example
 * ```ts
 * import { StoreSession } from "@tessera/mtproto";
 *
 * const values = new Map<string, string>();
 * const store = {
 *   get: (key: string) => values.get(key),
 *   set: (key: string, value: string) => values.set(key, value),
 *   delete: (key: string) => values.delete(key),
 * };
 * const session = new StoreSession("me", store);
 * await session.load(); // the client does this when it connects
 * session.setDC(4, "149.154.167.91", 443);
 * await session.save();
 * await session.close();
 *
 * const again = new StoreSession("me", store);
 * await again.load();
 * console.log(again.state.dcId); // 4
 * ```
 */
export class StoreSession extends MemorySession {
  readonly #name: string;
  readonly #label: string;
  readonly #source: StoreSource | string;
  readonly #options: StoreSessionOptions;
  #opened: OpenStore | undefined;
  #opening: Promise<void> | undefined;
  #saving: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #closing = new AbortController();
  /**
   * Set by the client. Called when another program has taken the session over, or may do so soon,
   * as the store cannot be reached; the client then disconnects.
   */
  onLost?: (error: Error) => void;

  static {
    censor(this.prototype);
  }

  /**
   * A session with this name in a store. Nothing is opened before `load`.
   *
   * @param name the name of the session in the store; without a store, the path of a folder for it
   * @param store the store, or a function that opens it. The session closes only a store that it
   * has opened. Default: a folder on Deno, Node and Bun, IndexedDB in a browser
   * @param options how the session is guarded against other programs, and whether it is sealed
   * @param label the name of the session in errors. Default: `name`
   * @throws {TypeError} if there is no name, or `leaseDuration` is not a time that a lease can
   * have.
   */
  constructor(
    name: string,
    store?: StoreSource,
    options: StoreSessionOptions = {},
    label: string = name,
  ) {
    super();
    if (typeof name !== "string" || name.trim() === "") {
      throw new TypeError('Cannot keep a session without a name. Pass a name such as "me".');
    }
    checkFields(`keep the session "${label}"`, options, OPTIONS);
    checkSource(label, store);
    checkDuration(label, options.leaseDuration);
    const folderEnd = Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\"));
    this.#name = store === undefined ? name.slice(folderEnd + 1) : name;
    this.#source = store ?? name;
    this.#options = options;
    this.#label = label;
  }

  /** The peers that this account has seen. In memory before `load` and after `close`. */
  override get peers(): PeerStore {
    return this.#opened?.peers ?? super.peers;
  }

  /** How far the updates were received. In memory before `load` and after `close`. */
  override get updates(): UpdatesPlace | undefined {
    return this.#opened?.updates ?? super.updates;
  }

  /**
   * Opens the store and reads the saved state, if there is one. Does nothing if the store is open.
   * On failure, the store keeps what it holds.
   *
   * @throws {SessionError} if another program uses the session, its text is damaged or not a
   * session, or the store fails; the error of the store is its `cause`.
   */
  override load(): Promise<void> {
    return this.#opening ??= this.#open().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
  }

  /**
   * Saves the state. Calls during a save share the next one. On failure, the store keeps the state
   * before.
   *
   * @throws {SessionError} if the session is not open, or the store cannot save it; the error of
   * the store is its `cause`.
   */
  override save(): Promise<void> {
    return this.#next ??= this.#saveAfter(this.#saving);
  }

  /** Whether this program holds the session, and may use its keys right now. */
  mayUseKey(): boolean {
    return this.#opened?.mayUseKey() ?? false;
  }

  /**
   * Waits for a save in progress, and closes the store. The session can be loaded again.
   *
   * @throws {SessionError} if the store fails; the error of the store is its `cause`.
   */
  override async close(): Promise<void> {
    this.#closing.abort(
      new SessionError(`Cannot open the session "${this.#label}": it was closed while it waited`),
    );
    this.#closing = new AbortController();
    await this.#opening?.catch(() => {});
    await this.#opened?.settled(this.#saving);
    const opened = this.#opened;
    this.#opened = this.#opening = undefined;
    await opened?.close();
  }

  async #open(): Promise<void> {
    const { signal } = this.#closing; // read before the first await: close() replaces it
    const { OpenStore } = await import("./stores/open_store.ts");
    const opened = await OpenStore.open({
      name: this.#name,
      label: this.#label,
      source: this.#source,
      options: this.#options,
      signal,
      userId: () => this.state.user?.id,
      onLost: (error) => this.onLost?.(error),
    });
    if (opened.state !== undefined) this.state = opened.state;
    this.#opened = opened;
  }

  #saveAfter(before: Promise<void>): Promise<void> {
    return this.#saving = before.catch(() => {}).then(async () => {
      this.#next = undefined;
      await this.#whileOpen().save(this.state);
    });
  }

  #whileOpen(): OpenStore {
    if (this.#opened !== undefined) return this.#opened;
    throw new SessionError(
      `Cannot save the session "${this.#label}": it is not open. Call load() first.`,
    );
  }
}
