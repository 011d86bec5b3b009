/**
 * The connections over which the parts of files go, for one data center and one direction. Telegram
 * limits the speed of each connection, so there are several, and a few parts are under way on each.
 * https://core.telegram.org/api/files
 *
 * | event                                        | what follows                                  |
 * |----------------------------------------------|-----------------------------------------------|
 * | a part, and a connection has room            | it goes over the one with the fewest parts    |
 * | a part, and all that are open are full       | it opens another one, at least 50 ms after    |
 * |                                              | the last; each is 0.8 of that later           |
 * | a part, and there are as many as may be      | it waits; the part that waited longest goes   |
 * |                                              | when another ends                             |
 * | a part of another file than the few that may | it waits until one of these has no part       |
 * | be under way at once                         | under way                                     |
 * | no part for 15 s                             | all are closed                                |
 */
import type { CdnDc, Purpose } from "../../connection/mod.ts";
import { abortable, withAnySignal, withDeadline } from "../../runtime/mod.ts";
import type { TlObject } from "../../tl/mod.ts";
import type { FileHost } from "../file_host.ts";

/** The way of the bytes. */
export type Direction = "upload" | "download";

/** The parts that are under way on one connection. More bring FLOOD_PREMIUM_WAIT. */
const PARTS_A_LANE = 3;
/** The same if there are many connections: each part is in memory more than once. */
const PARTS_OF_MANY = 2;
const MANY_LANES = 5;
/** Milliseconds from the opening of the first connection to that of the second. */
const SPACING = 50;
const SPACING_FACTOR = 0.8;
/** Milliseconds without a part after which the connections are closed. */
const IDLE = 15_000;
/** Files from this size on are large: 20 MB. */
const LARGE = 20_000_000;
/** How many small and large files may have parts under way at once. */
const SMALL_AT_ONCE = 5;
const LARGE_AT_ONCE = 2;

/** Milliseconds for the answer of a CDN: its silence must not end a download. */
const CDN_PATIENCE = 60_000;

/** Why a wait ends: a new reason for each would cost more than all else here. */
const OVER = new Error("Cannot go on waiting: something has happened");

/** A file whose parts are under way. Two uses of one file are two of these. */
export interface Transfer {
  /** The bytes of the file, if known. */
  readonly size: number | undefined;
}

/** The options of {@linkcode Lanes}. */
export interface LanesOptions {
  readonly host: FileHost;
  readonly direction: Direction;
  /** The data center, or a CDN; the home by default. */
  readonly dcId: number | CdnDc | undefined;
  /** The most connections. */
  readonly lanes: number;
}

interface Waiting {
  readonly transfer: Transfer;
  readonly go: (lane: number) => void;
}

/** The connections to one data center, for one direction. */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #partsALane: number;
  /** The number of parts that are under way on each open connection. */
  readonly #load: number[] = [];
  /** The number of parts that are under way of each file. */
  readonly #transfers = new Map<Transfer, number>();
  #waiting: Waiting[] = [];
  #openedAt = -Infinity;
  /** Ends the wait for the next connection, or before the connections are closed. */
  #pause: AbortController | undefined;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#partsALane = options.lanes < MANY_LANES ? PARTS_A_LANE : PARTS_OF_MANY;
  }

  /** The number of connections that are open. */
  get open(): number {
    return this.#load.length;
  }

  /** The most parts that may be under way. */
  get capacity(): number {
    return this.#options.lanes * this.#partsALane;
  }

  /** Calls a method for a part of a file, as soon as there is room. */
  async call(transfer: Transfer, request: TlObject, signal: AbortSignal): Promise<unknown> {
    const { host, dcId } = this.#options;
    const lane = await this.#enter(transfer, signal);
    try {
      const call = (signal: AbortSignal): Promise<unknown> =>
        host.invokeForFile(request, { dcId, purpose: this.#purpose(lane), signal });
      if (typeof dcId !== "object") return await call(signal);
      const { clock } = host;
      return await withDeadline({ clock, timeout: CDN_PATIENCE, signal, late: silent }, call);
    } finally {
      this.#leave(transfer, lane);
    }
  }

  async #enter(transfer: Transfer, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<number>();
    const waiting: Waiting = { transfer, go: resolve };
    this.#waiting.push(waiting);
    this.#advance();
    try {
      return await abortable(promise, signal);
    } catch (error) {
      if (this.#waiting.includes(waiting)) {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
      } else promise.then((lane) => this.#leave(transfer, lane)); // it had its place already
      throw error;
    }
  }

  #leave(transfer: Transfer, lane: number): void {
    this.#load[lane]--;
    const left = (this.#transfers.get(transfer) ?? 1) - 1;
    if (left > 0) this.#transfers.set(transfer, left);
    else this.#transfers.delete(transfer);
    this.#advance();
  }

  /** Lets go what has room. */
  #advance(): void {
    this.#pause?.abort(OVER);
    this.#pause = undefined;
    for (const waiting of [...this.#waiting]) {
      if (!this.#mayGo(waiting.transfer)) continue;
      const lane = this.#freeLane();
      if (lane === undefined) break;
      this.#load[lane]++;
      this.#transfers.set(waiting.transfer, (this.#transfers.get(waiting.transfer) ?? 0) + 1);
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
      waiting.go(lane);
    }
    if (this.#transfers.size === 0 && this.#waiting.length === 0) this.#closeLater();
  }

  #mayGo(transfer: Transfer): boolean {
    if (this.#transfers.has(transfer)) return true;
    const isLarge = ({ size = Infinity }: Transfer): boolean => size >= LARGE;
    const alike = [...this.#transfers.keys()].filter((one) => isLarge(one) === isLarge(transfer));
    return alike.length < (isLarge(transfer) ? LARGE_AT_ONCE : SMALL_AT_ONCE);
  }

  /** Returns a connection with room; opens one if it is time. */
  #freeLane(): number | undefined {
    const { host, lanes } = this.#options;
    const load = this.#load;
    const fewest = load.indexOf(Math.min(...load));
    if (fewest >= 0 && (load[fewest] === 0 || load.length === lanes)) {
      return load[fewest] < this.#partsALane ? fewest : undefined;
    }
    const wait = load.length === 0
      ? 0
      : this.#openedAt + SPACING * SPACING_FACTOR ** (load.length - 1) - host.clock.monotonic();
    if (wait <= 0) {
      this.#openedAt = host.clock.monotonic();
      return load.push(0) - 1;
    }
    if (load[fewest] < this.#partsALane) return fewest;
    this.#after(wait, () => this.#advance());
    return undefined;
  }

  #closeLater(): void {
    if (this.#load.length === 0) return;
    this.#after(IDLE, () => {
      const { host, dcId } = this.#options;
      for (const lane of this.#load.keys()) {
        host.closeForFile(dcId, this.#purpose(lane)).catch((error: Error) =>
          host.log.error(error.message)
        );
      }
      this.#load.length = 0;
    });
  }

  /** Does `work` after a while, unless something happens before. */
  #after(milliseconds: number, work: () => void): void {
    const { clock, lifetime } = this.#options.host;
    const pause = this.#pause = new AbortController();
    withAnySignal(lifetime, pause.signal, (signal) => clock.sleep(milliseconds, signal))
      .then(work, () => {}); // something happened, or the client is disconnected
  }

  #purpose(lane: number): Purpose {
    return `${this.#options.direction} ${lane}`;
  }
}

function silent(): Error {
  return new Error(`Cannot use the CDN: it did not answer for ${CDN_PATIENCE / 1000} s`);
}
