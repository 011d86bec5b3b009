/**
 * Message identifiers: Unix time * 2^32. A client's is divisible by 4; a server's is 1 mod 4 for an
 * answer, 3 mod 4 for a notification.
 * https://core.telegram.org/mtproto/description#message-identifier-msg-id
 */

/** Returns the msg_id of the time `now` (milliseconds since 1970), with its two low bits clear. */
export function msgIdAt(now: number): bigint {
  const seconds = Math.floor(now / 1000);
  const fraction = Math.floor(((now - seconds * 1000) / 1000) * 2 ** 32);
  return (BigInt(seconds) << 32n) | (BigInt(fraction) & ~3n);
}

/** Returns the time of a msg_id, milliseconds since 1970. */
export function timeOfMsgId(msgId: bigint): number {
  return Number(msgId >> 32n) * 1000 + (Number(msgId & 0xffffffffn) / 2 ** 32) * 1000;
}

/** Returns a msg_id as TL's signed `long`: from 2038 on, the unsigned number does not fit. */
export function asLong(msgId: bigint): bigint {
  return BigInt.asIntN(64, msgId);
}

/** Returns the msg_id of TL's signed `long`. */
export function asMsgId(long: unknown): bigint {
  return BigInt.asUintN(64, long as bigint);
}

/** The kind of a message, which decides the two low bits of its msg_id. */
export type MessageKind = "call" | "response" | "notification";

const LOW_BITS: Readonly<Record<MessageKind, bigint>> = {
  call: 0n,
  response: 1n,
  notification: 3n,
};

/** The bits below a quarter of a millisecond, without the two low ones. */
const COUNTER_MASK = (1n << 20n) - 4n;

/**
 * Makes rising msg_ids; they fall only if the clock was ahead and is corrected. The bits below the
 * precision of clocks are a counter, so that no msg_id repeats even then.
 */
export class MsgIds {
  #last = 0n;
  #counter = 0n;

  /** Returns the next msg_id at `now` (milliseconds): close to the time, above the previous one. */
  next(now: number, kind: MessageKind = "call"): bigint {
    this.#counter = (this.#counter + 4n) & COUNTER_MASK;
    const byTime = (msgIdAt(now) & ~COUNTER_MASK) | this.#counter;
    const base = byTime > this.#last ? byTime : (this.#last & ~3n) + 4n;
    this.#last = base | LOW_BITS[kind];
    return this.#last;
  }

  /** The last msg_id; 0n before the first one. */
  get last(): bigint {
    return this.#last;
  }

  /**
   * Forgets the last msg_id if it is far ahead of `now`, so that the next one has the right time.
   */
  setBack(now: number, tolerance: number): void {
    if (timeOfMsgId(this.#last) > now + tolerance) this.#last = 0n;
  }
}
