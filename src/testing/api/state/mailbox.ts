// The messages of one account, numbered as Telegram numbers those of private chats: one series of ids and one of pts
// per account. https://core.telegram.org/api/updates#message-related-event-sequences

import type { Api } from "../../../tl/mod.ts";

/** One message as its owner sees it. */
export interface StoredMessage {
  readonly id: number;
  /** The account's pts once this message was there. */
  readonly pts: number;
  /** With whom: the other side, or the owner in Saved Messages. */
  readonly peerId: bigint;
  readonly fromId: bigint;
  readonly out: boolean;
  /** Unix seconds. */
  readonly date: number;
  readonly text: string;
  readonly entities?: readonly Api.MessageEntity[];
  readonly replyToId?: number;
}

/** What is said when a message is put into a mailbox; the mailbox numbers it. */
export type NewMessage = Omit<StoredMessage, "id" | "pts">;

/** The range of a conversation that a client asks for: https://core.telegram.org/api/offsets */
export interface HistoryRange {
  readonly offsetId: number;
  readonly offsetDate: number;
  readonly addOffset: number;
  readonly limit: number;
  readonly maxId: number;
  readonly minId: number;
}

const FIRST_PTS = 1;
const HISTORY_LIMIT = 100;

/** The messages of one account. */
export class Mailbox {
  readonly #messages: StoredMessage[] = [];
  readonly #randomIds = new Set<bigint>();
  #pts = FIRST_PTS;

  /** The number of the last event. */
  get pts(): number {
    return this.#pts;
  }

  /** Adds a message at the end. */
  add(message: NewMessage): StoredMessage {
    const stored = { ...message, id: this.#messages.length + 1, pts: ++this.#pts };
    this.#messages.push(stored);
    return stored;
  }

  /** Remembers the random id of a message that its owner sends; false if it has been used before. */
  claimRandomId(randomId: bigint): boolean {
    if (this.#randomIds.has(randomId)) return false;
    this.#randomIds.add(randomId);
    return true;
  }

  /** The message of that id. */
  get(id: number): StoredMessage | undefined {
    return this.#messages[id - 1];
  }

  /** The messages that came after that pts, oldest first. */
  since(pts: number): readonly StoredMessage[] {
    return this.#messages.filter((message) => message.pts > pts);
  }

  /** The conversation with someone, newest first. */
  conversation(peerId: bigint): readonly StoredMessage[] {
    return this.#messages.filter((message) => message.peerId === peerId).reverse();
  }

  /** The part of a conversation that a client asks for, newest first. */
  history(peerId: bigint, range: HistoryRange): readonly StoredMessage[] {
    const all = this.conversation(peerId).filter(({ id }) =>
      (range.maxId <= 0 || id < range.maxId) && id > range.minId
    );
    const start = all.findIndex(({ id, date }) =>
      (range.offsetId <= 0 || id < range.offsetId) &&
      (range.offsetDate <= 0 || date < range.offsetDate)
    );
    const from = (start < 0 ? all.length : start) + range.addOffset;
    const to = from + Math.min(Math.max(range.limit, 0), HISTORY_LIMIT);
    return all.slice(Math.max(from, 0), Math.max(to, 0));
  }

  /** With whom there is a conversation, the one with the newest message first. */
  peers(): readonly bigint[] {
    return [...new Set(this.#messages.toReversed().map((message) => message.peerId))];
  }
}
