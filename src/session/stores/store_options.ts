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
   * The duration of the lease in milliseconds, from 10 to 86,400,000. A program that cannot renew
   * its lease stops after 0.4 of it; another program takes over after it has watched for 0.6 of it,
   * or at once if it can tell that the first has ended on the same machine. Default: 30,000.
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
