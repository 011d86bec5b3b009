/**
 * The calls of a data center without a result. A call waits in the queue until there is a session,
 * then in the session until there is an answer.
 */
import type { ClientEvent, ClientSession } from "../mtproto/mod.ts";
import { ConnectionError } from "../net/mod.ts";
import type { Logger } from "../runtime/mod.ts";
import type { Invocation } from "./invocation.ts";
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

  /** Adds a call: to the session, or to the queue while there is none. */
  add(invocation: Invocation): void {
    const session = this.#session;
    if (session === undefined) {
      this.#queue.add(invocation);
      return;
    }
    invocation.callId = session.call(invocation.query);
    this.#sent.set(invocation.callId, invocation);
  }

  /** Moves all calls to another session, or to the queue if there is none. */
  use(session: ClientSession | undefined): void {
    const waiting = [...this];
    this.#sent.clear();
    this.#queue.clear();
    this.#session = session;
    for (const invocation of waiting) {
      invocation.callId = undefined;
      this.add(invocation);
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
    if (invocation.callId === undefined) {
      this.#queue.delete(invocation);
    } else if (this.#take(invocation.callId) !== undefined) {
      this.#session?.drop(invocation.callId);
    }
  }

  /** Fails calls with errors of their own. */
  fail(invocations: Iterable<Invocation>, error: (invocation: Invocation) => Error): void {
    for (const invocation of [...invocations]) {
      this.drop(invocation);
      invocation.fail(error(invocation));
    }
  }
  /** Returns a call that is in the session, and forgets it. */
  #take(callId: number): Invocation | undefined {
    const invocation = this.#sent.get(callId);
    this.#sent.delete(callId);
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
      invocation.wasUnreadable = true;
      this.add(invocation);
    }
  }

  #error(invocation: Invocation, { code, message, wrapped }: CallEvent & { type: "error" }): void {
    if (NOT_INITIALIZED.includes(message) && !wrapped) {
      this.#session?.forgetInitialization();
      this.add(invocation);
    } else invocation.fail(new RpcError(code, message, invocation.request._));
  }
}
