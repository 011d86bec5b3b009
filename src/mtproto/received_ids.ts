/**
 * The memory of received msg_ids, against replays, and of the order of their seq_nos.
 * https://core.telegram.org/mtproto/security_guidelines#checking-msg-id
 * The last N msg_ids at least are kept, sorted; one below the lowest of so many is too old to be told from a replay.
 */

/** What is wrong with a msg_id, if anything. */
export type ReceivedVerdict = "new" | "seen" | "too_old";

/** What is wrong with a seq_no, in the words of bad_msg_notification 32 and 33. */
export type OrderVerdict = "in_order" | "seq_no_too_low" | "seq_no_too_high";

/** Remembers the last `capacity` msg_ids, and at most twice as many: dropping one each time would move all others. */
export class ReceivedIds {
  readonly #capacity: number;
  #ids: bigint[] = [];

  /** A memory of at least 500 ids, as the guidelines ask. */
  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  /** Says what `msgId` is, without remembering it. */
  verdict(msgId: bigint): ReceivedVerdict {
    const index = lowerBound(this.#ids, msgId);
    if (this.#ids[index] === msgId) return "seen";
    return index === 0 && this.#ids.length >= this.#capacity ? "too_old" : "new";
  }

  /** Remembers `msgId` if it is new, and says what it is. */
  add(msgId: bigint): ReceivedVerdict {
    const verdict = this.verdict(msgId);
    if (verdict !== "new") return verdict;
    insert(this.#ids, lowerBound(this.#ids, msgId), msgId);
    if (this.#ids.length > 2 * this.#capacity) this.#ids.splice(0, this.#capacity);
    return verdict;
  }

  /** What is known about a msg_id, as one of {@linkcode MESSAGE_STATE}. */
  stateOf(msgId: bigint): number {
    const index = lowerBound(this.#ids, msgId);
    if (this.#ids[index] === msgId) return MESSAGE_STATE.received;
    if (index === this.#ids.length) return MESSAGE_STATE.notYetReceived;
    return index === 0 ? MESSAGE_STATE.unknown : MESSAGE_STATE.notReceived;
  }
}

/** The states of a message as msgs_state_info gives them; https://core.telegram.org/mtproto/service_messages_about_messages */
export const MESSAGE_STATE = {
  /** The msg_id is too low: nothing is known about it any more. */
  unknown: 1,
  /** Not received, though its msg_id lies within what is remembered. */
  notReceived: 2,
  /** Not received: its msg_id is higher than all that were. */
  notYetReceived: 3,
  /** Received. */
  received: 4,
} as const;

/** Checks that content-related messages with higher msg_ids have higher seq_nos, as long as the other side counts on. */
export class SeqNoOrder {
  readonly #capacity: number;
  #since = 0n;
  #ids: bigint[] = [];
  #seqNos: number[] = [];

  /** Looks back over `capacity` messages, and at most twice as many. */
  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  /** Takes a content-related message and says whether its seq_no fits between its neighbours. The same one again fits. */
  add(msgId: bigint, seqNo: number): OrderVerdict {
    if (msgId < this.#since) return "in_order"; // of an earlier count
    const index = lowerBound(this.#ids, msgId);
    if (this.#ids[index] === msgId && this.#seqNos[index] === seqNo) return "in_order";
    const before = this.#seqNos[index - 1];
    const after = this.#seqNos[index];
    if (before !== undefined && before >= seqNo) return "seq_no_too_low";
    if (after !== undefined && after <= seqNo) return "seq_no_too_high";
    insert(this.#ids, index, msgId);
    insert(this.#seqNos, index, seqNo);
    if (this.#ids.length > 2 * this.#capacity) {
      this.#ids.splice(0, this.#capacity);
      this.#seqNos.splice(0, this.#capacity);
    }
    return "in_order";
  }

  /** Forgets everything: the other side counts anew, from the message `since` on. */
  reset(since = 0n): void {
    this.#since = since;
    this.#ids = [];
    this.#seqNos = [];
  }
}

/** Nearly always at the end, where nothing has to be moved. */
function insert<T>(list: T[], index: number, item: T): void {
  if (index === list.length) list.push(item);
  else list.splice(index, 0, item);
}

/** The first index whose id is not below `msgId`; new ids are nearly always the highest, so the end is looked at first. */
function lowerBound(ids: readonly bigint[], msgId: bigint): number {
  const last = ids[ids.length - 1];
  if (last === undefined || last < msgId) return ids.length;
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const id = ids[middle];
    if (id !== undefined && id < msgId) low = middle + 1;
    else high = middle;
  }
  return low;
}
