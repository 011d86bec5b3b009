/**
 * The received msg_ids, for the detection of replays, and the order of their seq_nos.
 * https://core.telegram.org/mtproto/security_guidelines#checking-msg-id
 * It keeps at least the last N msg_ids, sorted. A msg_id below all of them is too old: it may be a
 * replay.
 */

import { placeOf, sortedIds, TypedList } from "./id_lists.ts";

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
  readonly #ids = sortedIds();

  /** Makes an empty memory. The guidelines require at least 500 ids. */
  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  /** Checks `msgId`, without adding it. */
  verdict(msgId: bigint): ReceivedVerdict {
    return this.#verdictAt(placeOf(this.#ids, msgId), msgId);
  }

  /** Adds `msgId` if it is new. Returns the result of the check. */
  add(msgId: bigint): ReceivedVerdict {
    const index = placeOf(this.#ids, msgId);
    const verdict = this.#verdictAt(index, msgId);
    if (verdict !== "new") return verdict;
    this.#ids.insert(index, msgId);
    if (this.#ids.length > 2 * this.#capacity) this.#ids.removeFirst(this.#capacity);
    return verdict;
  }

  /** Returns the state of a msg_id, one of {@linkcode MESSAGE_STATE}. */
  stateOf(msgId: bigint): number {
    const index = placeOf(this.#ids, msgId);
    if (this.#ids.at(index) === msgId) return MESSAGE_STATE.received;
    if (index === this.#ids.length) return MESSAGE_STATE.notYetReceived;
    return index === 0 ? MESSAGE_STATE.unknown : MESSAGE_STATE.notReceived;
  }

  #verdictAt(index: number, msgId: bigint): ReceivedVerdict {
    if (this.#ids.at(index) === msgId) return "seen";
    return index === 0 && this.#ids.length >= this.#capacity ? "too_old" : "new";
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
  readonly #ids = sortedIds();
  readonly #seqNos = new TypedList((length) => new Int32Array(length));

  /** Compares with the last `capacity` messages, and at most twice as many. */
  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  /**
   * Adds a content-related message, if its seq_no fits between its neighbours or is a repetition.
   */
  add(msgId: bigint, seqNo: number): OrderVerdict {
    if (msgId < this.#since) return "in_order"; // from before the last reset
    const index = placeOf(this.#ids, msgId);
    const after = this.#seqNos.at(index);
    if (this.#ids.at(index) === msgId && after === seqNo) return "in_order";
    const before = this.#seqNos.at(index - 1);
    if (before !== undefined && before >= seqNo) return "seq_no_too_low";
    if (after !== undefined && after <= seqNo) return "seq_no_too_high";
    this.#ids.insert(index, msgId);
    this.#seqNos.insert(index, seqNo);
    if (this.#ids.length > 2 * this.#capacity) {
      this.#ids.removeFirst(this.#capacity);
      this.#seqNos.removeFirst(this.#capacity);
    }
    return "in_order";
  }

  /** Forgets all messages: from the message `since` on, the other side counts from 0 again. */
  reset(since = 0n): void {
    this.#since = since;
    this.#ids.clear();
    this.#seqNos.clear();
  }
}
