/**
 * The channels of an account: which of them fetch their difference, and which are polled as they
 * are open. https://core.telegram.org/api/updates#subscribing-to-updates-of-channels-supergroups
 */
import type { Api } from "../tl/mod.ts";
import { ChannelBox, type ChannelHost } from "./channel_box.ts";
import type { Remedy } from "./failure.ts";
import { type ChannelPosition, MAX_CHANNELS } from "./updates_state.ts";
import type { WantedChannelDifference } from "./want.ts";

/** How many differences of channels are in flight at once. */
const MAX_IN_FLIGHT = 10;
/** How many open channels are polled. */
const MAX_POLLED = 10;
const NONE: readonly ChannelBox[] = [];

/** The channels of an account. */
export class ChannelBoxes {
  readonly #host: ChannelHost;
  readonly #boxes = new Map<bigint, ChannelBox>();
  /** Those with a request to make. */
  readonly #waiting = new Set<ChannelBox>();
  /** In the order of opening. */
  readonly #open = new Set<bigint>();
  #inFlight = 0;

  constructor(channels: ReadonlyMap<bigint, ChannelPosition>, host: ChannelHost) {
    this.#host = host;
    for (const [id, position] of channels) {
      const box = new ChannelBox(id, position, host);
      this.#boxes.set(id, box);
      this.#sort(box);
    }
  }

  /** Where the channels stand. */
  get positions(): Map<bigint, ChannelPosition> {
    const positions = new Map<bigint, ChannelPosition>();
    for (const [id, { position }] of this.#boxes) {
      if (position !== undefined) positions.set(id, position);
    }
    return positions;
  }

  /** When a channel has a request; undefined if none has, or all requests are in flight. */
  get time(): number | undefined {
    if (this.#inFlight >= MAX_IN_FLIGHT) return undefined;
    let earliest: number | undefined;
    for (const { time } of this.#waiting) {
      if (time !== undefined && !(time >= (earliest ?? Infinity))) earliest = time;
    }
    for (const { pollAt } of this.#polled()) {
      if (!(pollAt >= (earliest ?? Infinity))) earliest = pollAt;
    }
    return earliest;
  }

  /** Whether a channel misses updates, or may. */
  get isBehind(): boolean {
    return this.#inFlight > 0 || this.#waiting.size > 0;
  }

  /** Whether it is known where a channel stands, or that it misses updates. */
  isKnown(id: bigint): boolean {
    return this.#boxes.get(id)?.position !== undefined;
  }

  /** Lets a channel do something. */
  use(id: bigint, action: (box: ChannelBox) => void): void {
    const box = this.#box(id);
    action(box);
    this.#sort(box);
  }

  /** The account may have access to the channel again. */
  see(id: bigint): void {
    const box = this.#boxes.get(id);
    if (box !== undefined) box.isClosed = false;
  }

  /** Begins to poll a channel. */
  open(id: bigint): void {
    this.#open.add(id);
    const box = this.#box(id);
    box.isClosed = false;
    box.pollAt = -Infinity;
  }

  /** Ends to poll a channel. */
  close(id: bigint): void {
    this.#open.delete(id);
  }

  /** Makes the next request, if its time has come. */
  request(now: number): WantedChannelDifference | undefined {
    if (this.#inFlight >= MAX_IN_FLIGHT) return undefined;
    for (const box of this.#waiting) {
      if ((box.time ?? Infinity) <= now) return this.#begin(box);
    }
    for (const box of this.#polled()) {
      if (box.pollAt <= now) return this.#begin(box);
    }
    return undefined;
  }

  /** Takes an answer. */
  answer(
    want: WantedChannelDifference,
    difference: Api.updates.ChannelDifference,
    now: number,
  ): void {
    this.#end(want, (box) => box.answer(difference, now));
  }

  /** Takes a failure. */
  fail(want: WantedChannelDifference, remedy: Remedy, now: number): void {
    this.#end(want, (box) => box.fail(remedy, now));
  }

  #begin(box: ChannelBox): WantedChannelDifference {
    this.#inFlight++;
    const want = box.request();
    this.#sort(box);
    return want;
  }

  #end(want: WantedChannelDifference, action: (box: ChannelBox) => void): void {
    const box = this.#boxes.get(want.channelId);
    if (!box?.awaits(want)) return;
    this.#inFlight--;
    action(box);
    this.#sort(box);
  }

  #polled(): readonly ChannelBox[] {
    if (this.#open.size === 0) return NONE;
    const boxes: ChannelBox[] = [];
    for (const id of [...this.#open].slice(0, MAX_POLLED)) {
      const box = this.#boxes.get(id);
      if (box !== undefined && !box.isClosed && !box.isInFlight && box.time === undefined) {
        boxes.push(box);
      }
    }
    return boxes;
  }

  #box(id: bigint): ChannelBox {
    const known = this.#boxes.get(id);
    if (known !== undefined) return known;
    const box = new ChannelBox(id, undefined, this.#host);
    this.#boxes.set(id, box);
    if (this.#boxes.size > MAX_CHANNELS) this.#dropOldest();
    return box;
  }

  #dropOldest(): void {
    for (const [id, box] of this.#boxes) {
      if (box.isInFlight || this.#waiting.has(box) || this.#open.has(id)) continue;
      this.#boxes.delete(id);
      this.#host.outlet.note({ channels: new Map([[id, undefined]]) });
      return;
    }
  }

  #sort(box: ChannelBox): void {
    if (box.time === undefined) this.#waiting.delete(box);
    else this.#waiting.add(box);
  }
}
