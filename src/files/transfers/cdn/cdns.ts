/**
 * The CDNs: where they are, and by which RSA keys they are known. https://core.telegram.org/cdn
 *
 * Both come from the home, when a download is sent to a CDN for the first time. Neither is saved
 * with the session. A CDN that cannot be used is left alone for a while.
 */
import type { CdnDc } from "../../../connection/mod.ts";
import { parseRsaPublicKey, type RsaPublicKey } from "../../../crypto/entry.ts";
import { addressesIn } from "../../../session/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import type { FileHost } from "../../file_host.ts";

/** Milliseconds without CDNs after one could not be used. */
const PAUSE = 600_000;
/** Milliseconds after which a CDN that cannot be reached is given up. */
const GIVE_UP_AFTER = 10_000;
/** How often in a row a connection to a CDN is tried again. */
const RETRIES = 2;

/** The CDNs that a client knows. */
export class Cdns {
  readonly #host: FileHost;
  readonly #found = new Map<number, Promise<CdnDc | undefined>>();
  /** The last ones that were found. */
  readonly #last = new Map<number, CdnDc>();
  #pausedUntil = -Infinity;

  constructor(host: FileHost) {
    this.#host = host;
  }

  /** Whether a download may be sent to a CDN. */
  get areOfUse(): boolean {
    return this.#host.canReachCdns && this.#host.clock.monotonic() >= this.#pausedUntil;
  }

  /** Finds a CDN; undefined if Telegram names no address or no key of it. */
  find(id: number): Promise<CdnDc | undefined> {
    const known = this.#found.get(id);
    if (known !== undefined) return known;
    const finding = this.#ask(id);
    this.#found.set(id, finding);
    finding.catch(() => this.#found.delete(id)); // the next one asks again
    return finding;
  }

  /** Takes note of a CDN that cannot be used: it may have moved, or have another key. */
  failed(id: number): void {
    this.#found.delete(id);
    this.#pausedUntil = this.#host.clock.monotonic() + PAUSE;
  }

  async #ask(id: number): Promise<CdnDc | undefined> {
    const [{ dcOptions }, { publicKeys }] = await Promise.all([
      this.#host.invoke({ _: "help.getConfig" }),
      this.#host.invoke({ _: "help.getCdnConfig" }),
    ]);
    const addresses = addressesIn(dcOptions, id, true);
    const keys = publicKeys.filter(({ dcId }) => dcId === id).flatMap(keyIn);
    if (addresses.length === 0 || keys.length === 0) return undefined;
    const cdn: CdnDc = { id, addresses, settings: this.#settingsWith(keys) };
    const last = this.#last.get(id);
    // Its connections and its key go on.
    if (last !== undefined && textOf(last) === textOf(cdn)) return last;
    this.#last.set(id, cdn);
    return cdn;
  }

  /** What a CDN learns of the client is the least that `initConnection` takes. */
  #settingsWith(keys: readonly RsaPublicKey[]): CdnDc["settings"] {
    const { apiId } = this.#host;
    const unknown = { deviceModel: "n/a", systemVersion: "n/a", appVersion: "n/a" };
    return {
      keys,
      info: { apiId, ...unknown, systemLangCode: "en", langCode: "en" },
      giveUpAfter: GIVE_UP_AFTER,
      connectionRetries: RETRIES,
    };
  }
}

/** Returns the key in a `cdnPublicKey`; none if it cannot be read. */
function keyIn({ publicKey }: Api.CdnPublicKey): RsaPublicKey[] {
  try {
    return [parseRsaPublicKey(publicKey)];
  } catch {
    return [];
  }
}

function textOf({ addresses, settings: { keys = [] } }: CdnDc): string {
  return JSON.stringify([addresses, keys.map(({ fingerprint }) => String(fingerprint))]);
}
