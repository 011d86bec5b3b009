/**
 * Message identifiers: unixtime * 2^32, divisible by 4 from a client, 1 mod 4 in a server's answer, 3 mod 4 in its notifications.
 * https://core.telegram.org/mtproto/description#message-identifier-msg-id
 * Time comes in as `now`, in milliseconds since 1970.
 */

/** The msg_id that the moment `now` (milliseconds since 1970) stands for, with its two low bits clear. */
export function msgIdAt(now: number): bigint {
  const seconds = Math.floor(now / 1000);
  const fraction = Math.floor(((now - seconds * 1000) / 1000) * 2 ** 32);
  return (BigInt(seconds) << 32n) | (BigInt(fraction) & ~3n);
}

/** The moment, in milliseconds since 1970, that a msg_id stands for. */
export function timeOfMsgId(msgId: bigint): number {
  return Number(msgId >> 32n) * 1000 + (Number(msgId & 0xffffffffn) / 2 ** 32) * 1000;
}

/** A msg_id as the signed `long` that TL writes: the unsigned number does not fit from 2038 on. */
export function asLong(msgId: bigint): bigint {
  return BigInt.asIntN(64, msgId);
}

/** A msg_id from the signed `long` that TL reads. */
export function asMsgId(long: unknown): bigint {
  return BigInt.asUintN(64, long as bigint);
}

/** What a message is to its receiver: decides the two low bits of a server's msg_id. */
export type MessageKind = "call" | "response" | "notification";

const LOW_BITS: Readonly<Record<MessageKind, bigint>> = {
  call: 0n,
  response: 1n,
  notification: 3n,
};

/** The bits below a quarter of a millisecond, above the two low ones. */
const COUNTER_MASK = (1n << 20n) - 4n;

/**
 * Gives msg_ids that only ever rise, unless the clock turns out to have been ahead. The bits that no clock knows count on, so that
 * no msg_id comes twice even then, nor where clocks are coarse.
 */
export class MsgIds {
  #last = 0n;
  #counter = 0n;

  /** The next msg_id at `now` (milliseconds): close to the time, and above the one before. */
  next(now: number, kind: MessageKind = "call"): bigint {
    this.#counter = (this.#counter + 4n) & COUNTER_MASK;
    const byTime = (msgIdAt(now) & ~COUNTER_MASK) | this.#counter;
    const base = byTime > this.#last ? byTime : (this.#last & ~3n) + 4n;
    this.#last = base | LOW_BITS[kind];
    return this.#last;
  }

  /** If the last one is far ahead of the time `now`: forgets it, so that msg_ids go back to the right time. */
  setBack(now: number, tolerance: number): void {
    if (timeOfMsgId(this.#last) > now + tolerance) this.#last = 0n;
  }
}
