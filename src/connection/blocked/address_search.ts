/**
 * Looks for the signed list of addresses in the DNS, by HTTPS, as TDLib does: a network that blocks
 * Telegram lets Google and Cloudflare through. They learn that somebody here uses Telegram.
 * https://developers.google.com/speed/public-dns/docs/doh/json
 *
 * | event                            | what happens                                               |
 * |----------------------------------|------------------------------------------------------------|
 * | every address of a data center   | the sources are asked, one after the other, beginning with |
 * | has failed                       | the last one that knew the list                            |
 * | a source knows a list            | it is checked, and its addresses are lent to the book; no  |
 * |                                  | source is asked for 150 s                                  |
 * | no source knows a good list      | none is asked for 10 s, doubled each time up to 10 min     |
 * | the client is disconnected       | the request is aborted, and no other source is asked       |
 */
import { decodeUtf8 } from "../../crypto/mod.ts";
import { type Address, ConnectionError } from "../../net/mod.ts";
import { httpRequest } from "../../net/sockets/mod.ts";
import { withDeadline } from "../../runtime/mod.ts";
import type { FoundBook, Search, SearchOptions, SecretConnection } from "./mod.ts";
import { openWithSecret } from "./secret_address.ts";
import { addressesFor, configKey, readSignedConfig } from "./signed_config.ts";

/** Where the list is, and where that of the test servers. */
const NAME = "apv3.stel.com";
const TEST_NAME = "tapv3.stel.com";
const SOURCES = [
  "https://dns.google/resolve",
  "https://mozilla.cloudflare-dns.com/dns-query",
];
/** The type of a text in the DNS. */
const TXT = 16;
const MAX_LENGTH = 65_536;
const KEPT_FOR = 150_000; // ms
const FIRST_PAUSE = 10_000; // ms
const MAX_PAUSE = 600_000; // ms

/** Looks for the list, at most as often as the table says. */
export class AddressSearch implements Search {
  readonly #options: SearchOptions;
  /** The source to begin with. */
  #source = 0;
  #notBefore = -Infinity;
  #pause = FIRST_PAUSE;
  #isSearching = false;
  #book: FoundBook | undefined;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  /**
   * Lends the addresses to the book. Returns whether there are any; false when the signal aborts.
   * Never rejects.
   */
  async find(book: FoundBook, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    if (this.#isSearching || clock.monotonic() < this.#notBefore) return false;
    this.#isSearching = true;
    this.#book = book;
    try {
      const isFound = await this.#searchAll(book, signal);
      if (signal.aborted) return false;
      this.#notBefore = clock.monotonic() + (isFound ? KEPT_FOR : this.#pause);
      this.#pause = isFound ? FIRST_PAUSE : Math.min(this.#pause * 2, MAX_PAUSE);
      return isFound;
    } finally {
      this.#isSearching = false;
    }
  }

  /** Opens a connection that is obfuscated with the secret: an MTProxy is at such an address. */
  async open(
    address: Address,
    secret: Uint8Array,
    signal: AbortSignal,
  ): Promise<SecretConnection> {
    const timeOffset = this.#book?.timeOffset ?? 0;
    return await openWithSecret(this.#options, address, secret, { signal, timeOffset });
  }

  async #searchAll(book: FoundBook, signal: AbortSignal): Promise<boolean> {
    const { clock, logger, key = configKey() } = this.#options;
    for (let tries = 0; tries < SOURCES.length && !signal.aborted; tries++) {
      try {
        const text = await this.#textOf(SOURCES[this.#source], signal);
        const now = (clock.now() + book.timeOffset) / 1000;
        const found = addressesFor(readSignedConfig(text, key), { now, phone: book.phone });
        book.lend(found);
        logger.info(`Found addresses of ${found.size} data centers in the signed list`);
        return found.size > 0;
      } catch (error) {
        if (signal.aborted) break;
        logger.debug(`Cannot find addresses: ${error instanceof Error ? error.message : error}`);
        this.#source = (this.#source + 1) % SOURCES.length;
      }
    }
    return false;
  }

  /** Returns the text of the list; its parts are in the order of their lengths. */
  async #textOf(source: string, signal: AbortSignal): Promise<string> {
    const { fetch = globalThis.fetch, clock, timeout, testMode } = this.#options;
    const url = `${source}?name=${testMode ? TEST_NAME : NAME}&type=${TXT}`;
    const late = (): Error => new ConnectionError(`Cannot ask "${source}": it takes too long`);
    const { status, body } = await withDeadline(
      { clock, timeout, signal, late },
      (limit) =>
        httpRequest({
          fetch: (...args) => fetch(...args),
          url,
          headers: { accept: "application/dns-json" },
          maxLength: MAX_LENGTH,
          signal: limit,
        }),
    );
    if (status !== 200) {
      throw new ConnectionError(`Cannot ask "${source}": its status is ${status}`);
    }
    return textIn(JSON.parse(decodeUtf8(body)));
  }
}

/** Returns the text in an answer about a name. */
export function textIn(answer: unknown): string {
  const { Answer: records } = Object(answer) as { Answer?: unknown };
  const texts = (Array.isArray(records) ? records : [])
    .map((record) => Object(record) as { type?: unknown; data?: unknown })
    .filter(({ type }) => type === TXT)
    .map(({ data }) => typeof data === "string" ? data.replace(/[" ]/g, "") : "");
  return texts.sort((one, other) => other.length - one.length).join("");
}
