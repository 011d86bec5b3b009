/**
 * A session in a store of texts: what it holds is one text, replaced as a whole, so that a program that is killed while it saves
 * leaves the last state or the one before. Peers are kept beside it.
 */
import { censor } from "./censor.ts";
import { openDefaultStore } from "./default_store.ts";
import type { KeyValueStore } from "./key_value.ts";
import { KeyValuePeers } from "./key_value_peers.ts";
import { MemorySession } from "./memory_session.ts";
import type { PeerStore } from "./peers.ts";
import { SessionError } from "./session_error.ts";
import { readStateText, writeStateText } from "./state_text.ts";

/** A store, or a function that opens one when the session is loaded. */
export type StoreSource = KeyValueStore | (() => KeyValueStore | Promise<KeyValueStore>);

/** What is there between `load` and `close`. */
interface Opened {
  readonly store: KeyValueStore;
  readonly peers: PeerStore;
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
  readonly #source: StoreSource;
  #opened: Opened | undefined;
  #opening: Promise<void> | undefined;
  #saving: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  static {
    censor(this.prototype);
  }

  /**
   * A session of this name in a store.
   *
   * @param name sets it apart from others in the same store; without a store, the path of a folder for it
   * @param store the store, or a function that opens it; closed with the session only in the latter case. By default a
   * folder on Deno, Node and Bun, IndexedDB in a browser
   */
  constructor(name: string, store?: StoreSource) {
    super();
    const folderEnd = Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\"));
    this.#name = store === undefined ? name.slice(folderEnd + 1) : name;
    this.#source = store ?? (() => openDefaultStore(name));
  }

  /** The peers that were seen, in the store. Only in memory before `load` and after `close`. */
  override get peers(): PeerStore {
    return this.#opened?.peers ?? super.peers;
  }

  /**
   * Opens the store and reads what is kept there; a new session if that is nothing. Does nothing if it is open.
   *
   * @throws {SessionError} if what is kept is damaged or not a session; it stays as it is.
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
    await this.#opening?.catch(() => {});
    await this.#saving.catch(() => {});
    const opened = this.#opened;
    this.#opened = this.#opening = undefined;
    if (typeof this.#source === "function") await opened?.store.close?.();
  }

  async #open(): Promise<void> {
    const source = this.#source;
    const store = typeof source === "function" ? await source() : source;
    try {
      const text = await store.get(this.#key("session"));
      if (typeof text === "string") this.state = readStateText(text);
    } catch (error) {
      if (typeof source === "function") await store.close?.();
      throw error;
    }
    const peers = store.peers ?? new KeyValuePeers(store, this.#key(""));
    this.#opened = { store, peers };
  }

  #saveAfter(before: Promise<void>): Promise<void> {
    return this.#saving = before.catch(() => {}).then(async () => {
      this.#next = undefined;
      const { store } = this.#whileOpen();
      await store.set(this.#key("session"), writeStateText(this.state));
    });
  }

  #whileOpen(): Opened {
    if (this.#opened !== undefined) return this.#opened;
    throw new SessionError(
      `Cannot save the session "${this.#name}": it is not open, expected load() before`,
    );
  }

  #key(what: string): string {
    return `${this.#name}:${what}`;
  }
}
