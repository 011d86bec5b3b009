/**
 * The messages that the client has sent, by the answers to its calls. An account that is behind may
 * get such a message once more, in a difference that does not tell who has sent it: a program that
 * answers every message would answer itself, without an end.
 */
import { forgetOldest } from "../../mtproto/mod.ts";
import { channelPeerId } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";

/** The most that are remembered. A message is forgotten when it comes. */
const LIMIT = 10_000;

/** Messages that were sent, and have not come as updates yet. */
export class OwnMessages {
  readonly #keys = new Set<string>();

  /** The number of messages. */
  get size(): number {
    return this.#keys.size;
  }

  /** Remembers the new messages in an answer. */
  see(answer: Api.Updates): void {
    if (answer._ === "updateShortSentMessage") this.#add(keyOf(undefined, answer.id));
    if (!("updates" in answer)) return;
    for (const update of answer.updates) this.#add(keyOfUpdate(update));
  }

  /** Returns whether an update is a message of these, and forgets it. */
  take(update: { readonly _: string }): boolean {
    const key = keyOfUpdate(update as Api.Update);
    return key !== undefined && this.#keys.delete(key);
  }

  /** Forgets all: another account has other ids. */
  clear(): void {
    this.#keys.clear();
  }

  #add(key: string | undefined): void {
    if (key === undefined) return;
    this.#keys.add(key);
    forgetOldest(this.#keys, LIMIT);
  }
}

function keyOfUpdate(update: Api.Update): string | undefined {
  if (update._ === "updateNewMessage") return keyOf(undefined, update.message.id);
  if (update._ !== "updateNewChannelMessage") return undefined;
  const { peerId, id } = update.message;
  return peerId?._ === "peerChannel" ? keyOf(channelPeerId(peerId.channelId), id) : undefined;
}

/** Ids are unique within a channel, and within the rest of the account. */
function keyOf(channelId: bigint | undefined, id: number): string {
  return `${channelId ?? ""} ${id}`;
}
