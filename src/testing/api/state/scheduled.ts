/**
 * Messages that wait for their time: https://core.telegram.org/api/scheduled-messages
 *
 * Each conversation of an account has a series of ids for them. They move no pts.
 */
import type { Account } from "./account.ts";
import { chatPeer, type Target } from "./chats.ts";
import { type PeerId, peerKey } from "./peer_id.ts";
import type { Copy, Post } from "./post.ts";

/** A message that waits. Its `post.date` is the time at which it is sent. */
export interface ScheduledMessage {
  readonly author: Account;
  readonly target: Target;
  readonly copy: Copy;
  readonly randomId: bigint;
}

/** All messages that wait. */
export class ScheduledMessages {
  readonly #waiting: ScheduledMessage[] = [];
  readonly #lastIds = new Map<string, number>();

  /** Adds a message. */
  add(author: Account, target: Target, post: Post, randomId: bigint): ScheduledMessage {
    const chat: PeerId = target.kind === "user"
      ? { kind: "user", id: target.id }
      : chatPeer(target);
    const key = `${author.id} ${peerKey(chat)}`;
    const id = (this.#lastIds.get(key) ?? 0) + 1;
    this.#lastIds.set(key, id);
    const message = { author, target, copy: { id, post, chat }, randomId };
    this.#waiting.push(message);
    return message;
  }

  /** Returns the messages of a conversation, or those of some ids, oldest first. */
  of(author: Account, target: PeerId, ids?: readonly number[]): readonly ScheduledMessage[] {
    const key = peerKey(target);
    return this.#waiting.filter((one) =>
      one.author === author && peerKey(one.target) === key &&
      (ids === undefined || ids.includes(one.copy.id))
    );
  }

  /** Returns the messages whose time has come, the first one first. */
  due(nowSeconds: number): readonly ScheduledMessage[] {
    return this.#waiting.filter(({ copy }) => copy.post.date <= nowSeconds)
      .sort((one, other) => one.copy.post.date - other.copy.post.date);
  }

  /** Forgets messages. */
  remove(messages: readonly ScheduledMessage[]): void {
    for (const one of messages) this.#waiting.splice(this.#waiting.indexOf(one), 1);
  }
}
