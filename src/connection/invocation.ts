/**
 * Calls on their way: the request, and the promise of its result. A call waits in the queue until
 * there is a session, then in the session until there is an answer.
 */
import type { ClientSession } from "../mtproto/mod.ts";
import { apiSchema } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";

/**
 * Telegram closes the connection above 1,044,404 bytes, at every attempt. `initConnection` must fit
 * in.
 */
const MAX_QUERY_LENGTH = 1_040_000;

/** A call that has no result yet. It settles once; a later answer is ignored. */
export class Invocation {
  readonly request: TlObject;
  /** The serialised request. */
  readonly query: Uint8Array;
  /** Resolves with the decoded result. */
  readonly result: Promise<unknown>;
  /** The number of the call in the session, once it is there. */
  callId: number | undefined;
  readonly #settle: PromiseWithResolvers<unknown> = Promise.withResolvers();
  readonly #type: string;

  /**
   * Throws before anything is dialled: a `TlError` for a request that the schema does not allow, a
   * `RangeError` for one that is too long.
   */
  constructor(request: TlObject) {
    this.request = request;
    this.#type = resultType(request);
    this.query = apiSchema().encode(request);
    if (this.query.length > MAX_QUERY_LENGTH) {
      throw new RangeError(
        `Cannot call "${request._}": the request has ${this.query.length} bytes, ` +
          `expected at most ${MAX_QUERY_LENGTH}`,
      );
    }
    this.result = this.#settle.promise;
  }

  /** The answer has come. */
  succeed(body: Uint8Array): void {
    try {
      this.#settle.resolve(apiSchema().decode(body, this.#type));
    } catch (error) {
      this.#settle.reject(error);
    }
  }

  /** No answer will come, or it is an error. */
  fail(error: unknown): void {
    this.#settle.reject(error);
  }
}

/** Returns the type of the result; of `invokeWithLayer` and its like, that of the method inside. */
function resultType(request: TlObject): string {
  const type = apiSchema().resultType(request._);
  const inner = request.query as TlObject | undefined;
  return type === "Object" && typeof inner?._ === "string" ? resultType(inner) : type;
}

/** All calls of a data center that have no result yet. */
export class Invocations {
  readonly #sent = new Map<number, Invocation>();
  #queue: Invocation[] = [];
  #session: ClientSession | undefined;

  /** Adds a call: to the session, or to the queue while there is none. */
  add(invocation: Invocation): void {
    const session = this.#session;
    if (session === undefined) {
      this.#queue.push(invocation);
      return;
    }
    invocation.callId = session.call(invocation.query);
    this.#sent.set(invocation.callId, invocation);
  }

  /** Moves all calls to another session, or to the queue if there is none. */
  use(session: ClientSession | undefined): void {
    const waiting = [...this.#sent.values(), ...this.#queue.splice(0)];
    this.#sent.clear();
    this.#session = session;
    for (const invocation of waiting) {
      invocation.callId = undefined;
      this.add(invocation);
    }
  }

  /** Returns the call of an event, and forgets it. */
  take(callId: number): Invocation | undefined {
    const invocation = this.#sent.get(callId);
    this.#sent.delete(callId);
    return invocation;
  }

  /** Drops a call that nobody waits for any more, and tells the server so if it has the call. */
  drop(invocation: Invocation): void {
    if (invocation.callId === undefined) {
      this.#queue = this.#queue.filter((queued) => queued !== invocation);
    } else if (this.take(invocation.callId) !== undefined) {
      this.#session?.drop(invocation.callId);
    }
  }

  /** Fails every call. */
  failAll(error: unknown): void {
    for (const invocation of [...this.#sent.values(), ...this.#queue]) {
      this.drop(invocation);
      invocation.fail(error);
    }
  }
}
