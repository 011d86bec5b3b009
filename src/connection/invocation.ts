/**
 * Calls on their way: the request, and the promise of its result. A call waits in the queue until
 * there is a session, then in the session until there is an answer.
 */
import type { ClientSession } from "../mtproto/mod.ts";
import { apiSchema } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { RpcError } from "./rpc_error.ts";

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
  /** The time of the call, in milliseconds of a monotonic clock. */
  readonly since: number;
  /** How many connections were lost while it was under way, and the server did not have it. */
  losses = 0;
  /** Whether an answer came that could not be read. */
  wasUnreadable = false;
  /** Whether it was sent on some connection: the server may have it. */
  wasSent = false;
  /** The call that the server must carry out before. */
  after: Invocation | undefined;
  state: "pending" | "succeeded" | "failed" | "dropped" = "pending";
  /** Its place among the calls of a connection. */
  number = -1;
  readonly #settle: PromiseWithResolvers<unknown> = Promise.withResolvers();
  readonly #type: string;

  /**
   * Throws before anything is dialled: a `TlError` for a request that the schema does not allow, a
   * `RangeError` for one that is too long.
   */
  constructor(request: TlObject, since: number) {
    this.request = request;
    this.since = since;
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

  /**
   * Takes the answer. Throws a `TlError` if the answer does not fit the schema; the call has no
   * result then.
   */
  succeed(body: Uint8Array): void {
    const result = apiSchema().decode(body, this.#type);
    this.#end("succeeded");
    this.#settle.resolve(result);
  }

  /** No answer will come, or it is an error. */
  fail(error: unknown): void {
    this.#end("failed");
    this.#settle.reject(error);
  }

  /** Nobody waits for the answer. A call after this one is carried out after the one before. */
  drop(): void {
    this.#end("dropped");
  }

  #end(state: "succeeded" | "failed" | "dropped"): void {
    // Without it, the last call of a chain keeps all former ones in memory.
    this.after = state === "dropped" ? predecessorOf(this) : undefined;
    this.state = state;
  }
}

/** Returns the call to name as predecessor. That of a dropped one takes its place. */
function predecessorOf(invocation: Invocation): Invocation | undefined {
  while (invocation.after?.state === "dropped") invocation.after = invocation.after.after;
  return invocation.after;
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
  readonly #queue = new Set<Invocation>();
  #session: ClientSession | undefined;
  #nextNumber = 0;

  /** All calls, the oldest first. */
  *[Symbol.iterator](): Iterator<Invocation> {
    yield* this.#sent.values();
    yield* this.#queue;
  }

  /** The number of calls. */
  get size(): number {
    return this.#sent.size + this.#queue.size;
  }

  /** Returns whether a call has no result yet, and is one of these. */
  has(invocation: Invocation): boolean {
    const { callId } = invocation;
    return callId === undefined
      ? this.#queue.has(invocation)
      : this.#sent.get(callId) === invocation;
  }

  /** Adds a call: to the session, or to the queue while there is none. */
  add(invocation: Invocation): void {
    if (invocation.number < 0) invocation.number = this.#nextNumber++;
    const session = this.#session;
    if (session === undefined) {
      this.#queue.add(invocation);
      return;
    }
    const before = predecessorOf(invocation);
    const after = before !== undefined && this.has(before) ? before.callId : undefined;
    invocation.callId = session.call(invocation.query, { after });
    this.#sent.set(invocation.callId, invocation);
  }

  /**
   * Moves all calls to another session, or to the queue if there is none, in the order in which
   * they were made. A call after one that failed fails as if the server had refused it.
   */
  use(session: ClientSession | undefined): void {
    const waiting = [...this].sort((one, other) => one.number - other.number);
    for (const invocation of waiting) this.#noteSending(invocation);
    this.#sent.clear();
    this.#queue.clear();
    this.#session = session;
    for (const invocation of waiting) {
      invocation.callId = undefined;
      if (predecessorOf(invocation)?.state !== "failed") this.add(invocation);
      else invocation.fail(new RpcError(400, "MSG_WAIT_FAILED", invocation.request._));
    }
  }

  /** Returns the call of an event, and forgets it. */
  take(callId: number): Invocation | undefined {
    const invocation = this.#sent.get(callId);
    this.#sent.delete(callId);
    if (invocation !== undefined) invocation.wasSent = true;
    return invocation;
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

  #noteSending(invocation: Invocation): void {
    const { callId } = invocation;
    if (callId !== undefined && this.#session?.wasSent(callId)) invocation.wasSent = true;
  }

  /** Fails calls with errors of their own. */
  fail(invocations: Iterable<Invocation>, error: (invocation: Invocation) => Error): void {
    for (const invocation of [...invocations]) {
      this.drop(invocation);
      invocation.fail(error(invocation));
    }
  }
}
