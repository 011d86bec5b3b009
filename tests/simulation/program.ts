/**
 * One run of a program with a client: from its start, with what the disk holds, to its end or its
 * crash. After a crash nothing of it goes on: no sleeper wakes, no byte arrives, no text is stored.
 */
import { Client, type ClientOptions, StoreSession } from "../../mod.ts";
import { fetchOver } from "../helpers/fetch_over.ts";
import type { Api } from "../../src/tl/mod.ts";
import type { CallRecord, History } from "./history.ts";
import type { Computer, Network } from "./network.ts";
import type { UpdatesParams } from "./params.ts";
import type { RandomStream } from "./random_stream.ts";
import type { Disk } from "./store.ts";
import { type Slowness, Taker, type Taking } from "./taker.ts";
import { ProcessClock, type VirtualTime } from "./virtual_time.ts";
import type { PlainMethod, StepKind } from "./workload.ts";

/** The parts of a program. */
export interface ProgramOptions {
  readonly number: number;
  readonly time: VirtualTime;
  readonly network: Network;
  readonly disk: Disk;
  readonly random: RandomStream;
  readonly history: History;
  readonly apiId: number;
  readonly apiHash: string;
  /** How far its clock is ahead of the world. */
  readonly ahead: number;
  readonly client: ClientOptions;
  /** How it takes updates; without it, it listens to packets. */
  readonly updates?: UpdatesParams;
  readonly slowness: () => Slowness;
}

/** The name of the session on the disk. */
export const SESSION_NAME = "ada";

/** Milliseconds until a program that could not connect tries again. */
const CONNECT_AGAIN = 10_000;

/** A running program. */
export class Program implements Computer, Taking {
  readonly number: number;
  readonly clock: ProcessClock;
  readonly client: Client<StoreSession>;
  isAlive = true;
  /** Until when its computer sleeps. */
  sleepsUntil = 0;
  readonly #options: ProgramOptions;
  readonly #taker: Taker | undefined;
  /** The ids of the own messages that were answered, oldest first. */
  readonly #ownIds: number[] = [];
  #turn = 0;
  #isPausing = false;
  /** Called when a call settles, by its number. */
  readonly #waiting = new Map<number, () => void>();

  constructor(options: ProgramOptions) {
    const { number, time, network, disk, random, history, ahead, apiId, apiHash } = options;
    this.#options = options;
    this.number = number;
    this.clock = new ProcessClock(time, ahead);
    history.lives.push({ program: number, from: time.now, to: Infinity });
    const { clock } = this;
    const session = new StoreSession(SESSION_NAME, disk.storeOf(this), { exclusive: false, clock });
    this.client = new Client(session, apiId, apiHash, {
      ...options.client,
      ...(options.client.transport === "http"
        ? { fetch: fetchOver(network.dialOf(this)) }
        : { dial: network.dialOf(this) }),
      clock,
      random: random.bytes,
      ...(options.updates === undefined && { onUpdates: (updates) => this.#hear(updates) }),
    });
    const { updates, slowness } = options;
    if (updates !== undefined) {
      const { client } = this;
      const { by } = updates;
      this.#taker = new Taker({ program: this, client, by, time, history, slowness });
    }
  }

  /** Whether it is disconnected on purpose. */
  get isPausing(): boolean {
    return this.#isPausing;
  }

  /** Connects, again and again until it succeeds. */
  connect(): void {
    const attempt = this.#record("connect", "connect", undefined, () => this.client.connect());
    this.#settled(attempt).then(async () => {
      if (attempt.error === undefined) return;
      await this.#options.time.sleep(CONNECT_AGAIN);
      if (this.isAlive && !this.#isPausing) this.connect();
    });
  }

  /** Begins to take updates, if it takes any. */
  takeUpdates(): void {
    if (!this.#isPausing) this.#taker?.begin();
  }

  /** Disconnects for good. */
  disconnect(): Promise<void> {
    this.#taker?.disconnecting();
    return this.client.disconnect().finally(() => this.#taker?.disconnected());
  }

  /** Ends it at once, as a crash does. */
  crash(): void {
    const { history, time, network } = this.#options;
    this.#taker?.end({ isCrash: true });
    this.isAlive = false;
    for (const save of history.badSaves) save.to = Math.min(save.to, time.now);
    this.clock.stop();
    network.loseProgram(this.number);
    for (const life of history.lives) {
      if (life.program === this.number) life.to = time.now;
    }
  }

  /** Carries out a step. `name` makes the texts of its messages unique. */
  carryOut(step: StepKind, name: string): void {
    this.#turn++;
    switch (step.kind) {
      case "send":
        for (let i = 0; i < step.count; i++) {
          this.send(step.chat, `${name}.${i}`, step.abortAfter);
        }
        return;
      case "call":
        return void this.#call(step.method, step.abortAfter);
      case "elsewhere":
        return void this.#callElsewhere();
      case "pause":
        return this.pause(step.ms);
      case "delete":
        return this.#delete(step.count);
      case "rest":
        this.#taker?.end();
        return void this.#options.time.after(step.ms, () => this.takeUpdates());
    }
  }

  /** Sends a message. */
  send(
    chat: string,
    text: string,
    abortAfter?: number,
    kind: "send" | "probe" = "send",
  ): CallRecord {
    return this.#record(kind, text, abortAfter, async (signal) => {
      const sent = await this.client.sendMessage(chat, text, { signal });
      if (chat === "me") this.#ownIds.push(sent.id);
      return sent.text === text && sent.id > 0
        ? undefined
        : `the message ${sent.id} "${sent.text}"`;
    });
  }

  /** Disconnects, and connects again. */
  pause(ms: number): void {
    void this.#pause(ms);
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isPausing) return;
    this.#isPausing = true;
    const { history, time } = this.#options;
    const pause = { program: this.number, from: time.now, to: Infinity };
    history.pauses.push(pause);
    const disconnection = this.#record("connect", "disconnect", undefined, async () => {
      await this.disconnect();
    });
    await this.#settled(disconnection);
    const { sleepers } = this.clock;
    if (sleepers > 0) history.broken.push(`${sleepers} sleepers after disconnect()`);
    await time.sleep(ms);
    if (!this.isAlive) return;
    this.#isPausing = false;
    this.connect();
    this.takeUpdates();
    pause.to = time.now;
  }

  /** Waits for the end of a call; for ever if the program ends before. */
  #settled({ number }: CallRecord): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(number, resolve));
  }

  #call(method: PlainMethod, abortAfter: number | undefined): CallRecord {
    return this.#record("call", method, abortAfter, async (signal) => {
      if (method === "help.getNearestDc") {
        const dc = await this.client.invoke({ _: method }, { signal });
        return dc.country === "US" ? undefined : `the country "${dc.country}"`;
      }
      if (method === "users.getUsers") {
        const users = await this.client.invoke({ _: method, id: [{ _: "inputUserSelf" }] }, {
          signal,
        });
        return users[0]?._ === "user" && users[0].self ? undefined : "not the user itself";
      }
      const found = await this.client.invoke({
        _: method,
        peer: { _: "inputPeerSelf" },
        offsetId: 0,
        offsetDate: 0,
        addOffset: 0,
        limit: 100,
        maxId: 0,
        minId: 0,
        hash: 0n,
      }, { signal });
      return "messages" in found ? undefined : "not a list of messages";
    });
  }

  #delete(count: number): void {
    const id = this.#ownIds.splice(-count);
    if (id.length === 0) return;
    this.#record("call", "messages.deleteMessages", undefined, async () => {
      const deleted = await this.client.invoke({ _: "messages.deleteMessages", id });
      return deleted.pts > 0 ? undefined : "no pts";
    });
  }

  #callElsewhere(): CallRecord {
    return this.#record("call", "elsewhere", undefined, async () => {
      const dc = await this.client.invoke({ _: "help.getNearestDc" }, { dcId: 4 });
      return dc.thisDc === 4 ? undefined : `DC ${dc.thisDc}`;
    });
  }

  #record(
    kind: CallRecord["kind"],
    name: string,
    abortAfter: number | undefined,
    run: (signal: AbortSignal | undefined) => Promise<string | undefined | void>,
  ): CallRecord {
    const { history, time } = this.#options;
    const record: CallRecord = {
      number: history.calls.length,
      program: this.number,
      name,
      kind,
      turn: this.number * 1_000_000 + this.#turn,
      at: time.now,
      settlements: 0,
    };
    history.calls.push(record);
    history.note(time.now, `call ${record.number} ${name}`);
    const abort = abortAfter === undefined ? undefined : new AbortController();
    time.after(abortAfter ?? 0, () => {
      if (abort === undefined || !this.isAlive || record.settledAt !== undefined) return;
      record.abortedAt = time.now;
      abort.abort(new DOMException("The step was aborted", "AbortError"));
    });
    const settle = (wrong: string | undefined, error?: Error): void => {
      if (!this.isAlive) return;
      record.settledAt = time.now;
      record.settlements++;
      record.error = error;
      record.wrong = wrong;
      history.note(time.now, `settled ${record.number} ${error?.message ?? "ok"}`);
      this.#waiting.get(record.number)?.();
      this.#waiting.delete(record.number);
      history.count(`settled: ${error === undefined ? "ok" : nameOf(error)}`);
    };
    run(abort?.signal).then(
      (wrong) => settle(wrong ?? undefined),
      (error) => settle(undefined, error),
    );
    return record;
  }

  #hear(updates: Api.Updates): void {
    const { history, time } = this.#options;
    if (!this.isAlive) {
      history.broken.push("a program heard an update after its end");
      return;
    }
    const all = "updates" in updates ? updates.updates : [updates];
    for (const update of all) {
      const what = textOf(update) ?? update._;
      history.heard.push({ program: this.number, what, at: time.now });
      history.note(time.now, `heard ${what.slice(0, 20)}`);
    }
  }
}

function textOf(update: Api.Update | Api.Updates): string | undefined {
  if (update._ === "updateShortMessage") return update.message;
  if (update._ !== "updateNewMessage" || update.message._ !== "message") return undefined;
  return update.message.message;
}

function nameOf(error: Error): string {
  const { errorMessage } = error as { errorMessage?: string };
  return errorMessage ?? error.name;
}
