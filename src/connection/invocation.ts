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
    this.#settle.resolve(apiSchema().decode(body, this.#type));
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
