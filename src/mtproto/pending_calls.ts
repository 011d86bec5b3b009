/**
 * The calls of a client without an answer, by number, by msg_id and by container. outbox.ts has the
 * table of their states. An answer to any msg_id of a call counts.
 *
 * A container is remembered until each of its calls is settled or queued again. So the memory is
 * bounded by the calls in flight.
 */
import type { CallBody, SessionCallOptions } from "./client_session_options.ts";
import { CallQueue, type QueueItem } from "./call_queue.ts";
import type { WrappedQuery } from "./query_wrappers.ts";

/** One sending of a call: its numbers, and the wrappers that were around the call. */
export interface Sending extends Omit<WrappedQuery, "body"> {
  readonly msgId: bigint;
  readonly seqNo: number;
  /** Whether a copy was sent before, which may have had other wrappers. */
  readonly isRepeat: boolean;
}

/** A call without an answer. */
export interface PendingCall extends QueueItem {
  /** The number of the call; it stays the same when the call is sent again. */
  readonly id: number;
  readonly body: CallBody;
  /** What comes after the body, in parts. */
  readonly tail: readonly Uint8Array[] | undefined;
  /** The predecessor, which the server must carry out before. */
  after: PendingCall | undefined;
  /** The calls that wait for this one. */
  successors: Set<PendingCall> | undefined;
  /** All sendings; the last one is current. Empty before it is sent for the first time. */
  readonly sendings: Sending[];
  /** The msg_id of its last packet: its own or that of a container. */
  packetMsgId: bigint;
  state: "queued" | "in flight" | "waiting" | "failed" | "settled" | "dropped";
  /** How often the server refused it on this connection. */
  refusals: number;
  /** How often its invokeAfterMsg failed on this connection. */
  failedWaits: number;
  /** Whether the server is known to have the last sending. */
  isReceived: boolean;
  /** Whether it was in flight when the connection was lost, and its fate is not known yet. */
  isAskedAbout: boolean;
  /** Whether its last message is to be sent again as it was, with the same msg_id. */
  isRepeat: boolean;
  /** Whether a session that the server has forgotten may have carried it out. */
  isInDoubt: boolean;
}

/** The most sendings of one call that are remembered. */
const MAX_SENDINGS = 64;

/** Pending calls by number, by msg_id and by container. */
export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  readonly #byMsgId = new Map<bigint, PendingCall>();
  /** The calls of a container that are in flight. */
  readonly #containers = new Map<bigint, Set<PendingCall>>();
  readonly #queue = new CallQueue<PendingCall>();
  #waiting = 0;
  #nextId = 1;

  /** The number of calls. */
  get count(): number {
    return this.#calls.size;
  }

  /** The number of calls in flight. */
  get inFlightCount(): number {
    return this.#calls.size - this.#queue.length - this.#waiting;
  }

  /** The number of calls to send. */
  get queueLength(): number {
    return this.#queue.length;
  }

  /** The next call to send: the one with the lowest number. */
  get next(): PendingCall | undefined {
    return this.#queue.first;
  }

  /** Puts a new call at the end of the queue. Returns its number. */
  add(body: CallBody, { after, tail }: SessionCallOptions): number {
    const call: PendingCall = {
      id: this.#nextId++,
      body,
      tail,
      after: after === undefined ? undefined : this.#calls.get(after),
      successors: undefined,
      sendings: [],
      packetMsgId: 0n,
      place: -1,
      state: "queued",
      refusals: 0,
      failedWaits: 0,
      isReceived: false,
      isAskedAbout: false,
      isRepeat: false,
      isInDoubt: false,
    };
    this.#calls.set(call.id, call);
    this.#queue.add(call);
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

  /** Returns whether a container with this msg_id has calls in flight. */
  hasContainer(msgId: bigint): boolean {
    return this.#containers.has(msgId);
  }

  /**
   * Returns the calls in flight whose last msg_id is this, or in the container with this msg_id.
   */
  currentlySentAs(msgId: bigint): PendingCall[] {
    const together = this.#containers.get(msgId);
    if (together !== undefined) return [...together];
    const call = this.#byMsgId.get(msgId);
    return call?.state === "in flight" && currentMsgId(call) === msgId ? [call] : [];
  }

  /** Returns all calls in flight. */
  inFlight(): PendingCall[] {
    return [...this.#calls.values()].filter(({ state }) => state === "in flight");
  }

  /** Begins to count refusals on a new connection. Returns the calls in flight. */
  reconnected(): PendingCall[] {
    for (const call of this.#calls.values()) {
      call.refusals = call.failedWaits = 0;
      call.isAskedAbout = call.state === "in flight";
    }
    return this.inFlight();
  }

  /** Marks a call as received by the server. The calls that waited for that are queued. */
  received(call: PendingCall): void {
    call.isReceived = true;
    if (!call.isAskedAbout) return;
    call.isAskedAbout = false;
    this.#release(call);
  }

  /** Marks a call as sent. The calls that waited for that are queued. */
  sent(call: PendingCall, sending: Sending): void {
    this.#queue.delete(call);
    call.state = "in flight";
    call.isAskedAbout = call.isRepeat = false;
    if (sending.isRepeat) {
      const before = call.sendings.pop();
      call.sendings.push({ ...sending, afterMsgId: sending.afterMsgId ?? before?.afterMsgId });
    } else call.sendings.push(sending);
    call.packetMsgId = sending.msgId;
    this.#byMsgId.set(sending.msgId, call);
    if (call.sendings.length > MAX_SENDINGS) this.#forget(call, call.sendings.splice(0, 1));
    this.#release(call);
  }

  /** Stores the calls of a container: a refusal of the container refuses all of them. */
  sentTogether(containerMsgId: bigint, calls: readonly PendingCall[]): void {
    if (calls.length === 0) return;
    for (const call of calls) call.packetMsgId = containerMsgId;
    this.#containers.set(containerMsgId, new Set(calls));
  }

  /** Puts a call back into the queue: to be sent as a new message, or as the last one again. */
  requeue(call: PendingCall, isRepeat = false): void {
    if (call.state !== "in flight" && call.state !== "waiting") return;
    this.#leave(call);
    call.isRepeat = isRepeat;
    call.state = "queued";
    call.isReceived = false;
    this.#queue.add(call);
  }

  /**
   * Sends a call in another session, though the server may have carried it out in the last one: as
   * a new message, or again as it was.
   */
  sendAnew(call: PendingCall, isRepeat = false): void {
    call.isInDoubt ||= call.state === "in flight";
    this.requeue(call, isRepeat);
  }

  /** Lets a call wait until its predecessor is sent again, or ends. */
  wait(call: PendingCall): void {
    const { after } = call;
    if (after === undefined) return;
    this.#queue.delete(call);
    this.#leave(call);
    call.state = "waiting";
    this.#waiting++;
    (after.successors ??= new Set()).add(call);
  }

  /** Puts all calls that are in flight or wait back into the queue. */
  requeueAll(): void {
    for (const call of this.#calls.values()) this.sendAnew(call);
  }

  /** Forgets an answered, dropped or given up call, and queues the calls that wait for it. */
  remove(call: PendingCall, state: "failed" | "settled" | "dropped"): void {
    this.#calls.delete(call.id);
    this.#forget(call, call.sendings);
    this.#queue.delete(call);
    this.#leave(call);
    call.state = state;
    call.isAskedAbout = false;
    // A dropped call hands its predecessor on. Others forget it, or the last call of a chain keeps
    // all former ones in memory.
    call.after = state === "dropped" ? predecessorOf(call) : undefined;
    this.#release(call);
  }

  /** Takes a call out of its container, or out of those that wait. */
  #leave(call: PendingCall): void {
    if (call.state === "waiting") {
      this.#waiting--;
      call.after?.successors?.delete(call);
    }
    const together = this.#containers.get(call.packetMsgId);
    together?.delete(call);
    if (together?.size === 0) this.#containers.delete(call.packetMsgId);
  }

  #release(call: PendingCall): void {
    for (const successor of call.successors ?? []) this.requeue(successor, successor.isRepeat);
  }

  #forget(call: PendingCall, sendings: readonly Sending[]): void {
    for (const { msgId } of sendings) {
      // After a correction of the clock, another call may have the same msg_id.
      if (this.#byMsgId.get(msgId) === call) this.#byMsgId.delete(msgId);
    }
  }
}

/**
 * Returns the call after which this one is carried out. That of a dropped predecessor takes its
 * place.
 */
export function predecessorOf(call: PendingCall): PendingCall | undefined {
  while (call.after?.state === "dropped") call.after = call.after.after;
  return call.after;
}

/** Returns the msg_id of the last sending of a call; undefined if it was never sent. */
export function currentMsgId(call: PendingCall): bigint | undefined {
  return call.sendings.at(-1)?.msgId;
}
