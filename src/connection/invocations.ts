/**
 * The calls of a data center without a result. A call waits in the queue until there is a session,
 * then in the session until there is an answer.
 */
import type { ClientEvent, ClientSession } from "../mtproto/mod.ts";
import { ConnectionError } from "../net/mod.ts";
import type { Logger } from "../runtime/mod.ts";
import { type Invocation, predecessorOf } from "./invocation.ts";
import { RpcError } from "./rpc_error.ts";

/** The events that end a call. */
export type CallEvent = ClientEvent & { readonly call: number };

/** Errors of a server that does not have the data of `initConnection`. */
const NOT_INITIALIZED = ["CONNECTION_NOT_INITED", "CONNECTION_LAYER_INVALID"];

/** All calls of a data center that have no result yet. */
export class Invocations {
  readonly #logger: Logger;
  readonly #sent = new Map<number, Invocation>();
  readonly #queue = new Set<Invocation>();
  #session: ClientSession | undefined;
  #isHolding = false;
  #nextNumber = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** All calls, the oldest first. */
  *[Symbol.iterator](): Iterator<Invocation> {
    yield* this.#sent.values();
    yield* this.#queue;
  }

  /** The number of calls. */
  get size(): number {
    return this.#sent.size + this.#queue.size;
  }

  /** Returns whether a call is one of these. */
  has(invocation: Invocation): boolean {
    const { callId } = invocation;
    if (callId === undefined) return this.#queue.has(invocation);
    return this.#sent.get(callId) === invocation;
  }

  /** Adds a call: to the session, or to the queue while there is none. */
  add(invocation: Invocation): void {
    if (invocation.number < 0) invocation.number = this.#nextNumber++;
    const session = this.#session;
    if (session === undefined || this.#isHolding) {
      this.#queue.add(invocation);
      return;
    }
    const before = predecessorOf(invocation);
    const after = before !== undefined && this.has(before) ? before.callId : undefined;
    invocation.callId = session.call(invocation.query, { after, tail: invocation.tail });
    this.#sent.set(invocation.callId, invocation);
  }

  /** Lets new calls wait in the queue for the next session. */
  hold(): void {
    this.#isHolding = true;
  }

  /** Makes a call again, whatever its answer was, if it may. Returns whether it does. */
  again(callId: number, may: (invocation: Invocation) => boolean): boolean {
    const invocation = this.#sent.get(callId);
    if (invocation === undefined || !may(invocation)) return false;
    this.#take(callId);
    this.add(invocation);
    return true;
  }

  /**
   * Moves all calls to another session, or to the queue if there is none, in the order in which
   * they were made. A call after one that failed fails as if the server had refused it.
   */
  use(session: ClientSession | undefined): void {
    const waiting = [...this].sort((one, other) => one.number - other.number);
    for (const invocation of waiting) {
      this.#noteSending(invocation);
      invocation.isInDoubt ||= invocation.wasSent;
    }
    this.#sent.clear();
    this.#queue.clear();
    this.#session = session;
    this.#isHolding = false;
    for (const invocation of waiting) {
      invocation.callId = undefined;
      if (predecessorOf(invocation)?.state !== "failed") this.add(invocation);
      else invocation.fail(new RpcError(400, "MSG_WAIT_FAILED", invocation.request._));
    }
  }

  /** Settles the call of an event, or makes it again. */
  handle(event: CallEvent): void {
    const invocation = this.#take(event.call);
    if (invocation === undefined) return;
    switch (event.type) {
      case "result":
        return this.#result(invocation, event.body);
      case "error":
        return this.#error(invocation, event);
      case "refused": {
        const text = "Cannot send a call: the server refused its message with error " +
          `${event.errorCode}. Make the call again.`;
        return invocation.fail(new ConnectionError(text));
      }
    }
  }

  /** Whether a call was given to the session, and the server is not known to have it. */
  isUnderWay({ callId }: Invocation): boolean {
    return callId !== undefined && this.#session?.isReceived(callId) === false;
  }

  /** Drops a call that nobody waits for any more, and tells the server so if it has the call. */
  drop(invocation: Invocation): void {
    const { callId } = invocation;
    if (!this.has(invocation)) return;
    this.#noteSending(invocation);
    this.#queue.delete(invocation);
    invocation.drop();
    if (callId === undefined) return;
    this.#sent.delete(callId);
    this.#session?.drop(callId);
  }

  /** Fails calls with errors of their own. */
  fail(invocations: Iterable<Invocation>, error: (invocation: Invocation) => Error): void {
    for (const invocation of [...invocations]) {
      this.drop(invocation);
      invocation.fail(error(invocation));
    }
  }

  /** Notes whether a call was sent, before the session forgets it. */
  #noteSending(invocation: Invocation): void {
    const { callId } = invocation;
    if (callId !== undefined && this.#session?.wasSent(callId)) invocation.wasSent = true;
  }

  /** Returns a call that is in the session, and forgets it. */
  #take(callId: number): Invocation | undefined {
    const invocation = this.#sent.get(callId);
    this.#sent.delete(callId);
    if (invocation !== undefined) invocation.wasSent = true;
    return invocation;
  }

  /**
   * Handles an answer that does not fit the schema as a failure of the server, once: it may take us
   * for a client of another layer. https://core.telegram.org/api/invoking#layers
   */
  #result(invocation: Invocation, body: Uint8Array): void {
    try {
      invocation.succeed(body);
    } catch (error) {
      this.#session?.forgetInitialization();
      if (invocation.wasUnreadable) return invocation.fail(error);
      this.#logger.warn(`Cannot read an answer, so it is asked for again: ${error}`);
      invocation.wasUnreadable = invocation.isInDoubt = true;
      this.add(invocation);
    }
  }

  #error(invocation: Invocation, event: CallEvent & { type: "error" }): void {
    const { code, message, wrapped, isInDoubt = false } = event;
    invocation.isInDoubt ||= isInDoubt;
    if (NOT_INITIALIZED.includes(message) && !wrapped) {
      this.#session?.forgetInitialization();
      this.add(invocation);
    } else invocation.fail(new RpcError(code, message, invocation.request._));
  }
}
