/**
 * The calls of a client that have no answer yet: waiting to be sent, or sent under one or more msg_ids.
 * An answer to any msg_id that a call was ever sent under counts.
 */
import { forgetOldest } from "./forget_oldest.ts";

/** A call without an answer. */
export interface PendingCall {
  /** Its number, stable over resends. */
  readonly id: number;
  readonly body: Uint8Array;
  /** All the msg_ids that it was sent under; the last one is current. Empty while it waits for its first time. */
  readonly msgIds: bigint[];
  /** The msg_id of the packet that last carried it: its own or that of a container. */
  packetMsgId: bigint;
  /** Whether it waits to be sent (again). */
  queued: boolean;
  /** How often the server refused its message. */
  refusals: number;
}

/** Pending calls by their number, by msg_id and by the container that carried them. */
export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  readonly #byMsgId = new Map<bigint, PendingCall>();
  readonly #containers = new Map<bigint, readonly bigint[]>();
  #queue: PendingCall[] = [];
  #nextId = 1;

  /** How many calls wait to be sent. */
  get queueLength(): number {
    return this.#queue.length;
  }

  /** Puts a new call at the end of the queue. */
  add(body: Uint8Array): number {
    const id = this.#nextId++;
    const call: PendingCall = { id, body, msgIds: [], packetMsgId: 0n, queued: true, refusals: 0 };
    this.#calls.set(call.id, call);
    this.#queue.push(call);
    return call.id;
  }

  /** The call of this number, if it has no answer yet. */
  get(id: number): PendingCall | undefined {
    return this.#calls.get(id);
  }

  /** The call that was once sent under this msg_id, if it has no answer yet. */
  byMsgId(msgId: bigint): PendingCall | undefined {
    return this.#byMsgId.get(msgId);
  }

  /** The msg_ids of what a container carried; of a message alone its own. */
  partsOf(msgId: bigint): readonly bigint[] {
    return this.#containers.get(msgId) ?? [msgId];
  }

  /** The calls that are on their way under this very msg_id, or in the container of this msg_id. */
  currentlySentAs(msgId: bigint): PendingCall[] {
    return this.partsOf(msgId).flatMap((id) => {
      const call = this.#byMsgId.get(id);
      return call !== undefined && !call.queued && call.msgIds.at(-1) === id ? [call] : [];
    });
  }

  /** All calls that are on their way. */
  inFlight(): PendingCall[] {
    return [...this.#calls.values()].filter((call) => !call.queued);
  }

  /** Takes calls from the front of the queue as long as `fits` says so. */
  take(fits: (call: PendingCall) => boolean): PendingCall[] {
    let count = 0;
    while (count < this.#queue.length && fits(this.#queue[count])) count++;
    return this.#queue.splice(0, count);
  }

  /** Notes that a call was sent under `msgId`. */
  sent(call: PendingCall, msgId: bigint): void {
    call.queued = false;
    call.msgIds.push(msgId);
    call.packetMsgId = msgId;
    this.#byMsgId.set(msgId, call);
  }

  /** Notes what a container carried, so that a refusal of the container is one of all its calls. */
  sentTogether(containerMsgId: bigint, msgIds: readonly bigint[]): void {
    for (const msgId of msgIds) {
      const call = this.#byMsgId.get(msgId);
      if (call !== undefined) call.packetMsgId = containerMsgId;
    }
    this.#containers.set(containerMsgId, msgIds);
    forgetOldest(this.#containers, MAX_CONTAINERS);
  }

  /** Puts a call back to be sent once more. */
  requeue(call: PendingCall): void {
    if (call.queued || !this.#calls.has(call.id)) return;
    call.queued = true;
    this.#queue.push(call);
  }

  /** Forgets a call: it has its answer, or nobody waits for it any more. */
  remove(call: PendingCall): void {
    this.#calls.delete(call.id);
    for (const msgId of call.msgIds) {
      // After the clock was set back, another call may have got the same msg_id.
      if (this.#byMsgId.get(msgId) === call) this.#byMsgId.delete(msgId);
    }
    if (call.queued) this.#queue = this.#queue.filter((queued) => queued !== call);
  }
}

const MAX_CONTAINERS = 256;
