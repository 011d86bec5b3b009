/**
 * A call on its way: the request, and the promise of its result. invocations.ts has all of them.
 */
import { apiSchema } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";

/**
 * Telegram closes the connection above 1,044,404 bytes, at every attempt. `initConnection` must fit
 * in.
 */
const MAX_QUERY_LENGTH = 1_040_000;
/** The field `bytes` of a request is not copied from this length on. */
const LONG_BYTES = 4096;

/** A call that has no result yet. It settles once; a later answer is ignored. */
export class Invocation {
  readonly request: TlObject;
  /** The serialised request. */
  readonly query: Uint8Array;
  /** What comes after it, if it has long byte strings: these are not copied. */
  readonly tail: readonly Uint8Array[] | undefined;
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
  /** Whether it was sent as another message, too, which the server may have carried out. */
  isInDoubt = false;
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
    const { bytes } = request; // of a part of a file
    const isLong = bytes instanceof Uint8Array && bytes.length >= LONG_BYTES;
    if (isLong) [this.query, ...this.tail] = apiSchema().encodeParts(request);
    else this.query = apiSchema().encode(request);
    let { length } = this.query;
    for (const part of this.tail ?? []) length += part.length;
    if (length > MAX_QUERY_LENGTH) {
      throw new RangeError(
        `Cannot call "${request._}": the request has ${length} bytes, ` +
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
    const result = apiSchema().decode(body, this.#type, { mayShare: true });
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
export function predecessorOf(invocation: Invocation): Invocation | undefined {
  while (invocation.after?.state === "dropped") invocation.after = invocation.after.after;
  return invocation.after;
}

/** Returns the type of the result; of `invokeWithLayer` and its like, that of the method inside. */
function resultType(request: TlObject): string {
  const type = apiSchema().resultType(request._);
  const inner = request.query as TlObject | undefined;
  return type === "Object" && typeof inner?._ === "string" ? resultType(inner) : type;
}
