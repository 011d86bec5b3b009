/**
 * The parts of a program that take updates: handlers of `client.on`, and the loop over
 * `client.updates()`. An update is consumed when all of them have done with it: a handler has
 * settled, the loop has asked for the next one. Then it is never delivered again; before that, a
 * program that dies gets it once more.
 *
 * While nobody takes updates, nothing of this folder but this file is loaded.
 */
import type { CallbackQuery, Deletion, Gap, InlineQuery, Message } from "../../messages/mod.ts";
import type { Update } from "../../messages/mod.ts";
import type { Api } from "../../tl/mod.ts";

/** The events of updates, and what their handlers are called with. */
export interface UpdateEvents {
  /** A new message, also one that the account has sent from another device. */
  message: Message;
  /** A message that was edited, or got reactions. */
  edit: Message;
  /** Messages that were deleted. */
  delete: Deletion;
  /** The press of a button below a message; for bots. */
  callback: CallbackQuery;
  /** An inline query; for bots. */
  inlineQuery: InlineQuery;
  /** Updates that are lost for good: Telegram keeps them for a while only. */
  gap: Gap;
  /** Every update, as Telegram sent it. */
  raw: Api.Update;
}

/** How a handler is called. */
export interface HandlerOptions {
  /**
   * Whether the next update waits until the handler has settled, as by default. With `false` a
   * handler may take its time, but an update is lost to it if the program dies meanwhile.
   */
  readonly wait?: boolean;
}

/** A handler of an event. */
export type UpdateHandler<K extends keyof UpdateEvents> = (
  value: UpdateEvents[K],
  update: Update,
) => unknown;

/** The names of the events. */
export const UPDATE_EVENTS: readonly (keyof UpdateEvents)[] = [
  "message",
  "edit",
  "delete",
  "callback",
  "inlineQuery",
  "gap",
  "raw",
];

/**
 * Takes an update. Returns, or resolves, when it has done with it: to false if it was left with the
 * update, and nobody else takes updates.
 */
type Taker = (update: Update) => void | Promise<void | boolean>;

/** What the consumers work with. */
export interface ConsumersHost {
  /** Begins to receive updates. */
  start(): void;
  /** Ends it, as nobody takes them any more. */
  stop(): void;
  /** Takes the error of a handler. */
  failed(error: unknown): void;
}

/** All that take the updates of a client. */
export class Consumers {
  readonly #host: ConsumersHost;
  readonly #takers = new Set<Taker>();
  #hasLoop = false;
  #isCalling = false;
  /** The errors of handlers with the update that is being consumed. */
  readonly #failures: unknown[] = [];

  constructor(host: ConsumersHost) {
    this.#host = host;
  }

  /** The number of handlers and loops. */
  get size(): number {
    return this.#takers.size;
  }

  /** Whether a loop takes the updates. */
  get hasLoop(): boolean {
    return this.#hasLoop;
  }

  /** Whether a handler is being called for which the next update waits. */
  get isCalling(): boolean {
    return this.#isCalling;
  }

  /** Calls `handler` with each update of an event. Returns a function that ends this. */
  on<K extends keyof UpdateEvents>(
    event: K,
    handler: UpdateHandler<K>,
    { wait = true }: HandlerOptions = {},
  ): () => void {
    return this.#add((update) => {
      const value = valueOf(event, update);
      if (value === undefined) return;
      try {
        this.#isCalling = wait;
        const done = handler(value, update);
        if (!isThenable(done)) return;
        const failed = (error: unknown): void => this.#fail(error, wait);
        const settled = Promise.resolve(done).then(() => {}, failed);
        if (wait) return settled;
      } catch (error) {
        this.#fail(error, true);
      } finally {
        this.#isCalling = false;
      }
    });
  }

  /**
   * Yields the updates, in their order. One loop at a time: two would each get a part of them.
   *
   * @param ended resolves when there are no more, or rejects with the reason
   */
  async *loop(
    ended: () => Promise<unknown>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Update, void, undefined> {
    signal?.throwIfAborted();
    if (this.#hasLoop) {
      throw new TypeError(
        "Cannot loop over the updates: another loop takes them. End that one first, or use on().",
      );
    }
    this.#hasLoop = true;
    const waiting = new Handover();
    const remove = this.#add((update) => waiting.put(update));
    const abort = (): void => waiting.fail(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    ended().then(() => waiting.end(), (error) => waiting.fail(error));
    try {
      for (;;) {
        const given = await waiting.take();
        if (given === undefined) return;
        yield given.update;
        given.done(true); // not if the loop was left: then the update was not consumed
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#hasLoop = false;
      remove();
      waiting.leave(this.#takers.size > 0);
    }
  }

  /** Returns the errors of handlers with the update that was consumed last. */
  takeFailures(): readonly unknown[] {
    return this.#failures.splice(0);
  }

  /** Tells the program of the error of a handler. */
  report(error: unknown): void {
    this.#host.failed(error);
  }

  /**
   * Passes an update to all. Returns a promise if one of them takes its time. It resolves to
   * whether the update was consumed.
   */
  deliver(update: Update): void | Promise<boolean> {
    let pending: Promise<void | boolean>[] | undefined;
    for (const taker of [...this.#takers]) {
      if (!this.#takers.has(taker)) continue; // another one has taken it off
      const done = taker(update);
      if (done !== undefined) (pending ??= []).push(done);
    }
    if (pending === undefined) return;
    return Promise.all(pending).then((ends) => ends.every((end) => end !== false));
  }

  /**
   * An error may end the program. If the update is consumed by it, that is saved before: with the
   * update the error would come again at each start.
   */
  #fail(error: unknown, isConsumed: boolean): void {
    if (isConsumed) this.#failures.push(error);
    else this.#host.failed(error);
  }

  #add(taker: Taker): () => void {
    this.#takers.add(taker);
    this.#host.start();
    return () => {
      if (this.#takers.delete(taker) && this.#takers.size === 0) this.#host.stop();
    };
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

function valueOf<K extends keyof UpdateEvents>(
  event: K,
  update: Update,
): UpdateEvents[K] | undefined {
  if (event === "raw") return update.raw as UpdateEvents[K] | undefined;
  if (update.kind !== event) return undefined;
  const { message, deletion, callback, inlineQuery, gap } = update as Partial<
    Record<"message" | "deletion" | "callback" | "inlineQuery" | "gap", unknown>
  >;
  return (message ?? deletion ?? callback ?? inlineQuery ?? gap) as UpdateEvents[K];
}

/** An update on its way into a loop. */
interface Given {
  readonly update: Update;
  readonly done: (isConsumed: boolean) => void;
}

/** Hands one update after the other to a loop. */
class Handover {
  readonly #waiting: Given[] = [];
  /** What the loop works on. */
  #given: Given | undefined;
  #taking: PromiseWithResolvers<Given | undefined> | undefined;
  #end: { readonly error?: unknown } | undefined;

  /** Offers an update. Resolves when the loop asks for the next one, or is left. */
  put(update: Update): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const given = { update, done: resolve };
    const taking = this.#taking;
    this.#taking = undefined;
    if (taking === undefined) this.#waiting.push(given);
    else {
      this.#given = given;
      taking.resolve(given);
    }
    return promise;
  }

  /** Waits for an update; undefined when there are no more. */
  take(): Promise<Given | undefined> {
    const isAborted = this.#end !== undefined && "error" in this.#end;
    this.#given = isAborted ? undefined : this.#waiting.shift();
    if (this.#given !== undefined) return Promise.resolve(this.#given);
    if (this.#end !== undefined) {
      return "error" in this.#end ? Promise.reject(this.#end.error) : Promise.resolve(undefined);
    }
    this.#taking = Promise.withResolvers();
    return this.#taking.promise;
  }

  /** Ends the loop when it has taken the update that waits. */
  end(): void {
    this.#end ??= {};
    this.#taking?.resolve(undefined);
    this.#taking = undefined;
  }

  /** Ends the loop at once, with an error. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#taking?.reject(error);
    this.#taking = undefined;
  }

  /** Ends the loop. Says whether the updates that it was given count as consumed. */
  leave(isConsumed: boolean): void {
    for (const given of [this.#given, ...this.#waiting.splice(0)]) given?.done(isConsumed);
    this.#given = undefined;
  }
}
