/**
 * Starts and ends the driver of updates: with the first handler or loop it starts, with the last
 * one that goes it ends. Its code loads when a program takes updates for the first time.
 */
import type { PeerLike, Update } from "../../messages/mod.ts";
import type { StepOptions } from "../../auth/mod.ts";
import type { UpdatesPlace } from "../../session/mod.ts";
import type { Api, TlObject } from "../../tl/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import { Consumers } from "./consumers.ts";
import type { OpenChat } from "./open_chats.ts";
import type { OwnMessages } from "./own_messages.ts";
import type { DriverHost, Packet, UpdatesDriver } from "./driver.ts";

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
  /** Resolves then, when the next one has begun, if there is one. */
  readonly ended: Promise<void>;
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
  /** The messages that the client has sent since its first update was taken. */
  #own: OwnMessages | undefined;

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
    // Nothing is missed while the driver is loaded, or waits for the end of the one before.
    const early: Packet[] = [];
    const offs = [
      this.#host.subscribe((updates) => void (early.length < EARLY && early.push({ updates }))),
      // Without its answer, an own message would come like one from another device.
      this.#host.onAnswer((request, answer) => {
        if (hasUpdates(answer)) early.push({ updates: answer, request });
      }),
    ];
    const off = (): void => offs.forEach((end) => end());
    const driver = this.#load(() => {
      off();
      return early;
    });
    const before = this.#before;
    const over = before.then(async () => await (await driver).run(stop.signal));
    const isCut = over.then(() => !stop.signal.aborted, (error) => this.#failed(error));
    const ended = isCut.then((isCut) => {
      stop.abort();
      off();
      if (this.#run === run) this.#run = undefined;
      // It was begun before the client was connected again.
      if (isCut && !this.#host.lifetime.aborted) this.resume();
    });
    const run = this.#run = { stop, driver, over, ended };
    this.#before = ended;
  }

  /** The updates have ended. They go on if somebody signs in again. */
  #failed(error: Error): false {
    this.#host.updatesEnded(error);
    const off = this.#host.onSave(() => {
      if (this.#host.session.state.user === undefined) return;
      off();
      this.resume();
    });
    return false;
  }

  /** Waits for the driver to end, after the client was disconnected. */
  async closed(): Promise<void> {
    await this.#before;
  }

  /** Yields the updates until the client is disconnected or signed out. */
  async *updates(options: StepOptions = {}): AsyncGenerator<Update, void, undefined> {
    checkFields("loop over the updates", options, ["signal"]);
    const isInside = this.consumers.isCalling;
    const signOut = Promise.withResolvers<void>();
    const off = this.#onSignOut(signOut.resolve);
    const over = (): Promise<void> => Promise.race([this.#over(isInside), signOut.promise]);
    try {
      yield* this.consumers.loop(over, options.signal);
    } finally {
      off();
    }
  }

  /** Yields the updates that Telegram has now, and ends. */
  async *catchUp(options: StepOptions = {}): AsyncGenerator<Update, void, undefined> {
    checkFields("catch up", options, ["signal"]);
    const isInside = this.consumers.isCalling;
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
      yield* this.consumers.loop(() => this.#caughtUp(isInside), signal);
    } finally {
      if (this.consumers.size === 0) await this.#before; // the state is saved
    }
  }

  /** Watches a chat. */
  async openChat(chat: PeerLike, options?: StepOptions): Promise<OpenChat> {
    return await (await import("./mod.ts")).openChat(this.#host, chat, options);
  }

  /** `isInside` says whether a handler that is waited for has begun the loop. */
  async #over(isInside: boolean): Promise<void> {
    for (let run = this.#run; run !== undefined; run = this.#run) {
      if (isInside) (await run.driver).refuseInside();
      await run.over;
      await run.ended;
    }
  }

  /** Calls `listener` when the user has signed out. Returns a function that ends this. */
  #onSignOut(listener: () => void): () => void {
    let hadUser = this.#host.session.state.user !== undefined;
    return this.#host.onSave(() => {
      const hasUser = this.#host.session.state.user !== undefined;
      if (hadUser && !hasUser) listener();
      hadUser = hasUser;
    });
  }

  async #caughtUp(isInside: boolean): Promise<void> {
    const run = this.#run;
    const caughtUp = run?.driver.then((driver) => driver.caughtUp(isInside));
    await Promise.race([caughtUp, run?.over]);
  }

  async #load(early: () => readonly Packet[]): Promise<UpdatesDriver> {
    const { OwnMessages, UpdatesDriver } = await import("./mod.ts");
    const memory: UpdatesPlace = {
      load: () => Promise.resolve(this.#text),
      save: (text) => {
        this.#text = text;
        return Promise.resolve();
      },
    };
    const host = this.#host;
    if (this.#own === undefined) {
      const own = this.#own = new OwnMessages();
      host.onAnswer((_, answer) => own.see(host.session.state.user?.id, answer));
    }
    // A session that is not loaded yet has no place in its store.
    const place = (): UpdatesPlace => host.session.updates ?? memory;
    return new UpdatesDriver({ host, consumers: this.consumers, place, early, own: this.#own });
  }
}

/** Whether an answer may have updates in it. */
function hasUpdates(answer: unknown): answer is Api.Updates {
  return String((Object(answer) as TlObject)._).startsWith("update");
}
