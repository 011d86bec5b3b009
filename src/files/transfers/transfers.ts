/**
 * The uploads and downloads of one client, and the connections that they share.
 *
 * The numbers of connections are those of TDLib: 4 for uploads (8 at data centers other than 2 and
 * 4, or with premium), and 2 for downloads (8 with premium).
 */
import type { CdnDc } from "../../connection/mod.ts";
import { isCloudflare } from "../../runtime/mod.ts";
import { Cdns } from "./cdn/mod.ts";
import { type Direction, Lanes } from "./lanes.ts";
import type { FileHost } from "../file_host.ts";
import { MAX_PARTS, MAX_PARTS_PREMIUM } from "./upload_plan.ts";

const MANY = 8;
const UPLOADS = 4;
const DOWNLOADS = 2;
/** The data centers with the most accounts. */
const CROWDED: readonly number[] = [2, 4];
/** In Cloudflare Workers, a request may have six connections at once. */
const IN_WORKERS = 3;
/** The same to a CDN, beside those to the data center of the file. */
const CDN_IN_WORKERS = 2;

/** The limits of an account. */
interface Limits {
  readonly isPremium: boolean;
  /** The most parts of an upload. */
  readonly maxParts: number;
}

/** The uploads and downloads of one client. */
export class Transfers {
  /** The CDNs that have some of the files. */
  readonly cdns: Cdns;
  readonly #host: FileHost;
  readonly #lanes = new Map<string | CdnDc, Lanes>();
  #limits: Promise<Limits> | undefined;
  /** The user to whom the limits belong. */
  #user: bigint | undefined;
  #lifetime: AbortSignal | undefined;

  /** Use {@linkcode transfersOf}. */
  constructor(host: FileHost) {
    this.#host = host;
    this.cdns = new Cdns(host);
  }

  /** Returns the connections to a data center or a CDN, the home by default. */
  async lanes(direction: Direction, dcId: number | CdnDc | undefined): Promise<Lanes> {
    const { isPremium } = await this.limits();
    const { lifetime, session } = this.#host;
    // After a disconnect there are no connections: the lanes begin anew.
    if (this.#lifetime !== lifetime) this.#lanes.clear();
    this.#lifetime = lifetime;
    const name = typeof dcId === "object" ? dcId : `${direction} ${dcId}`;
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const isCdn = typeof dcId === "object";
    const place = isCdn ? dcId.id : dcId ?? session.state.dcId;
    const lanes = lanesFor(direction, place, isPremium);
    const count = isCdn && isCloudflare() ? Math.min(lanes, CDN_IN_WORKERS) : lanes;
    const made = new Lanes({ host: this.#host, direction, dcId, lanes: count });
    this.#lanes.set(name, made);
    return made;
  }

  /** Returns the limits of the account. Telegram is asked once. */
  limits(): Promise<Limits> {
    const user = this.#host.session.state.user?.id;
    if (user !== this.#user) this.#limits = undefined;
    this.#user = user;
    if (this.#limits === undefined) {
      this.#limits = this.#askLimits();
      this.#limits.catch(() => this.#limits = undefined); // the next one asks again
    }
    return this.#limits;
  }

  async #askLimits(): Promise<Limits> {
    const self = { _: "inputUserSelf" } as const;
    const [user] = await this.#host.invoke({ _: "users.getUsers", id: [self] });
    const isPremium = user?._ === "user" && user.premium === true;
    return { isPremium, maxParts: isPremium ? MAX_PARTS_PREMIUM : MAX_PARTS };
  }
}

function lanesFor(direction: Direction, dcId: number, isPremium: boolean): number {
  const many = direction === "upload" ? isPremium || !CROWDED.includes(dcId) : isPremium;
  const count = many ? MANY : direction === "upload" ? UPLOADS : DOWNLOADS;
  return isCloudflare() ? Math.min(count, IN_WORKERS) : count;
}

const all = new WeakMap<FileHost, Transfers>();

/** Returns the uploads and downloads of a client. */
export function transfersOf(host: FileHost): Transfers {
  const known = all.get(host);
  if (known !== undefined) return known;
  const made = new Transfers(host);
  all.set(host, made);
  return made;
}
