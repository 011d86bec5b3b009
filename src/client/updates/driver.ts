/**
 * Drives the message boxes: passes them what Telegram sends, makes the requests that they want, and
 * hands their updates to the program, one after the other. https://core.telegram.org/api/updates
 *
 * | state    | event                              | next                                       |
 * |----------|------------------------------------|--------------------------------------------|
 * | waiting  | a user is signed in                | running, from the kept state, or from now  |
 * | running  | another user, or none, is signed in | waiting                                   |
 * | running  | Telegram has ended the session     | ended: loops reject, handlers rest         |
 * | any      | nobody takes updates any more, or  | ended: the state is saved                  |
 * |          | the client is disconnected         |                                            |
 *
 * The server is the buffer: while more than MOST_WAITING updates wait for the program, what comes
 * is not taken, but fetched again when the program has caught up.
 */
import { currentUser } from "../../auth/mod.ts";
import { type ConnectionStatus, RpcError } from "../../connection/mod.ts";
import { gapOf, PacketPeers, peerId, type Update, updateOf } from "../../messages/chats/mod.ts";
import type { PeerContext } from "../../messages/mod.ts";
import { ConnectionError } from "../../net/mod.ts";
import { abortable, withAnySignal } from "../../runtime/mod.ts";
import { channelPeerId, type Session, type UpdatesPlace } from "../../session/mod.ts";
import { useGeneratedDecoders } from "../../tl/decoders/mod.ts";
import type { Api, TlObject } from "../../tl/mod.ts";
import {
  ConsumedState,
  type Delivery,
  formatUpdatesState,
  MessageBoxes,
  NO_ACCESS_HASH,
  parseUpdatesState,
  type UpdatesState,
  type Want,
} from "../../updates/mod.ts";
import type { Consumers } from "./consumers.ts";
import { KeptState } from "./kept_state.ts";
import { type OpenChats, openChatsOf } from "./open_chats.ts";
import { isUpdates, type OwnMessages } from "./own_messages.ts";
import { Queue } from "./queue.ts";
import { SeenObjects } from "./seen_objects.ts";

/** The most updates that wait for the program. */
const MOST_WAITING = 1000;
/** The pause after a connection that failed for good, before the next attempt, in milliseconds. */
const RECONNECT_PAUSE = 5000;

/**
 * The longest wait for missing updates before an account counts as caught up, in milliseconds. What
 * is missing then stays marked in the state.
 */
const LONGEST_WAIT = 120_000;

/** How long a handler may take before an account that waits for it gives up catching up, in ms. */
const MOST_AT_WORK = 60_000;

/** What the boxes are answered with. */
type Answer = Parameters<MessageBoxes["answer"]>[1];

/** A client, as the driver sees it. */
export interface DriverHost extends PeerContext {
  /** Aborted when the client is disconnected. */
  readonly lifetime: AbortSignal;
  /** Passes each call and its answer to `listener`. Returns a function that ends this. */
  onAnswer(listener: (request: TlObject, answer: unknown) => void): () => void;
  /** Passes each change of the connection to `listener`. Returns a function that ends this. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  /** Calls `listener` when a user may have signed in or out. Returns a function that ends this. */
  onSave(listener: () => void): () => void;
}

/** The parts of a {@linkcode UpdatesDriver}. */
export interface DriverOptions {
  readonly host: DriverHost;
  readonly consumers: Consumers;
  /** Returns where the state of the updates is kept, when the session is loaded. */
  readonly place: () => UpdatesPlace;
  /** Returns what came while the driver was loaded. What comes later goes to the driver. */
  readonly early: () => readonly Packet[];
  /** The messages that the client has sent, also while nobody took updates. */
  readonly own: OwnMessages;
}

/** What Telegram has sent, and nobody has looked at yet. */
export interface Packet {
  readonly updates: Api.Updates;
  /** The call that it answers; undefined for what came by itself. */
  readonly request?: TlObject;
}

/** An update whose handler has returned a promise. */
interface Slow {
  readonly delivery: Delivery;
  /** Resolves to whether the update is consumed. */
  readonly done: Promise<boolean>;
}

/** The updates of one user, from the first to the last. */
interface Run {
  readonly userId: bigint;
  readonly isBot: boolean;
  readonly boxes: MessageBoxes;
  readonly consumed: ConsumedState;
}

/** Receives the updates of an account. */
export class UpdatesDriver {
  readonly #host: DriverHost;
  readonly #consumers: Consumers;
  readonly #kept: KeptState;
  readonly #early: () => readonly Packet[];
  readonly #openChats: OpenChats;
  readonly #seen = new SeenObjects();
  readonly #own: OwnMessages;
  readonly #caughtUp: PromiseWithResolvers<void> = Promise.withResolvers();
  #run: Run | undefined;
  /** The run of the user who has signed out: a handler may still be at work. */
  #left: Run | undefined;
  /** The user to whom the access hashes of the seen users and chats belong. */
  #owner: bigint | undefined;
  readonly #packets = new Queue<Packet>();
  readonly #deliveries = new Queue<Delivery>();
  #peers: {
    readonly users: readonly Api.User[];
    readonly chats: readonly Api.Chat[];
    readonly all: PacketPeers;
  } | undefined;
  /** The run whose updates are handed to the program right now. */
  #delivering: Run | undefined;
  #delivered: Promise<void> = Promise.resolve();
  /** The handler that is at work, and its update. */
  #slow: Slow | undefined;
  #requests = 0;
  #isConnecting = false;
  #end: Error | undefined;
  #alarm: { readonly at: number; readonly stop: AbortController } | undefined;
  #pulse: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Returns whether a user or chat can be used. */
  readonly #knows = (peer: Api.Peer): boolean => {
    const id = peerId(peer);
    return id === this.#run?.userId || this.#seen.get(id) !== undefined;
  };

  constructor({ host, consumers, place, early, own }: DriverOptions) {
    this.#host = host;
    this.#consumers = consumers;
    const current = (): string | undefined => {
      const run = this.#run ?? this.#left;
      const state = run?.consumed.state;
      return run && state && formatUpdatesState(state, run.userId);
    };
    this.#kept = new KeptState({ host, place, current, onSaved: () => this.#wake() });
    this.#early = early;
    this.#openChats = openChatsOf(host);
    this.#own = own;
    useGeneratedDecoders();
  }

  /**
   * Receives updates until `signal` aborts or the client is disconnected. Rejects when Telegram has
   * ended the session, or when the client cannot be connected.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { lifetime } = this.#host;
    await withAnySignal(lifetime, signal, async (either) => {
      try {
        await this.#receive(either);
      } catch (error) {
        if (!either.aborted) throw error;
      }
    });
  }

  /**
   * Resolves when the program has consumed all that Telegram has now. Rejects if a handler was at
   * work before, and does not end: it may itself wait for what waits for it.
   *
   * @param isInside whether that handler is the caller
   */
  async caughtUp(isInside: boolean): Promise<void> {
    if (isInside) this.refuseInside();
    const end = this.#caughtUp.promise;
    const slow = this.#slow;
    if (slow !== undefined) {
      const { clock, lifetime } = this.#host;
      const over = new AbortController();
      const late = withAnySignal(lifetime, over.signal, async (signal) => {
        await clock.sleep(MOST_AT_WORK, signal);
        throw new Error(
          "Cannot catch up: a handler has been at work on an update for a minute, and the next " +
            `one waits for it. ${OUTSIDE}`,
        );
      });
      late.catch(() => {}); // it is no error if the handler ends
      await Promise.race([slow.done, end, late]).finally(() => over.abort());
    }
    await end;
  }

  /**
   * Refuses a loop that was begun by a handler.
   *
   * @throws {TypeError} if the handler is still at work, and so waits for its own end
   */
  refuseInside(): void {
    if (this.#slow === undefined) return;
    throw new TypeError(
      "Cannot take updates in a handler that waits for them: the next update waits for the " +
        `handler. ${OUTSIDE}`,
    );
  }

  async #receive(signal: AbortSignal): Promise<void> {
    const host = this.#host;
    const wake = (): void => this.#wake();
    const over = new AbortController();
    const end = (): void => {
      over.abort();
      wake();
    };
    const offs = [
      host.subscribe((updates) => this.#take({ updates })),
      host.onAnswer((request, answer) => this.#answered(request, answer)),
      host.onSave(wake),
      host.onStatus(({ state }) => state === "closed" && this.#reopen(over.signal)),
    ];
    signal.addEventListener("abort", end, { once: true });
    for (const packet of this.#early()) {
      if (packet.request === undefined) this.#take(packet);
      else this.#answered(packet.request, packet.updates);
    }
    try {
      await this.#connect(signal);
      while (!signal.aborted) {
        this.#pulse = Promise.withResolvers();
        if (host.session.state.user?.id !== this.#run?.userId) await this.#begin(signal);
        this.#work(signal);
        if (this.#end !== undefined) throw this.#end;
        await this.#pulse.promise;
      }
      await this.#lastDelivered();
    } finally {
      signal.removeEventListener("abort", end);
      over.abort();
      this.#openChats.leave();
      for (const off of offs) off();
      this.#alarm?.stop.abort();
      await this.#kept.save();
    }
  }

  /**
   * Waits for the handler that has taken itself off and is still at work. The end of a client waits
   * for no handler: it may be what ends it.
   */
  async #lastDelivered(): Promise<void> {
    try {
      await abortable(this.#delivered, this.#host.lifetime);
    } catch {
      // disconnected: the update was not consumed
    }
  }

  /** A connection was given up after too many attempts. Without one, nothing comes. */
  async #reopen(signal: AbortSignal): Promise<void> {
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    try {
      await this.#host.clock.sleep(RECONNECT_PAUSE, signal);
      await this.#connect(signal);
    } catch (error) {
      if (!signal.aborted) this.#end ??= error as Error;
      this.#wake();
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    this.#isConnecting = true;
    try {
      await this.#connectAgain(signal);
    } finally {
      this.#isConnecting = false;
    }
  }

  /** Connects, again and again while the network fails. */
  async #connectAgain(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#host.connect({ signal });
        // A session of another library may not know whose it is.
        if (this.#host.session.state.user === undefined) await currentUser(this.#host, { signal });
        return;
      } catch (error) {
        if (!(error instanceof ConnectionError) || error.permanent || signal.aborted) throw error;
        this.#host.log.warn(`Cannot receive updates: ${error.message}`);
        await this.#host.clock.sleep(RECONNECT_PAUSE, signal);
      }
    }
  }

  /** Begins with the updates of the user who is signed in now. */
  async #begin(signal: AbortSignal): Promise<void> {
    const { session, log } = this.#host;
    const { user } = session.state;
    if (this.#run !== undefined) this.#packets.clear(); // those of another user
    this.#left = this.#run ?? this.#left;
    this.#run = undefined;
    this.#deliveries.clear();
    if (user === undefined) return;
    if (this.#owner !== undefined && this.#owner !== user.id) this.#seen.clear();
    this.#owner = user.id;
    await this.#kept.save(); // what a handler has consumed while it signed out
    this.#left = undefined;
    const text = await this.#kept.load(signal);
    if (session.state.user?.id !== user.id) return this.#wake();
    const parsed = text === undefined ? undefined : parseUpdatesState(text, user.id);
    if (parsed !== undefined && "refused" in parsed) {
      log.warn(`The updates begin from now: their kept state is of no use, ${parsed.refused}`);
    }
    const state = parsed === undefined
      ? importedState(session)
      : "state" in parsed
      ? parsed.state
      : undefined;
    const { id: userId, isBot } = user;
    const boxes = new MessageBoxes({ self: { id: userId, isBot }, state });
    this.#run = { userId, isBot, boxes, consumed: new ConsumedState(boxes) };
    this.#openChats.use(boxes, () => this.#wake());
    this.#kept.begin(text);
  }

  /** Does all that can be done now, and sets the alarm for the rest. */
  #work(signal: AbortSignal): void {
    const { clock } = this.#host;
    const run = this.#run;
    // What comes just before the sign-in is noted is not lost.
    if (run === undefined) return this.#saveSoon();
    const { boxes } = run;
    this.#unpack(run);
    this.#deliver(run, signal);
    let until = Infinity;
    while (this.#deliveries.size < MOST_WAITING) {
      const want = boxes.want(clock.monotonic());
      if (want?.kind === "wait") until = want.until;
      if (want === undefined || want.kind === "wait") break;
      void this.#fetch(run, want, signal);
    }
    const isBehind = boxes.isBehind && until <= clock.monotonic() + LONGEST_WAIT;
    const isBusy = isBehind || this.#requests > 0 || this.#delivering === run;
    const isDone = !isBusy && this.#deliveries.size === 0 && this.#packets.size === 0;
    if (isDone && !signal.aborted) this.#caughtUp.resolve();
    this.#setAlarm(until);
    this.#saveSoon();
  }

  #unpack({ boxes }: Run): void {
    const now = this.#host.clock.monotonic();
    while (this.#deliveries.size < MOST_WAITING) {
      const packet = this.#packets.take();
      if (packet === undefined) return;
      const { updates, request } = packet;
      this.#kept.change();
      this.#seen.seeAnswer(updates);
      const knows = this.#knows;
      const options = request === undefined ? { knows } : { knows, own: true, request };
      this.#deliveries.add(boxes.receive(updates, now, options));
    }
  }

  /** Hands the updates to the program, one after the other, if that is not being done. */
  #deliver(run: Run, signal: AbortSignal): void {
    if (this.#delivering === run) return;
    const slow = this.#deliverNow(run, signal);
    if (slow === undefined) {
      if (this.#packets.size > 0) this.#wake(); // there is room for them now
      return;
    }
    this.#delivering = run;
    this.#delivered = this.#deliverSlowly(run, signal, slow).finally(() => {
      if (this.#delivering === run) this.#delivering = undefined;
      this.#wake();
    });
  }

  /** Hands over updates until a handler returns a promise. Returns that handler and its update. */
  #deliverNow(run: Run, signal: AbortSignal): Slow | undefined {
    while (run === this.#run && !signal.aborted) {
      const delivery = this.#deliveries.take();
      if (delivery === undefined) return undefined;
      const isOwn = this.#own.take(run.userId, delivery.update) || delivery.own ||
        (run.isBot && isOutgoing(delivery.update));
      const done = isOwn ? undefined : this.#consumers.deliver(this.#updateOf(delivery));
      if (done !== undefined) return this.#slow = { delivery, done };
      this.#consume(run, delivery);
    }
  }

  async #deliverSlowly(run: Run, signal: AbortSignal, first: Slow): Promise<void> {
    let slow: Slow | undefined = first;
    while (slow !== undefined) {
      const isConsumed = await slow.done;
      this.#slow = undefined;
      if (!isConsumed) return;
      this.#consume(run, slow.delivery);
      // Handlers may be slow: what they have done with is saved while others wait.
      if (!signal.aborted) this.#saveSoon();
      slow = this.#deliverNow(run, signal);
    }
  }

  #consume(run: Run, delivery: Delivery): void {
    run.consumed.consume(delivery);
    this.#kept.change();
    const failures = this.#consumers.takeFailures();
    if (failures.length > 0) void this.#saveAndReport(failures);
  }

  async #saveAndReport(failures: readonly unknown[]): Promise<void> {
    await this.#kept.save();
    for (const error of failures) this.#consumers.report(error);
  }

  #updateOf({ update, users, chats }: Delivery): Update {
    if (update._ === "gap") return gapOf(update);
    if (this.#peers?.users !== users || this.#peers.chats !== chats) {
      const get = (id: bigint): Api.User | Api.Chat | undefined => this.#seen.get(id);
      this.#peers = { users, chats, all: new PacketPeers(users, chats, { get }) };
    }
    return updateOf(this.#host, update, this.#peers.all);
  }

  /** Makes a request that the boxes want. */
  async #fetch(
    run: Run,
    want: Exclude<Want, { kind: "wait" }>,
    signal: AbortSignal,
  ): Promise<void> {
    const { boxes } = run;
    const { clock, log } = this.#host;
    this.#requests++;
    try {
      const answer = await this.#ask(want, signal);
      if (run !== this.#run) return;
      this.#seen.seeAnswer(answer);
      this.#deliveries.add(boxes.answer(want, answer, clock.monotonic()));
    } catch (error) {
      if (signal.aborted || run !== this.#run) return;
      const { code, errorMessage: text, seconds } = error instanceof RpcError
        ? error
        : { code: undefined, errorMessage: undefined, seconds: undefined };
      log.warn(`Cannot fetch missed updates: ${(error as Error).message}`);
      const reason = error instanceof UnknownChannel ? NO_ACCESS_HASH : text;
      this.#deliveries.add(boxes.fail(want, { code, text: reason, seconds }, clock.monotonic()));
      if (boxes.ended) this.#end ??= error as Error; // others fail after the one that ended them
    } finally {
      this.#kept.change();
      this.#requests--;
      this.#wake();
    }
  }

  async #ask(want: Exclude<Want, { kind: "wait" }>, signal: AbortSignal): Promise<Answer> {
    if (want.kind !== "getChannelDifference") {
      return await this.#host.invoke(want.request, { signal });
    }
    const { channelId, pts, limit, force } = want;
    return await this.#host.invoke({
      _: "updates.getChannelDifference",
      channel: await this.#channel(channelId),
      filter: { _: "channelMessagesFilterEmpty" },
      pts,
      limit,
      force,
    }, { signal });
  }

  async #channel(channelId: bigint): Promise<Api.InputChannel> {
    const { peers, session } = this.#host;
    const peer = await peers.find((store) => store.byId(channelPeerId(channelId)));
    // Bots may name channels by their id alone.
    const accessHash = peer?.accessHash ?? (session.state.user?.isBot ? 0n : undefined);
    if (accessHash === undefined) throw new UnknownChannel(channelId);
    return { _: "inputChannel", channelId, accessHash };
  }

  /**
   * Takes a packet. An answer always has room: overlooked, it would come again as an update that
   * another device has caused. Before a run begins, packets without room are dropped: the run
   * fetches them at its start.
   */
  #take(packet: Packet): void {
    if (this.#packets.size < MOST_WAITING || packet.request !== undefined) {
      this.#packets.add([packet]);
    } else if (this.#run !== undefined) this.#overlook(packet, this.#run);
    this.#wake();
  }

  /** Drops a packet without room. The boxes fetch its updates again later. */
  #overlook({ updates }: Packet, { boxes }: Run): void {
    this.#kept.change();
    this.#deliveries.add(boxes.overlook(updates, this.#host.clock.monotonic()));
  }

  /** Takes an answer that has updates in it, or moves the boxes without one. */
  #answered(request: TlObject, answer: unknown): void {
    if (isUpdates(answer)) {
      this.#own.see(this.#host.session.state.user?.id, answer);
      return this.#take({ updates: answer, request });
    }
    this.#seen.seeAnswer(answer);
    if (this.#run === undefined) return;
    const now = this.#host.clock.monotonic();
    this.#kept.change();
    this.#deliveries.add(this.#run.boxes.affected(request, answer, now));
    this.#wake();
  }

  /** Saves the state now or, if it was saved just before, a little later. */
  #saveSoon(): void {
    const dueAt = this.#kept.saveSoon();
    if (dueAt !== undefined) this.#setAlarm(dueAt);
  }

  #wake(): void {
    this.#pulse.resolve();
  }

  /** Has the loop go on at a time of the clock, at the latest. */
  #setAlarm(at: number): void {
    if (this.#alarm !== undefined && this.#alarm.at <= at) return; // it is set anew then
    this.#alarm?.stop.abort();
    this.#alarm = undefined;
    if (at === Infinity) return;
    const { clock } = this.#host;
    const alarm = this.#alarm = { at, stop: new AbortController() };
    clock.sleep(Math.max(at - clock.monotonic(), 0), alarm.stop.signal).then(() => {
      if (this.#alarm === alarm) this.#alarm = undefined;
      this.#wake();
    }, () => {});
  }
}

const OUTSIDE = "Take them outside of handlers, or add the handler with { wait: false }.";

/** The state that a session of another library had. */
function importedState({ state: { updates } }: Session): UpdatesState | undefined {
  return updates === undefined || updates.pts === 0
    ? undefined
    : { ...updates, channels: new Map() };
}

/** The account has not met a channel. */
class UnknownChannel extends Error {
  constructor(channelId: bigint) {
    super(`the channel ${channelId} is not known to this account`);
  }
}

/** A bot has no other devices: after a crash, its own messages come back in a difference. */
function isOutgoing(update: Delivery["update"]): boolean {
  const isNew = update._ === "updateNewMessage" || update._ === "updateNewChannelMessage";
  return isNew && update.message._ === "message" && update.message.out === true;
}
