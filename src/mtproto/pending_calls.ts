/**
 * The calls of a client without an answer: queued, or in flight. outbox.ts has the table of their
 * states. An answer to any msg_id of a call counts.
 */
import { forgetOldest } from "./forget_oldest.ts";

/** A call without an answer. */
export interface PendingCall {
  /** The number of the call; it stays the same when the call is sent again. */
  readonly id: number;
  readonly body: Uint8Array;
  /** All its msg_ids; the last one is current. Empty before it is sent for the first time. */
  readonly msgIds: bigint[];
  /** The msg_id of its last packet: its own or that of a container. */
  packetMsgId: bigint;
  /** Whether it waits to be sent; otherwise it is in flight. */
  queued: boolean;
  /** How often the server refused it. */
  refusals: number;
}

/** Pending calls by number, by msg_id and by container. */
export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  readonly #byMsgId = new Map<bigint, PendingCall>();
  readonly #containers = new Map<bigint, readonly bigint[]>();
  #queue: PendingCall[] = [];
  #nextId = 1;

  /** The number of calls to send. */
  get queueLength(): number {
    return this.#queue.length;
  }

  /** The number of calls that were sent and have no answer. */
  get inFlightCount(): number {
    return this.#calls.size - this.#queue.length;
  }

  /** Puts a new call at the end of the queue. Returns its number. */
  add(body: Uint8Array): number {
    const id = this.#nextId++;
    const call: PendingCall = { id, body, msgIds: [], packetMsgId: 0n, queued: true, refusals: 0 };
    this.#calls.set(call.id, call);
    this.#queue.push(call);
    return call.id;
  }

  /** Returns the call with this number, if it has no answer. */
  get(id: number): PendingCall | undefined {
    return this.#calls.get(id);
  }

  /** Returns the call that was once sent with this msg_id, if it has no answer. */
  byMsgId(msgId: bigint): PendingCall | undefined {
    return this.#byMsgId.get(msgId);
  }

  /** Returns the msg_ids of the messages in a container; for a single message its own. */
  partsOf(msgId: bigint): readonly bigint[] {
    return this.#containers.get(msgId) ?? [msgId];
  }

  /**
   * Returns the calls in flight whose last msg_id is this, or in the container with this msg_id.
   */
  currentlySentAs(msgId: bigint): PendingCall[] {
    return this.partsOf(msgId).flatMap((id) => {
      const call = this.#byMsgId.get(id);
      return call !== undefined && !call.queued && call.msgIds.at(-1) === id ? [call] : [];
    });
  }

  /** Returns all calls in flight. */
  inFlight(): PendingCall[] {
    return [...this.#calls.values()].filter((call) => !call.queued);
  }

  /** Takes calls from the front of the queue while `fits` returns true. */
  take(fits: (call: PendingCall) => boolean): PendingCall[] {
    let count = 0;
    while (count < this.#queue.length && fits(this.#queue[count])) count++;
    return this.#queue.splice(0, count);
  }

  /** Marks a call as sent with `msgId`. */
  sent(call: PendingCall, msgId: bigint): void {
    call.queued = false;
    call.msgIds.push(msgId);
    call.packetMsgId = msgId;
    this.#byMsgId.set(msgId, call);
  }

  /** Stores the messages of a container: a refusal of the container refuses all its calls. */
  sentTogether(containerMsgId: bigint, msgIds: readonly bigint[]): void {
    for (const msgId of msgIds) {
      const call = this.#byMsgId.get(msgId);
      if (call !== undefined) call.packetMsgId = containerMsgId;
    }
    this.#containers.set(containerMsgId, msgIds);
    forgetOldest(this.#containers, MAX_CONTAINERS);
  }

  /** Puts a call back into the queue. */
  requeue(call: PendingCall): void {
    if (call.queued || !this.#calls.has(call.id)) return;
    call.queued = true;
    this.#queue.push(call);
  }

  /** Forgets a call that is answered, dropped or given up. */
  remove(call: PendingCall): void {
    this.#calls.delete(call.id);
    for (const msgId of call.msgIds) {
      // After a correction of the clock, another call may have the same msg_id.
      if (this.#byMsgId.get(msgId) === call) this.#byMsgId.delete(msgId);
    }
    if (call.queued) this.#queue = this.#queue.filter((queued) => queued !== call);
  }
}

const MAX_CONTAINERS = 256;
