/**
 * The options of a session in a store. The store itself is opened by open_store.ts, on first use.
 */
import type { Clock } from "../../runtime/mod.ts";
import type { KeyValueStore } from "../key_value_store.ts";
import type { SealingSecret } from "../sealing/mod.ts";

/** A store, or a function that opens one when the session is loaded. */
export type StoreSource = KeyValueStore | (() => KeyValueStore | Promise<KeyValueStore>);

/** The options of a {@linkcode StoreSession} or {@linkcode SqliteSession}. */
export interface StoreSessionOptions {
  /**
   * Whether to refuse a session that another program uses, where the store has `swap`. Telegram
   * makes an auth key void when two programs use it. Default: true.
   */
  readonly exclusive?: boolean;
  /**
   * Whether to wait until the other program has closed the session. Default: false, which throws an
   * error that names the other program.
   */
  readonly wait?: boolean;
  /**
   * The time for which the lease is valid without a renewal, in milliseconds. Another program takes
   * over the session of a program that stopped without closing it after half of this time, and at
   * once if that program has ended on the same machine. Default: 30,000.
   */
  readonly leaseDuration?: number;
  /**
   * The name of this program in the errors of other programs. Default: the runtime, the process and
   * the machine.
   */
  readonly holder?: string;
  /**
   * Seals everything in the store with this passphrase, or key of 32 bytes. A stolen file or
   * database is then useless without it. A lost secret cannot be recovered.
   */
  readonly secret?: SealingSecret;
  /** The clock. Set it in tests only. */
  readonly clock?: Clock;
}
