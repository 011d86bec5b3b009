/**
 * The order of the messages to each chat. A message takes its place when it is sent, by the names
 * of its chat that are known then; when the peer is found, it goes behind the earlier messages to
 * that peer. Nothing is remembered of a chat without messages under way.
 */
import { CallOrder, type OrderedCall } from "../connection/mod.ts";
import { abortable } from "../runtime/mod.ts";

/** The names of a chat. Each is of this chat only. */
export interface ChatNames {
  /** The id of the peer, if it was seen. */
  readonly id?: string;
  readonly all: readonly string[];
}

/** The messages of an account that are under way. */
export class ChatOrder {
  /** By the names of chats: resolves when the messages so far have taken their places. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #calls = new CallOrder();

  /** The number of names and chats that are remembered. */
  get size(): number {
    return this.#turns.size + this.#calls.size;
  }

  /**
   * Places a message behind those that were placed before by the same name or to the same peer.
   * `end()` of the place must be called.
   *
   * @param find finds the peer, and returns its id
   */
  async place(
    names: ChatNames,
    find: () => Promise<string>,
    signal: AbortSignal | undefined,
  ): Promise<OrderedCall> {
    if (names.id !== undefined && !names.all.some((name) => this.#turns.has(name))) {
      const order = this.#calls.begin(names.id);
      try {
        await find();
        return order;
      } catch (error) {
        order.end();
        throw error;
      }
    }
    const turn = this.#enter(names.all);
    try {
      const id = await find();
      await abortable(turn.comes, signal);
      return this.#calls.begin(id);
    } finally {
      turn.end();
    }
  }

  /** Takes a turn behind all that have one of these names. */
  #enter(names: readonly string[]): { comes: Promise<unknown>; end: () => void } {
    const comes = Promise.all(names.map((name) => this.#turns.get(name)));
    const { promise, resolve } = Promise.withResolvers<void>();
    const over = comes.then(() => promise);
    for (const name of names) this.#turns.set(name, over);
    over.then(() => {
      for (const name of names) {
        if (this.#turns.get(name) === over) this.#turns.delete(name);
      }
    });
    return { comes, end: resolve };
  }
}
