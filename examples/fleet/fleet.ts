/**
 * One process of a fleet: every tenth of a lease it tells the others what it runs, looks who else
 * lives, and takes and hands over sessions by its plan.
 *
 * | event                            | what happens                                              |
 * |----------------------------------|-----------------------------------------------------------|
 * | a process comes                  | the others hand over what is above the new share          |
 * | a process drains                 | it hands over all, and ends                               |
 * | a process dies, or cannot reach  | its entry stands still; the others wait for its leases,   |
 * | the store                        | which end after 0.6 of their duration                     |
 * | we cannot reach the store        | our leases end after 0.4 of it, and the clients stop      |
 * | Telegram does not answer us      | we hand over all, if it answers another process           |
 * | a session fails                  | it is free for others, and rests here for a while         |
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { ClientOptions } from "@tessera/mtproto";
import { type KeyValueStore, listSessions } from "@tessera/mtproto/stores";
import { Members } from "./members.ts";
import { type Member, planFor } from "./plan.ts";
import { runSession } from "./run_session.ts";
import { Slots } from "./slots.ts";
import { Watch } from "./watch.ts";

/** The parts of a {@linkcode Fleet}. */
export interface FleetOptions {
  readonly store: KeyValueStore;
  /** The duration of a lease, in milliseconds. */
  readonly lease: number;
  readonly apiId: number;
  readonly apiHash: string;
  readonly clientOptions: ClientOptions;
  readonly log: (text: string) => void;
}

/** What is counted, for metrics.ts. */
export interface Counts {
  taken: number;
  lost: number;
  failed: number;
  worked: number;
  workFailed: number;
}

/** A session that we run, or wait for. */
interface Run {
  readonly stop: AbortController;
  isHeld: boolean;
  isLost: boolean;
}

/** The beats after which a silent process counts as dead. */
const SILENT_BEATS = 3;
/** The beats after which we count as cut off from Telegram. */
const CUT_OFF_BEATS = 4;
/** The beats between two looks at the list of sessions, which is long. */
const LIST_BEATS = 5;
/** The beats for which a session rests here after it has failed. */
const REST_BEATS = 20;
/** The sessions that connect to Telegram at once. */
const CONNECTING = 20;

/** A process of a fleet. */
export class Fleet {
  /** Our name in logs, and in the errors of other processes. */
  readonly id = `${hostname()}-${randomUUID().slice(0, 8)}`;
  readonly counts: Counts = {
    taken: 0,
    lost: 0,
    failed: 0,
    worked: 0,
    workFailed: 0,
  };
  /** The number of processes that live, with this one. */
  processes = 0;
  /** The number of sessions that this process may run. */
  share = 0;
  /** The number of sessions in the store. */
  get known(): number {
    return this.#names.length;
  }
  readonly #options: FleetOptions;
  readonly #beat: number;
  readonly #members: Members;
  readonly #watch: Watch;
  readonly #slots = new Slots(CONNECTING);
  readonly #runs = new Map<string, Run>();
  /** The sessions that have failed here, and until when they rest. */
  readonly #resting = new Map<string, number>();
  #names: string[] = [];
  #turns = 0;
  #turnedAt = -Infinity;
  #isDraining = false;
  #wake = (): void => {};

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#beat = options.lease / 10;
    this.#members = new Members(options.store, SILENT_BEATS * this.#beat);
    const silence = CUT_OFF_BEATS * this.#beat;
    this.#watch = new Watch({ ...options, interval: this.#beat, silence });
  }

  /** The number of sessions that we run. */
  get held(): number {
    return this.#self.held.length;
  }

  /** The number of sessions whose lease we wait for. */
  get waiting(): number {
    return this.#self.waiting.length;
  }

  /** Whether we take sessions: we do not drain, and Telegram and the store answer. */
  get isReady(): boolean {
    return !this.#isDraining && !this.#watch.isCutOff &&
      performance.now() - this.#turnedAt < SILENT_BEATS * this.#beat;
  }

  /** Runs until it has drained. */
  async run(): Promise<void> {
    const { log, lease } = this.#options;
    log(`${this.id} starts, with leases of ${lease / 1000} s`);
    const watching = this.#watch.run();
    while (!this.#isDraining || this.#runs.size > 0) {
      try {
        await this.#turn();
      } catch (error) {
        log(`The store fails: ${messageOf(error)}`);
      }
      await this.#sleep(this.#isDraining ? this.#beat / 10 : this.#beat);
    }
    await this.#members.leave(this.#self).catch(() => {}); // the others notice the silence
    this.#watch.stop();
    await watching;
    log(`${this.id} has drained`);
  }

  /** Hands all sessions over; `run` ends then. */
  drain(): void {
    this.#options.log(`${this.id} drains ${this.#runs.size} sessions`);
    this.#isDraining = true;
    this.#stop([...this.#runs.keys()]);
    this.#wake();
  }

  /** What the others learn of us. */
  get #self(): Member {
    const now = performance.now();
    for (const [name, until] of this.#resting) {
      if (until < now) this.#resting.delete(name);
    }
    const names = (isHeld: boolean): string[] =>
      [...this.#runs].filter(([, run]) => run.isHeld === isHeld).map(([name]) => name);
    return {
      id: this.id,
      held: names(true),
      waiting: names(false),
      failed: [...this.#resting.keys()],
      isDraining: this.#isDraining,
      isCutOff: this.#watch.isCutOff,
    };
  }

  async #turn(): Promise<void> {
    const others = await this.#members.beat(this.#self);
    if (this.#turns % LIST_BEATS === 0) {
      this.#names = await listSessions(this.#options.store);
    }
    this.#turnedAt = performance.now();
    this.processes = others.length + 1;
    const self = this.#self;
    const { share, take, stop } = planFor(self, this.#names, [self, ...others]);
    this.share = share;
    this.#stop(stop);
    // In the first turn it only looks: processes that start together see each other first.
    if (this.#turns++ > 0) { for (const name of take) this.#start(name); }
  }

  #stop(names: readonly string[]): void {
    for (const name of names) this.#runs.get(name)?.stop.abort();
  }

  async #start(name: string): Promise<void> {
    const { id, counts } = this;
    const run: Run = { stop: new AbortController(), isHeld: false, isLost: false };
    const { signal } = run.stop;
    this.#runs.set(name, run);
    const onHeld = (): void => {
      run.isHeld = true;
      counts.taken++;
    };
    const onLost = (): void => void (run.isLost = true);
    try {
      const slots = this.#slots;
      await runSession(name, { ...this.#options, id, counts, slots, signal, onHeld, onLost });
    } catch (error) {
      if (run.isLost) counts.lost++;
      else {
        counts.failed++;
        this.#resting.set(name, performance.now() + REST_BEATS * this.#beat);
      }
      this.#options.log(`The session "${name}" stops: ${messageOf(error)}`);
    } finally {
      this.#runs.delete(name);
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
