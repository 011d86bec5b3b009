/**
 * The wrappers around a query, chosen when it is packed: `invokeWithLayer` and `initConnection`
 * until the server is known to have their data; in them `invokeWithoutUpdates`, but at the home;
 * and `invokeAfterMsg` around the query itself.
 * https://core.telegram.org/api/invoking
 *
 * | state         | event                                                        | next state    |
 * | ------------- | ------------------------------------------------------------ | ------------- |
 * | -             | created                                                      | uninitialized |
 * | uninitialized | an answer to a call that was wrapped in this state, but not  | initialized   |
 * |               | one of `NOT_INITIALIZED`                                     |               |
 * | any           | `forget()`: another session or connection, or a doubt        | uninitialized |
 */
import { concatBytes } from "../crypto/mod.ts";
import { asLong } from "./msg_id.ts";

/** A query with its wrappers. */
export interface WrappedQuery {
  readonly body: Uint8Array;
  /** The state in which it was wrapped in `initConnection`; undefined if it was not. */
  readonly generation?: number;
  /** The msg_id in `invokeAfterMsg`; undefined without it. */
  readonly afterMsgId?: bigint;
}

/** `invokeAfterMsg#cb9f372d msg_id:long query:!X = X` */
const INVOKE_AFTER_MSG = 0xcb9f372d;
/** `invokeWithoutUpdates#bf9459b7 query:!X = X`, without the query. */
const INVOKE_WITHOUT_UPDATES = Uint8Array.of(0xb7, 0x59, 0x94, 0xbf);
/** Errors of a server that does not have the data of `initConnection`. */
const NOT_INITIALIZED = ["CONNECTION_NOT_INITED", "CONNECTION_LAYER_INVALID"];
/** Errors of `invokeAfterMsg`: the first call is unknown or failed, or takes too long. */
const WAIT_FAILED = ["MSG_WAIT_FAILED", "MSG_WAIT_TIMEOUT"];

/** Wraps queries, and remembers whether the server has the data of `initConnection`. */
export class QueryWrappers {
  readonly #wrapFirst: ((query: Uint8Array) => Uint8Array) | undefined;
  readonly #wantsUpdates: () => boolean;
  #generation = 0;
  #isInitialized = false;

  /**
   * `wrapFirst` wraps `initConnection` around a query; without it, no query needs that. Unless
   * `wantsUpdates()`, each query is in `invokeWithoutUpdates`: one without it would have Telegram
   * send updates to this session.
   */
  constructor(wrapFirst?: (query: Uint8Array) => Uint8Array, wantsUpdates = () => true) {
    this.#wrapFirst = wrapFirst;
    this.#wantsUpdates = wantsUpdates;
  }

  /** Whether the server has the data of `initConnection`, as far as we know. */
  get isInitialized(): boolean {
    return this.#isInitialized || this.#wrapFirst === undefined;
  }

  /** Begins to wrap again. Answers to what was wrapped before do not count. */
  forget(): void {
    this.#isInitialized = false;
    this.#generation++;
  }

  /** Wraps a query that the server carries out after the message `afterMsgId`, if there is one. */
  wrap(query: Uint8Array, afterMsgId: bigint | undefined): WrappedQuery {
    const ordered = afterMsgId === undefined ? query : invokeAfterMsg(afterMsgId, query);
    const inner = this.#wantsUpdates() ? ordered : concatBytes(INVOKE_WITHOUT_UPDATES, ordered);
    if (this.isInitialized || this.#wrapFirst === undefined) return { body: inner, afterMsgId };
    return { body: this.#wrapFirst(inner), generation: this.#generation, afterMsgId };
  }

  /** Notes that the server answered a query that was wrapped in `generation`. */
  answered(generation: number | undefined, error?: string): void {
    if (generation === this.#generation && !isNotInitialized(error)) this.#isInitialized = true;
  }
}

/** Returns whether an error tells that `initConnection` is missing. */
export function isNotInitialized(error: string | undefined): boolean {
  return error !== undefined && NOT_INITIALIZED.includes(error);
}

/** Returns whether an error tells that `invokeAfterMsg` did not carry the query out. */
export function isWaitFailed(error: string | undefined): boolean {
  return error !== undefined && WAIT_FAILED.includes(error);
}

function invokeAfterMsg(msgId: bigint, query: Uint8Array): Uint8Array {
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  view.setUint32(0, INVOKE_AFTER_MSG, true);
  view.setBigInt64(4, asLong(msgId), true);
  return concatBytes(head, query);
}
