/**
 * The memory of received msg_ids, against replays, and of the order of their seq_nos.
 * https://core.telegram.org/mtproto/security_guidelines#checking-msg-id
 * The last N msg_ids are kept, sorted; one below the lowest of a full memory is too old to be told from a replay.
 */

/** What is wrong with a msg_id, if anything. */
export type ReceivedVerdict = "new" | "seen" | "too_old";

/** What is wrong with a seq_no, in the words of bad_msg_notification 32 and 33. */
export type OrderVerdict = "in_order" | "seq_no_too_low" | "seq_no_too_high";

/** Remembers the last `capacity` msg_ids. */
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
    this.#ids.splice(lowerBound(this.#ids, msgId), 0, msgId);
    if (this.#ids.length > this.#capacity) this.#ids.shift();
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

  /** Looks back over at most `capacity` messages. */
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
    this.#ids.splice(index, 0, msgId);
    this.#seqNos.splice(index, 0, seqNo);
    if (this.#ids.length > this.#capacity) {
      this.#ids.shift();
      this.#seqNos.shift();
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
