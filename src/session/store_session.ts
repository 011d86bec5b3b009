/**
 * A session in a store of texts: what it holds is one text, replaced as a whole, so that a program that is killed while it saves
 * leaves the last state or the one before. Peers are kept beside it. What is done while it is open is in opened_store.ts.
 */
import { censor, type Clock } from "../runtime/mod.ts";
import type { KeyValueStore } from "./stores/key_value.ts";
import { MemorySession } from "./memory_session.ts";
import type { OpenedStore } from "./opened_store.ts";
import type { PeerStore } from "./peers/peers.ts";
import type { SealingSecret } from "./sealing/mod.ts";
import { SessionError } from "./session_error.ts";

/** A store, or a function that opens one when the session is loaded. */
export type StoreSource = KeyValueStore | (() => KeyValueStore | Promise<KeyValueStore>);

/** How a session is kept. */
export interface StoreSessionOptions {
  /**
   * Whether other programs are kept from using the session at the same time, where the store can do that: with the key used
   * twice, Telegram would make it void. True by default.
   */
  readonly exclusive?: boolean;
  /** Whether to wait until another program has ended that uses it; by default that is an error, which names it. */
  readonly wait?: boolean;
  /**
   * Milliseconds after which another program may take the session over if this one has stopped without closing it; 30,000 by
   * default. Not waited for when it can be seen that this one has ended: on the same machine.
   */
  readonly leaseDuration?: number;
  /** What other programs are told of who uses the session; by default the runtime, the process and the machine. */
  readonly holder?: string;
  /**
   * Seals all that is kept with this passphrase, or key of 32 bytes: whoever has the file or the database then does not
   * have the account. It cannot be recovered when it is lost.
   */
  readonly secret?: SealingSecret;
  /** Time, for tests. */
  readonly clock?: Clock;
}

/**
 * A session that is kept in a store of texts under `name:session`, and its peers under `name:peers:…` and `name:names:…`.
 * Several sessions can share a store by having different names.
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
  #opened: OpenedStore | undefined;
  #opening: Promise<void> | undefined;
  #saving: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #closing = new AbortController();
  /** Called when another program has taken the session over; the client disconnects then. */
  onLost?: (error: Error) => void;

  static {
    censor(this.prototype);
  }

  /**
   * A session of this name in a store.
   *
   * @param name sets it apart from others in the same store; without a store, the path of a folder for it
   * @param store the store, or a function that opens it; closed with the session only in the latter case. By default a
   * folder on Deno, Node and Bun, IndexedDB in a browser
   * @param options whether and how others are kept from using it
   * @param label what the session is called in errors, if not by its name
   */
  constructor(
    name: string,
    store?: StoreSource,
    options: StoreSessionOptions = {},
    label: string = name,
  ) {
    super();
    const folderEnd = Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\"));
    this.#name = store === undefined ? name.slice(folderEnd + 1) : name;
    this.#source = store ?? name;
    this.#options = options;
    this.#label = label;
  }

  /** The peers that were seen, in the store. Only in memory before `load` and after `close`. */
  override get peers(): PeerStore {
    return this.#opened?.peers ?? super.peers;
  }

  /**
   * Opens the store and reads what is kept there; a new session if that is nothing. Does nothing if it is open.
   *
   * @throws {SessionError} if another program uses it, or what is kept is damaged or not a session; it stays as it is.
   */
  override load(): Promise<void> {
    return this.#opening ??= this.#open().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
  }

  /**
   * Keeps the state. Calls while one is under way share the next one.
   *
   * @throws {SessionError} if the session is not open, or the store cannot keep it; the one before stays then.
   */
  override save(): Promise<void> {
    return this.#next ??= this.#saveAfter(this.#saving);
  }

  /** Waits for what is being saved and lets go of the store. It can be loaded again. */
  override async close(): Promise<void> {
    this.#closing.abort(
      new SessionError(`Cannot open the session "${this.#label}": it was closed`),
    );
    this.#closing = new AbortController();
    await this.#opening?.catch(() => {});
    await this.#saving.catch(() => {});
    const opened = this.#opened;
    this.#opened = this.#opening = undefined;
    await opened?.close();
  }

  async #open(): Promise<void> {
    const { signal } = this.#closing; // of now: it is another one after close()
    const { OpenedStore } = await import("./opened_store.ts");
    const opened = await OpenedStore.open({
      name: this.#name,
      label: this.#label,
      source: this.#source,
      options: this.#options,
      signal,
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

  #whileOpen(): OpenedStore {
    if (this.#opened !== undefined) return this.#opened;
    throw new SessionError(
      `Cannot save the session "${this.#label}": it is not open, expected load() before`,
    );
  }
}
