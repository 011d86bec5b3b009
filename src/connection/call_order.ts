/**
 * Calls that Telegram must carry out in their order, such as the messages to one chat; calls of
 * other chats do not wait for them. An ordered call keeps its place over all its attempts.
 * https://core.telegram.org/api/invoking#invokeaftermsg
 *
 * | state     | event                             | next state |
 * | --------- | --------------------------------- | ---------- |
 * | new       | `sent()`: an attempt begins       | under way  |
 * | under way | the attempt fails, or succeeds    | between    |
 * | between   | `sent()`: it is made again        | under way  |
 * | any       | `end()`: it is not made again     | ended      |
 *
 * A call is made when the call before it is under way on the same connection, has succeeded, or has
 * ended. If Telegram does not carry it out because the call before it failed, it waits until that
 * call is made again, or ends. The one before an ended call takes the place of that call.
 */
import type { Invocation } from "./invocation.ts";
import type { Invocations } from "./invocations.ts";
import { RpcError } from "./rpc_error.ts";

const FLOOD = 420;
const WAIT_FAILED = ["MSG_WAIT_FAILED", "MSG_WAIT_TIMEOUT"];

/** The calls of all chats that have not ended. */
export class CallOrder {
  readonly #last = new Map<string, OrderedCall>();

  /** The number of chats with a call that has not ended. */
  get size(): number {
    return this.#last.size;
  }

  /** Puts a new call at the end of the calls of a chat. Its `end()` must be called. */
  begin(chat: string): OrderedCall {
    const call = new OrderedCall(this.#last.get(chat), () => {
      if (this.#last.get(chat) !== call) return;
      if (call.before === undefined) this.#last.delete(chat);
      else this.#last.set(chat, call.before);
    });
    this.#last.set(chat, call);
    return call;
  }
}

/** A call with a place in an order. */
export class OrderedCall {
  readonly #onEnd: () => void;
  #before: OrderedCall | undefined;
  #isEnded = false;
  #changed: PromiseWithResolvers<void> = Promise.withResolvers();
  /** The last attempt. */
  #invocation: Invocation | undefined;
  /** The attempt of the call before, after which the last attempt was to be carried out. */
  #named: Invocation | undefined;
  /** An attempt of the call before that is of no use as `#named`: this call failed with it. */
  #failedAfter: Invocation | undefined;
  #mayBeCarriedOut = false;

  constructor(before: OrderedCall | undefined, onEnd: () => void) {
    this.#before = before;
    this.#onEnd = onEnd;
  }

  /** The call before this one that has not ended; undefined if there is none. */
  get before(): OrderedCall | undefined {
    let before = this.#before;
    while (before !== undefined && before.#isEnded) before = before.#before;
    return this.#before = before;
  }

  /** Whether an attempt failed of which it is not known if Telegram carried it out. */
  get mayBeCarriedOut(): boolean {
    return this.#mayBeCarriedOut;
  }

  /** Returns a promise to wait for before the next attempt; undefined if it can be made now. */
  waitsFor(connection: Invocations): Promise<void> | undefined {
    const { before } = this;
    if (before === undefined) return undefined;
    const attempt = before.#invocation;
    if (attempt?.state === "succeeded") return undefined;
    const isOnItsWay = attempt !== undefined && attempt !== this.#failedAfter &&
      connection.has(attempt);
    return isOnItsWay ? undefined : before.#changed.promise;
  }

  /** Takes note of an attempt, which is carried out after that of the call before. */
  sent(invocation: Invocation): void {
    const { before } = this;
    const attempt = before && before.#invocation;
    this.#named = attempt?.state === "pending" ? attempt : undefined;
    this.#invocation = invocation;
    invocation.after = this.#named;
    this.#change();
  }

  /**
   * Takes note of the error of an attempt. Returns whether it failed only because the call before
   * it did: then it is to be made again after the next change of that call.
   */
  failed(error: unknown): boolean {
    const invocation = this.#invocation;
    if (isWaitFailed(error)) {
      this.#failedAfter = this.#named;
      return this.#named !== undefined;
    }
    if (!(error instanceof RpcError)) this.#mayBeCarriedOut ||= invocation?.wasSent ?? false;
    else if (error.code >= 500 || error.code < 0) this.#mayBeCarriedOut = true;
    // The error is that of the second message: the first one may be the reason of it.
    else if (invocation?.isInDoubt) this.#mayBeCarriedOut = true;
    // An attempt whose answer was lost may have caused the flood: then it was carried out.
    else if (error.code === FLOOD && (invocation?.losses ?? 0) > 0) this.#mayBeCarriedOut = true;
    return false;
  }

  /** Lets the next call of the chat go on. Does nothing after the first time. */
  end(): void {
    if (this.#isEnded) return;
    this.#onEnd();
    this.#isEnded = true;
    this.#before = this.before;
    this.#invocation = this.#named = this.#failedAfter = undefined;
    this.#change();
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Returns whether an error tells that a call was not carried out because of the call before. */
function isWaitFailed(error: unknown): boolean {
  return error instanceof RpcError && WAIT_FAILED.includes(error.errorMessage);
}
