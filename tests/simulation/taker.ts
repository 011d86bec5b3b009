/**
 * The part of a program that takes updates: by a loop over `client.updates()` or by handlers. It
 * notes what it gets, and when it has done with it. After an error it begins anew.
 */
import type { Client } from "../../mod.ts";
import type { Update } from "../../src/messages/chats/mod.ts";
import { channelPeerId } from "../../src/session/mod.ts";
import type { History, Run } from "./history.ts";
import { COMMON, eventOf } from "./others.ts";
import type { UpdatesParams } from "./params.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** How slow the programs are: each update takes `more` milliseconds. */
export interface Slowness {
  readonly until: number;
  readonly more: number;
}

/** A program that takes updates. */
export interface Taking {
  readonly number: number;
  readonly isAlive: boolean;
  /** Disconnects, and connects again. */
  pause(ms: number): void;
}

/** The parts of a taker. */
export interface TakerOptions {
  readonly program: Taking;
  readonly client: Client;
  readonly by: UpdatesParams["by"];
  readonly time: VirtualTime;
  readonly history: History;
  readonly slowness: () => Slowness;
}

const AGAIN = 10_000;

/** Takes the updates of one program. */
export class Taker {
  readonly #options: TakerOptions;
  #run: Run | undefined;
  #stop: AbortController | undefined;
  /** Whether the client is disconnected, so that nothing may come. */
  #isClosed = false;
  /** Resolves when the last loop has ended: it may be at work on an update. */
  #looping: Promise<void> = Promise.resolve();
  /** How often it was begun. */
  #beginnings = 0;

  constructor(options: TakerOptions) {
    this.#options = options;
  }

  /** Begins to take updates, if it does not. */
  begin(): void {
    const { by, program } = this.#options;
    this.#isClosed = false;
    if (!program.isAlive) return;
    this.#beginnings++;
    this.#beginRun();
    const isOn = this.#stop !== undefined;
    const stop = this.#stop ??= new AbortController();
    if (by === "handlers") {
      if (!isOn) this.#handle(stop);
      this.#watch(stop);
    } else if (!isOn) this.#looping = this.#loop(stop, this.#looping);
  }

  /** Ends it. */
  end({ isCrash = false } = {}): void {
    this.#endRun(isCrash);
    this.#beginnings++;
    if (isCrash) return;
    this.#stop?.abort();
    this.#stop = undefined;
  }

  /** The client is being disconnected. */
  disconnecting(): void {
    this.#endRun();
    this.#beginnings++;
  }

  /** The client is disconnected. */
  disconnected(): void {
    this.#isClosed = true;
  }

  async #loop(stop: AbortController, before: Promise<void>): Promise<void> {
    const { client } = this.#options;
    await before;
    if (this.#stop !== stop) return;
    if (!this.#isRunning()) return void (this.#stop = undefined);
    try {
      for await (const update of client.updates({ signal: stop.signal })) {
        await this.#consume(update);
      }
      if (this.#stop !== stop) return;
      this.#stop = undefined;
      // It was connected again while the last update took its time.
      if (this.#isRunning()) this.begin();
    } catch (error) {
      this.#failed(stop, error as Error);
    }
  }

  #handle(stop: AbortController): void {
    const { client } = this.#options;
    const take = (_: unknown, update: Update): void | Promise<void> => this.#consume(update);
    const offs = (["message", "edit", "delete", "gap"] as const).map((kind) =>
      client.on(kind, take)
    );
    stop.signal.addEventListener("abort", () => offs.forEach((off) => off()));
  }

  /** Listens to the end of the client, which is another one each time that it is connected. */
  #watch(stop: AbortController): void {
    this.#options.client.closed.catch((error) => {
      if (this.#stop !== stop || !this.#isRunning()) return;
      stop.abort();
      this.#failed(stop, error);
    });
  }

  #failed(stop: AbortController, error: Error): void {
    const { by, history, program, time } = this.#options;
    if (this.#stop !== stop || !this.#isRunning()) return;
    this.#stop = undefined;
    this.#endRun();
    history.endings.push(error);
    history.count(`updates ended: ${error.name} ${error.message.slice(0, 30)}`);
    // The client has ended, as far as the handlers are concerned.
    if (by === "handlers") return program.pause(AGAIN);
    const beginning = this.#beginnings;
    time.after(AGAIN, () => beginning === this.#beginnings && this.begin());
  }

  #consume(update: Update): void | Promise<void> {
    const { history, time, program, slowness } = this.#options;
    if (!program.isAlive) return hang();
    const run = this.#run?.number ?? 0;
    const at = time.now;
    if (this.#isClosed) history.broken.push("an update is delivered after disconnect()");
    if (update.kind === "gap") {
      const { channelId, from, to = Infinity, reason } = update.gap;
      const box = channelId === undefined ? COMMON : `${channelPeerId(channelId)}`;
      history.gaps.push({ run, box, from, to, reason, at });
      history.note(at, `gap ${box} ${from} ${to} ${reason}`);
      history.count(`gap: ${reason}`);
      return;
    }
    const event = update.raw && eventOf(update.raw);
    if (event === undefined) return;
    const { box, key } = event;
    const delivered: (typeof history.delivered)[number] = { run, box, key, at };
    history.delivered.push(delivered);
    history.count("delivered");
    history.note(at, `delivered ${run} ${box} ${key}`);
    const { until, more } = slowness();
    if (at >= until) {
      delivered.consumedAt = at;
      return;
    }
    history.count("fault: slowConsumer");
    return time.sleep(more).then(() => {
      if (!program.isAlive) return hang();
      delivered.consumedAt = time.now;
    });
  }

  #isRunning(): boolean {
    return this.#run?.to === Infinity;
  }

  #beginRun(): void {
    const { history, program, time } = this.#options;
    this.#endRun();
    const number = history.runs.length + 1;
    this.#run = { number, program: program.number, from: time.now, to: Infinity, isCrash: false };
    history.runs.push(this.#run);
  }

  #endRun(isCrash = false): void {
    const run = this.#run;
    if (run === undefined || run.to !== Infinity) return;
    run.to = this.#options.time.now;
    run.isCrash = isCrash;
  }
}

function hang(): Promise<never> {
  return new Promise<never>(() => {});
}
