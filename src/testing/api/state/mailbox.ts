/**
 * The message box of one account: its private messages, with one series of ids and one of pts.
 * https://core.telegram.org/api/updates#message-related-event-sequences
 */
import type { Api } from "../../../tl/mod.ts";

/** One message as its owner sees it. */
export interface StoredMessage {
  readonly id: number;
  /** The pts of the box after this message. */
  readonly pts: number;
  /** The other side of the conversation; the owner in Saved Messages. */
  readonly peerId: bigint;
  readonly fromId: bigint;
  readonly out: boolean;
  /** In Unix seconds. */
  readonly date: number;
  readonly text: string;
  readonly entities?: readonly Api.MessageEntity[];
  readonly replyToId?: number;
}

/** A message that has no numbers yet: the mailbox assigns them. */
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
  /** The sent messages by their random ids, for each peer. */
  readonly #sent = new Map<string, StoredMessage>();
  #pts = FIRST_PTS;

  /** The pts of the last event. */
  get pts(): number {
    return this.#pts;
  }

  /** Adds a message at the end, and numbers it. */
  add(message: NewMessage): StoredMessage {
    const stored = { ...message, id: this.#messages.length + 1, pts: ++this.#pts };
    this.#messages.push(stored);
    return stored;
  }

  /** Adds a message to a peer, with the random id by which `sentAs` finds it. */
  send(message: NewMessage, randomId: bigint): StoredMessage {
    const sent = this.add(message);
    this.#sent.set(`${message.peerId} ${randomId}`, sent);
    return sent;
  }

  /** Returns the message that was sent to a peer with this random id. */
  sentAs(peerId: bigint, randomId: bigint): StoredMessage | undefined {
    return this.#sent.get(`${peerId} ${randomId}`);
  }

  /** Returns the message of an id. */
  get(id: number): StoredMessage | undefined {
    return this.#messages[id - 1];
  }

  /** Returns the messages that came after a pts, oldest first. */
  since(pts: number): readonly StoredMessage[] {
    return this.#messages.filter((message) => message.pts > pts);
  }

  /** Returns the conversation with a peer, newest first. */
  conversation(peerId: bigint): readonly StoredMessage[] {
    return this.#messages.filter((message) => message.peerId === peerId).reverse();
  }

  /** Returns the requested part of a conversation, newest first. */
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

  /** Returns the peers of all conversations, the one with the newest message first. */
  peers(): readonly bigint[] {
    return [...new Set(this.#messages.toReversed().map((message) => message.peerId))];
  }
}
