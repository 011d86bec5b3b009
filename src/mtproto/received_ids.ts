/**
 * The received msg_ids, for the detection of replays, and the order of their seq_nos.
 * https://core.telegram.org/mtproto/security_guidelines#checking-msg-id
 * It keeps at least the last N msg_ids, sorted. A msg_id below all of them is too old: it may be a
 * replay.
 */

/** The result of a check of a msg_id. */
export type ReceivedVerdict = "new" | "seen" | "too_old";

/** The result of a check of a seq_no, named like bad_msg_notification 32 and 33. */
export type OrderVerdict = "in_order" | "seq_no_too_low" | "seq_no_too_high";

/**
 * Keeps the last `capacity` msg_ids, and at most twice as many: removing one at a time would move
 * all others.
 */
export class ReceivedIds {
  readonly #capacity: number;
  #ids: bigint[] = [];

  /** Makes an empty memory. The guidelines require at least 500 ids. */
  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  /** Checks `msgId`, without adding it. */
  verdict(msgId: bigint): ReceivedVerdict {
    const index = lowerBound(this.#ids, msgId);
    if (this.#ids[index] === msgId) return "seen";
    return index === 0 && this.#ids.length >= this.#capacity ? "too_old" : "new";
  }

  /** Adds `msgId` if it is new. Returns the result of the check. */
  add(msgId: bigint): ReceivedVerdict {
    const verdict = this.verdict(msgId);
    if (verdict !== "new") return verdict;
    insert(this.#ids, lowerBound(this.#ids, msgId), msgId);
    if (this.#ids.length > 2 * this.#capacity) this.#ids.splice(0, this.#capacity);
    return verdict;
  }

  /** Returns the state of a msg_id, one of {@linkcode MESSAGE_STATE}. */
  stateOf(msgId: bigint): number {
    const index = lowerBound(this.#ids, msgId);
    if (this.#ids[index] === msgId) return MESSAGE_STATE.received;
    if (index === this.#ids.length) return MESSAGE_STATE.notYetReceived;
    return index === 0 ? MESSAGE_STATE.unknown : MESSAGE_STATE.notReceived;
  }
}

/**
 * The states of a message in msgs_state_info.
 * https://core.telegram.org/mtproto/service_messages_about_messages
 */
export const MESSAGE_STATE = {
  /** Unknown: the msg_id is too old. */
  unknown: 1,
  /** Not received; the msg_id is in the known range. */
  notReceived: 2,
  /** Not received; the msg_id is higher than all received ones. */
  notYetReceived: 3,
  /** Received. */
  received: 4,
} as const;

/** Checks that content-related messages with higher msg_ids have higher seq_nos. */
export class SeqNoOrder {
  readonly #capacity: number;
  #since = 0n;
  #ids: bigint[] = [];
  #seqNos: number[] = [];

  /** Compares with the last `capacity` messages, and at most twice as many. */
  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  /**
   * Adds a content-related message, if its seq_no fits between its neighbours or is a repetition.
   */
  add(msgId: bigint, seqNo: number): OrderVerdict {
    if (msgId < this.#since) return "in_order"; // from before the last reset
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

  /** Forgets all messages: from the message `since` on, the other side counts from 0 again. */
  reset(since = 0n): void {
    this.#since = since;
    this.#ids = [];
    this.#seqNos = [];
  }
}

/** Inserts an item. The index is nearly always the end, where no other item has to move. */
function insert<T>(list: T[], index: number, item: T): void {
  if (index === list.length) list.push(item);
  else list.splice(index, 0, item);
}

/** Returns the first index whose id is not below `msgId`. It is nearly always the end. */
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
