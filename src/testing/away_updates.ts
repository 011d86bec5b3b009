/**
 * The updates for a session that has no connection: https://core.telegram.org/api/updates
 *
 * Such a session is told of a channel only that it has news (`updateChannelTooLong`). Of other
 * packets a hundred wait, then `updatesTooLong` stands for the rest. Telegram does not publish the
 * number.
 */
import type { TlObject } from "../tl/mod.ts";

const MOST = 100;

/** Chooses what a session receives when it returns. */
export class AwayUpdates {
  readonly #channels = new Set<bigint>();
  #count = 0;

  /** Returns what is to be sent in place of a packet; undefined for nothing. */
  instead(updates: TlObject): TlObject | undefined {
    const channelId = channelOf(updates);
    if (channelId !== undefined) {
      if (this.#channels.has(channelId)) return undefined;
      this.#channels.add(channelId);
      const update = { _: "updateChannelTooLong", channelId };
      return { _: "updateShort", update, date: updates.date };
    }
    this.#count++;
    if (this.#count > MOST) return undefined;
    return this.#count === MOST ? { _: "updatesTooLong" } : updates;
  }

  /** Begins anew: the session has a connection again. */
  end(): void {
    this.#channels.clear();
    this.#count = 0;
  }
}

/** Returns the channel whose events a packet tells of; undefined if it tells of anything else. */
function channelOf({ updates }: TlObject): bigint | undefined {
  if (!Array.isArray(updates) || updates.length !== 1) return undefined;
  const [{ pts, channelId, message }] = updates as [Partial<TlObject>];
  if (pts === undefined) return undefined;
  const peerId = (message as TlObject | undefined)?.peerId as TlObject | undefined;
  return (channelId ?? peerId?.channelId) as bigint | undefined;
}
