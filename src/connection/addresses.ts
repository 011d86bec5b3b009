/**
 * The addresses of one data center, in the order in which a connection tries them. Pure: race.ts
 * dials, and the session keeps addresses. https://core.telegram.org/api/datacenter
 *
 * | place | address                                                                    |
 * |-------|----------------------------------------------------------------------------|
 * | 1     | the last one that worked                                                   |
 * | 2     | the others, the two versions of IP by turns                                |
 * | 3     | those that failed in the last ten minutes, the earliest failure first      |
 */
import { type Address, ipVersionOf } from "../net/mod.ts";
import type { DcAddress } from "./dc_address.ts";
import type { DcAddresses } from "./dc_options.ts";

/** How the two versions of IP are used: the preferred one first, or one only. */
export type IpVersion = "prefer4" | "prefer6" | "only4" | "only6";

/** The values of {@linkcode IpVersion}. */
export const IP_VERSIONS: readonly IpVersion[] = ["prefer4", "prefer6", "only4", "only6"];

/** The parts of an {@linkcode AddressList}. */
export interface AddressListOptions {
  readonly dcId: number;
  /** Returns the known addresses, the best first. Called for each attempt, as they change. */
  readonly known: () => readonly DcAddress[];
  /** Returns the last address that worked. */
  readonly lastGood?: () => DcAddress | undefined;
  /** `"prefer4"` by default. */
  readonly ipVersion?: IpVersion;
  /** Whether the transport is obfuscated; false by default. */
  readonly isObfuscated?: boolean;
  /**
   * Whether the connections are for files: these must go to the addresses that are only for files,
   * if the data center has any. https://core.telegram.org/constructor/dcOption
   */
  readonly isForFiles?: boolean;
  /** Called when an address worked. */
  readonly onWorked?: (address: Address) => void;
}

/** Milliseconds in which an address that failed is tried last. */
const FAILURE_COUNTS_FOR = 600_000;

/** The addresses of one data center. */
export class AddressList implements DcAddresses {
  readonly #options: AddressListOptions;
  /** When an address failed, by its key. An address that works leaves it. */
  readonly #failedAt = new Map<string, number>();

  constructor(options: AddressListOptions) {
    this.#options = options;
  }

  /** Returns the addresses in the order in which to try them. `now` is in milliseconds. */
  candidates(now: number): readonly Address[] {
    const { dcId, known, lastGood } = this.#options;
    const usable = this.#usable();
    const fresh = usable.filter((address) => !this.#hasFailed(address, now));
    const last = lastGood?.();
    const good = last && fresh.find((address) => isSame(address, last));
    const others = fresh.filter((address) => address !== good);
    // An address that nobody names any more is likely to be dead: the turns begin after it.
    const isNamed = good !== undefined && known().some((address) => isSame(address, good));
    const turns = isNamed
      ? this.#byTurns([good, ...others], this.#versionOf(good))
      : [...(good === undefined ? [] : [good]), ...this.#byTurns(others, this.#preferred)];
    const failed = usable.filter((address) => this.#hasFailed(address, now))
      .toSorted((one, other) => this.#lastFailure(one) - this.#lastFailure(other));
    return [...turns, ...failed].map(({ host, port, tls }) => ({
      host,
      port,
      dcId,
      ...(tls !== undefined && { tls }),
    }));
  }

  /** Whether every address failed lately. `now` is in milliseconds. */
  isExhausted(now: number): boolean {
    return this.#usable().every((address) => this.#hasFailed(address, now));
  }

  /** Returns the secret of an address, if it has one. */
  secretOf(address: Address): Uint8Array | undefined {
    return this.#options.known().find((known) => isSame(known, address))?.secret;
  }

  /** Takes note of an address over which an answer came. */
  worked(address: Address): void {
    this.#failedAt.delete(keyOf(address));
    this.#options.onWorked?.(address);
  }

  /** Takes note of an address that could not be reached, or was of no use. */
  failed(address: Address, now: number): void {
    this.#failedAt.set(keyOf(address), now);
  }

  /** Whether all of them are for files only. */
  get areForFiles(): boolean {
    return this.#usable().some(({ mediaOnly }) => mediaOnly);
  }

  /** The addresses that lead to this data center for this purpose, without repetition. */
  #usable(): DcAddress[] {
    const { isForFiles = false } = this.#options;
    const reachable = this.#reachable();
    const forFiles = reachable.filter(({ mediaOnly }) => mediaOnly);
    return isForFiles && forFiles.length > 0
      ? forFiles
      : reachable.filter(({ mediaOnly }) => !mediaOnly);
  }

  #reachable(): DcAddress[] {
    const { known, lastGood, ipVersion = "prefer4", isObfuscated = false } = this.#options;
    const good = lastGood?.();
    const found = new Map<string, DcAddress>();
    for (const address of [...(good === undefined ? [] : [good]), ...known()]) {
      const key = keyOf(address);
      // The flags may be known from one source only.
      found.set(key, { ...found.get(key), ...address });
    }
    const all = [...found.values()];
    const bound = new Map(
      all.filter(({ thisPortOnly }) => thisPortOnly).map(({ host, port }) => [host, port]),
    );
    return all.filter(({ host, port, tcpoOnly }) => {
      const version = ipVersionOf(host);
      return (!tcpoOnly || isObfuscated) &&
        (bound.get(host) ?? port) === port &&
        !(ipVersion === "only4" && version === 6) && !(ipVersion === "only6" && version === 4);
    });
  }

  #lastFailure(address: DcAddress): number {
    return this.#failedAt.get(keyOf(address)) ?? -Infinity;
  }

  #hasFailed(address: DcAddress, now: number): boolean {
    return this.#lastFailure(address) + FAILURE_COUNTS_FOR > now;
  }

  get #preferred(): 4 | 6 {
    const { ipVersion } = this.#options;
    return ipVersion === "prefer6" || ipVersion === "only6" ? 6 : 4;
  }

  /** The IP version of an address. A name counts as the preferred one. */
  #versionOf({ host }: DcAddress): 4 | 6 {
    return ipVersionOf(host) ?? this.#preferred;
  }

  /** Puts the two IP versions by turns, beginning with `version`. */
  #byTurns(addresses: readonly DcAddress[], version: 4 | 6): DcAddress[] {
    const first = addresses.filter((address) => this.#versionOf(address) === version);
    const second = addresses.filter((address) => this.#versionOf(address) !== version);
    const turns = Math.max(first.length, second.length);
    return Array.from({ length: turns }, (_, turn) => [
      ...first.slice(turn, turn + 1),
      ...second.slice(turn, turn + 1),
    ]).flat();
  }
}

function keyOf({ host, port }: DcAddress): string {
  return `${host} ${port}`;
}

function isSame(one: DcAddress, other: DcAddress): boolean {
  return one.host === other.host && one.port === other.port;
}
