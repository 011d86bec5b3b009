/**
 * Addresses for networks that block Telegram: looked for only when all others have failed, and only
 * if the program wants it. The code loads then.
 */
import type { RsaPublicKey } from "../../crypto/mod.ts";
import { type Address, type ByteStream, type Dial, type Fetch, loadSocket } from "../../net/mod.ts";
import type { Clock, Logger, Random } from "../../runtime/mod.ts";
import type { Transport } from "../../transport/mod.ts";
import type { DcAddress } from "../dc_address.ts";

/** The parts of the search. */
export interface SearchOptions {
  readonly testMode: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Opens connections to addresses with a secret. */
  readonly dial: Dial;
  /** Milliseconds for an answer. */
  readonly timeout: number;
  /** The function to use instead of the global `fetch`. */
  readonly fetch?: Fetch;
  /** The key that signs the list; Telegram's by default. */
  readonly key?: RsaPublicKey;
}

/** The address book of the client: the search reads it, and puts the found addresses there. */
export interface FoundBook {
  /** Uses addresses for as long as the program runs. */
  lend(found: ReadonlyMap<number, readonly DcAddress[]>): void;
  /** Server time minus local time, in milliseconds. */
  readonly timeOffset: number;
  /** The phone number of the person, if it is known. */
  readonly phone?: string;
}

/** A connection to an address with a secret, and the framing for it. */
export interface SecretConnection {
  readonly stream: ByteStream;
  readonly transport: Transport;
}

/** The way around a network that blocks Telegram. */
export interface Search {
  /**
   * Lends the addresses that it finds to a book. Returns whether there are any; false when the
   * signal aborts. Never rejects.
   */
  find(book: FoundBook, signal: AbortSignal): Promise<boolean>;
  /** Opens a connection to an address with a secret. */
  open(address: Address, secret: Uint8Array, signal: AbortSignal): Promise<SecretConnection>;
}

/** Returns the search in the list that Telegram signs. */
export function searchOf(options: SearchOptions): Search {
  let search: Search | undefined;
  const load = async (): Promise<Search> => {
    const { AddressSearch } = await loadSocket(import("./address_search.ts"));
    return search ??= new AddressSearch(options);
  };
  return {
    find: async (...args) => await (await load().catch(() => undefined))?.find(...args) ?? false,
    open: async (...args) => await (await load()).open(...args),
  };
}
