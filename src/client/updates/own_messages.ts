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

  /** Remembers the new messages in an answer to a user. */
  see(userId: bigint | undefined, answer: unknown): void {
    if (!isUpdates(answer)) return;
    if (answer._ === "updateShortSentMessage") this.#add(keyOf(userId, undefined, answer.id));
    if (!("updates" in answer)) return;
    for (const update of answer.updates) this.#add(keyOfUpdate(userId, update));
  }

  /** Returns whether an update of a user is a message of these, and forgets it. */
  take(userId: bigint, update: { readonly _: string }): boolean {
    if (this.#keys.size === 0) return false;
    const key = keyOfUpdate(userId, update as Api.Update);
    return key !== undefined && this.#keys.delete(key);
  }

  #add(key: string | undefined): void {
    if (key === undefined) return;
    this.#keys.add(key);
    forgetOldest(this.#keys, LIMIT);
  }
}

const UPDATES = [
  "updates",
  "updatesCombined",
  "updatesTooLong",
  "updateShort",
  "updateShortMessage",
  "updateShortChatMessage",
  "updateShortSentMessage",
];

/** Returns whether an answer has updates in it. */
export function isUpdates(answer: unknown): answer is Api.Updates {
  return UPDATES.includes((Object(answer) as { _: string })._);
}

function keyOfUpdate(userId: bigint | undefined, update: Api.Update): string | undefined {
  if (update._ === "updateNewMessage") return keyOf(userId, undefined, update.message.id);
  if (update._ !== "updateNewChannelMessage") return undefined;
  const { peerId, id } = update.message;
  return peerId?._ === "peerChannel"
    ? keyOf(userId, channelPeerId(peerId.channelId), id)
    : undefined;
}

/** Ids are unique within a channel, and within the rest of the account. */
function keyOf(userId: bigint | undefined, channelId: bigint | undefined, id: number): string {
  return `${userId} ${channelId ?? ""} ${id}`;
}
