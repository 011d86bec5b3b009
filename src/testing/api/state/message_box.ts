/**
 * A message box: messages with one series of ids, and events with one series of pts. An account has
 * one for private chats and basic groups, and each channel has one.
 * https://core.telegram.org/api/updates#message-related-event-sequences
 */
import type { Copy, Post } from "./post.ts";
import { type PeerId, peerKey } from "./peer_id.ts";

/** What happened in a box. */
export type BoxChange =
  | { readonly kind: "new"; readonly copy: Copy; readonly randomId?: bigint }
  | { readonly kind: "edit"; readonly copy: Copy }
  | { readonly kind: "delete"; readonly ids: readonly number[] }
  | {
    readonly kind: "readInbox";
    readonly chat: PeerId;
    readonly maxId: number;
    readonly unread: number;
  }
  | { readonly kind: "readOutbox"; readonly chat: PeerId; readonly maxId: number }
  | {
    readonly kind: "pin";
    readonly chat: PeerId;
    readonly ids: readonly number[];
    readonly pinned: boolean;
  };

/** An event of a box, with its place in the series of pts. */
export type BoxEvent<Kind extends BoxChange["kind"] = BoxChange["kind"]> =
  & Extract<BoxChange, { kind: Kind }>
  & {
    /** The pts of the box after this event. */
    readonly pts: number;
    readonly ptsCount: number;
    /** In Unix seconds. */
    readonly date: number;
  };

const FIRST_PTS = 1;

/** A message box. */
export class MessageBox {
  readonly #copies = new Map<number, Copy>();
  readonly #chats = new Map<string, Copy[]>();
  readonly #byPost = new Map<Post, Copy>();
  readonly #log: BoxEvent[] = [];
  #lastId = 0;
  #pts = FIRST_PTS;

  /** The pts of the last event. */
  get pts(): number {
    return this.#pts;
  }

  /** The id of the last message, even if it is deleted. */
  get lastId(): number {
    return this.#lastId;
  }

  /** When the last event happened, in Unix seconds; 0 before the first one. */
  get lastDate(): number {
    return this.#log.at(-1)?.date ?? 0;
  }

  /** Adds a message at the end, and numbers it. The random id is its author's. */
  add(chat: PeerId, post: Post, randomId?: bigint): BoxEvent<"new"> {
    const replyToId = post.replyTo && this.#byPost.get(post.replyTo)?.id;
    const copy: Copy = { id: ++this.#lastId, post, chat, replyToId };
    this.#copies.set(copy.id, copy);
    this.#byPost.set(post, copy);
    const key = peerKey(chat);
    const copies = this.#chats.get(key);
    if (copies === undefined) this.#chats.set(key, [copy]);
    else copies.push(copy);
    return this.record({ kind: "new", copy, randomId }, post.date) as BoxEvent<"new">;
  }

  /** Records an event; by default its `pts_count` is 1. */
  record(change: BoxChange, date: number, ptsCount = 1): BoxEvent {
    this.#pts += ptsCount;
    const event = { ...change, pts: this.#pts, ptsCount, date };
    this.#log.push(event);
    return event;
  }

  /** Deletes messages. Returns the event, or undefined if the box has none of them. */
  delete(ids: readonly number[], date: number): BoxEvent<"delete"> | undefined {
    const copies = ids.map((id) => this.#copies.get(id)).filter((copy) => copy !== undefined);
    if (copies.length === 0) return undefined;
    for (const copy of copies) {
      this.#copies.delete(copy.id);
      this.#byPost.delete(copy.post);
      const all = this.of(copy.chat) as Copy[];
      all.splice(all.indexOf(copy), 1);
    }
    const change = { kind: "delete", ids: copies.map(({ id }) => id) } as const;
    return this.record(change, date, copies.length) as BoxEvent<"delete">;
  }

  /** Returns the message of an id. */
  get(id: number): Copy | undefined {
    return this.#copies.get(id);
  }

  /** Returns the copy of a message that is in this box. */
  copyOf(post: Post): Copy | undefined {
    return this.#byPost.get(post);
  }

  /** Returns the messages of a conversation, oldest first. */
  of(chat: PeerId): readonly Copy[] {
    return this.#chats.get(peerKey(chat)) ?? [];
  }

  /** Returns the newest message of each conversation. */
  tops(): readonly Copy[] {
    return [...this.#chats.values()].map((copies) => copies.at(-1)).filter((top) =>
      top !== undefined
    );
  }

  /** Returns the events after a pts, oldest first. */
  since(pts: number): readonly BoxEvent[] {
    let from = this.#log.length;
    while (from > 0 && this.#log[from - 1].pts > pts) from--;
    return this.#log.slice(from);
  }
}
