/**
 * Starts and ends the driver of updates: with the first handler or loop it starts, with the last
 * one that goes it ends. Its code loads when a program takes updates for the first time.
 */
import type { PeerLike, Update } from "../../messages/mod.ts";
import type { StepOptions } from "../../auth/mod.ts";
import type { UpdatesPlace } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import { Consumers } from "./consumers.ts";
import type { DriverHost, UpdatesDriver } from "./driver.ts";
import type { OpenChat } from "./open_chats.ts";

/** A client, as the receiver sees it. */
export interface ReceiverHost extends DriverHost {
  /** Takes an error of the program's own code. */
  listenerFailed(error: unknown): void;
  /** Takes the error that has ended the updates. */
  updatesEnded(error: Error): void;
}

/** The most packets that wait while the driver is loaded. */
const EARLY = 1000;

/** A driver at work. */
interface Run {
  readonly stop: AbortController;
  readonly driver: Promise<UpdatesDriver>;
  /** Resolves when it was stopped, or rejects with what has ended it. */
  readonly over: Promise<void>;
}

/** The updates of a client. */
export class Receiver {
  readonly consumers: Consumers;
  readonly #host: ReceiverHost;
  #run: Run | undefined;
  /** The end of the run before. */
  #before: Promise<unknown> = Promise.resolve();
  /** For a session without a place: the state is kept while the client lives. */
  #text: string | undefined;

  constructor(host: ReceiverHost) {
    this.#host = host;
    this.consumers = new Consumers({
      start: () => this.resume(),
      stop: () => this.#run?.stop.abort(),
      // After a disconnect a handler fails as its calls do. Its update is not consumed: it comes
      // again.
      failed: (error) => {
        if (!host.lifetime.aborted) host.listenerFailed(error);
      },
    });
  }

  /** Starts the driver if somebody takes updates, and it is not at work. */
  resume(): void {
    if (this.consumers.size === 0 || this.#run?.stop.signal.aborted === false) return;
    const stop = new AbortController();
    // Nothing is missed while the driver is loaded.
    const early: Api.Updates[] = [];
    const off = this.#host.subscribe((updates) =>
      void (early.length < EARLY && early.push(updates))
    );
    const driver = this.#load(() => {
      off();
      return early;
    });
    const before = this.#before;
    const over = before.then(async () => await (await driver).run(stop.signal));
    const run = this.#run = { stop, driver, over };
    this.#before = over.then(() => {}, (error) => this.#failed(error)).finally(() => {
      stop.abort();
      off();
      if (this.#run === run) this.#run = undefined;
    });
  }

  /** The updates have ended. They go on if somebody signs in again. */
  #failed(error: Error): void {
    this.#host.updatesEnded(error);
    const off = this.#host.onSave(() => {
      off();
      this.resume();
    });
  }

  /** Waits for the driver to end, after the client was disconnected. */
  async closed(): Promise<void> {
    await this.#before;
  }

  /** Yields the updates until the client is disconnected. */
  async *updates(options: StepOptions = {}): AsyncGenerator<Update, void, undefined> {
    checkFields("loop over the updates", options, ["signal"]);
    const { signal } = options;
    yield* this.consumers.loop(() => this.#over(), signal);
  }

  /** Yields the updates that Telegram has now, and ends. */
  async *catchUp(options: StepOptions = {}): AsyncGenerator<Update, void, undefined> {
    checkFields("catch up", options, ["signal"]);
    const { signal } = options;
    const { session } = this.#host;
    if (session.updates === undefined) {
      throw new TypeError(
        "Cannot catch up: the session has no place where it keeps how far the updates were " +
          "received. Use a StoreSession or a SqliteSession.",
      );
    }
    await this.#host.connect({ signal });
    if (session.state.user === undefined) {
      throw new TypeError("Cannot catch up: nobody is signed in. Sign in first.");
    }
    try {
      yield* this.consumers.loop(() => this.#caughtUp(), signal);
    } finally {
      if (this.consumers.size === 0) await this.#before; // the state is saved
    }
  }

  /** Watches a chat. */
  async openChat(chat: PeerLike, options?: StepOptions): Promise<OpenChat> {
    return await (await import("./mod.ts")).openChat(this.#host, chat, options);
  }

  async #over(): Promise<void> {
    await this.#run?.over;
  }

  async #caughtUp(): Promise<void> {
    const run = this.#run;
    const caughtUp = run?.driver.then((driver) => driver.caughtUp);
    await Promise.race([caughtUp, run?.over]);
  }

  async #load(early: () => readonly Api.Updates[]): Promise<UpdatesDriver> {
    const { UpdatesDriver } = await import("./mod.ts");
    const memory: UpdatesPlace = {
      load: () => Promise.resolve(this.#text),
      save: (text) => {
        this.#text = text;
        return Promise.resolve();
      },
    };
    const host = this.#host;
    // A session that is not loaded yet has no place in its store.
    const place = (): UpdatesPlace => host.session.updates ?? memory;
    return new UpdatesDriver({ host, consumers: this.consumers, place, early });
  }
}
