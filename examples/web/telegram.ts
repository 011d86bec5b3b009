/**
 * The client of the page, and its session: kept in IndexedDB if the person wants to stay signed in,
 * and sealed if there is a passphrase; else in memory, until the page is closed.
 */
import {
  Client,
  type ClientOptions,
  type ConnectionStatus,
  type KeyValueStore,
  StoreSession,
  StringSession,
  type User,
  webSocketDial,
} from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import { browserName } from "./browser_name.ts";

/** An account of the offline Telegram, for people who try the page. */
export interface OfflineAccount {
  readonly phone: string;
  readonly code?: string;
  readonly password?: string;
  readonly note?: string;
}

/** The settings from serve.ts: the application, and an offline Telegram to connect to. */
export interface Setting {
  readonly apiId: number;
  readonly apiHash: string;
  /** The offline Telegram; without it, the page connects to Telegram itself. */
  readonly offline?: {
    readonly dcId: number;
    readonly ws: { readonly host: string; readonly port: number };
    readonly publicKeyPem: string;
    readonly accounts: readonly OfflineAccount[];
  };
}

const KEY = "me:session";
/** The beginning of a sealed session. */
const SEALED = "tessera-sealed";
/** Seconds. A person looks at the page: a longer wait is said, not sat out. */
const LONGEST_FLOOD_WAIT = 3;
const GIVE_UP_AFTER = 30;

/** What is kept on this device: no session, one that can be opened, or one with a passphrase. */
export type Kept = "nothing" | "open" | "sealed";

/** The client of the page: one at a time. */
export class Telegram {
  readonly #setting: Setting;
  readonly #store: KeyValueStore;
  readonly #onStatus: (status: ConnectionStatus) => void;
  #client: Client | undefined;
  #kept: Kept = "nothing";

  constructor(
    setting: Setting,
    store: KeyValueStore,
    onStatus: (status: ConnectionStatus) => void,
  ) {
    this.#setting = setting;
    this.#store = store;
    this.#onStatus = onStatus;
  }

  /** The client that is connected. */
  get client(): Client {
    if (this.#client === undefined) throw new Error("Cannot use the client: there is none");
    return this.#client;
  }

  /** How the session of the client is kept. */
  get kept(): Kept {
    return this.#kept;
  }

  /** Looks at what is kept on this device. */
  async look(): Promise<Kept> {
    const text = await this.#store.get(KEY);
    if (typeof text !== "string") return "nothing";
    return text.startsWith(SEALED) ? "sealed" : "open";
  }

  /** Connects with the session of this device. Returns who is signed in. */
  async resume(passphrase: string, signal: AbortSignal): Promise<User | undefined> {
    await this.#open(this.#keptSession(passphrase), signal);
    return await this.client.getMe({ signal });
  }

  /** Connects with an empty session, which is kept or not. */
  async begin(keep: boolean, passphrase: string, signal: AbortSignal): Promise<Client> {
    await this.forget();
    signal.throwIfAborted();
    const session = keep ? this.#keptSession(passphrase) : new StringSession();
    if (!keep) this.#kept = "nothing";
    return await this.#open(session, signal);
  }

  /** Disconnects, and forgets the session. */
  async forget(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.disconnect();
    await this.#store.delete(KEY);
  }

  #keptSession(passphrase: string): StoreSession {
    this.#kept = passphrase === "" ? "open" : "sealed";
    const secret = passphrase === "" ? undefined : passphrase;
    // The lock of this tab replaces a lease, and ends with the tab.
    return new StoreSession("me", this.#store, { exclusive: false, secret });
  }

  async #open(session: StoreSession | StringSession, signal: AbortSignal): Promise<Client> {
    const before = this.#client;
    const { apiId, apiHash } = this.#setting;
    const client = new Client<StoreSession | StringSession>(
      session,
      apiId,
      apiHash,
      optionsFor(this.#setting),
    );
    this.#client = client;
    client.on("status", (status) => {
      if (this.#client === client) this.#onStatus(status);
    });
    await before?.disconnect();
    try {
      await client.connect({ signal });
    } catch (error) {
      await client.disconnect();
      throw error;
    }
    return client;
  }
}

function optionsFor({ offline }: Setting): ClientOptions {
  const common = {
    useWSS: true,
    deviceModel: browserName(navigator.userAgent),
    floodSleepThreshold: LONGEST_FLOOD_WAIT,
    giveUpAfter: GIVE_UP_AFTER,
  };
  if (offline === undefined) return common;
  const { dcId: id, ws: { host, port }, publicKeyPem } = offline;
  return {
    ...common,
    dial: webSocketDial({ tls: false }),
    dcs: [{ id, host, port }],
    keys: [parseRsaPublicKey(publicKeyPem)],
  };
}
