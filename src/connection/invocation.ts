/**
 * A call on its way: the request, how its result is read, and the promise that waits for it.
 */
import { apiSchema } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";

/** A call that has no result yet. It settles once; what comes after that is ignored. */
export class Invocation {
  readonly request: TlObject;
  /** Resolves with the decoded result. */
  readonly result: Promise<unknown>;
  /** The number of the call in the session, once it is there. */
  callId: number | undefined;
  /** Whether initConnection was around it. */
  wrapped = false;
  readonly #settle: PromiseWithResolvers<unknown> = Promise.withResolvers();

  constructor(request: TlObject) {
    this.request = request;
    this.result = this.#settle.promise;
  }

  /** The answer has come. */
  succeed(body: Uint8Array): void {
    try {
      this.#settle.resolve(apiSchema().decode(body, resultType(this.request)));
    } catch (error) {
      this.#settle.reject(error);
    }
  }

  /** No answer will come, or it is an error. */
  fail(error: unknown): void {
    this.#settle.reject(error);
  }
}

/** The type of the result: of `invokeWithLayer` and its like, that of the method inside. */
export function resultType(request: TlObject): string {
  const type = apiSchema().resultType(request._);
  const inner = request.query as TlObject | undefined;
  return type === "Object" && typeof inner?._ === "string" ? resultType(inner) : type;
}
