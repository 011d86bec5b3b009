/**
 * A world of two programs that want one session in one store, with faults: answers that come late
 * or never, writes that land late, pauses, cuts, restarts, and clocks that are set, stand still or
 * run fast. The programs are the real code of sessions; time, store and clocks are simulated. A
 * seed decides everything. After each event the world checks that
 *
 * - at most one program may use a key,
 * - no write of a former holder lands after the first write of a later one, and
 * - a program that opens the session reads what was written last, so no write is lost.
 *
 * The state and the text of the updates are two texts, and each keeps these rules.
 */
import type { Clock } from "../../src/runtime/mod.ts";
import type { KeyValueStore } from "../../src/session/mod.ts";
import { OpenStore } from "../../src/session/stores/open_store.ts";
import { readStateText } from "../../src/session/state/state_text.ts";
import { readUpdatesText } from "../../src/session/updates/updates_text.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const D = 30_000;
const USER = { id: 1n, isBot: false };
/** How long a history is, in milliseconds. */
const LENGTH = 6 * D;

interface Event {
  readonly at: number;
  readonly order: number;
  /** The program that must run for it to happen; none for events of the store. */
  readonly program?: Program;
  readonly happen: () => void;
}

/** What a history saw. */
export interface History {
  /** What went wrong, if anything did. */
  readonly broken?: string;
  readonly takeovers: number;
  readonly saves: number;
  readonly losses: number;
  /** How often the text of the updates was saved. */
  readonly updates: number;
}

/** Runs everything that can run without time: no chain of promises of a session is longer. */
async function drain(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await undefined;
}

class World {
  now = 0;
  readonly random: (limit: number) => number;
  readonly values = new Map<string, string>();
  readonly programs: Program[] = [];
  /** The owners of the texts that landed under each key, in their order. */
  readonly landed: Readonly<Record<string, string[]>> = { "me:session": [], "me:updates": [] };
  broken: string | undefined;
  wasEmptied = false;
  takeovers = 0;
  saves = 0;
  losses = 0;
  updates = 0;
  #events: Event[] = [];
  #order = 0;

  constructor(seed: number) {
    const bytes = seededRandom(seed);
    this.random = (limit) => {
      const [a, b, c] = bytes(3);
      return (a << 16 | b << 8 | c) % limit;
    };
  }

  after(ms: number, happen: () => void, program?: Program): () => void {
    const event = { at: this.now + ms, order: this.#order++, program, happen };
    this.#events.push(event);
    return () => this.#events = this.#events.filter((one) => one !== event);
  }

  /** Drops what a killed program waits for. What it has asked of the store still happens. */
  drop(program: Program): void {
    this.#events = this.#events.filter((event) => event.program !== program);
  }

  async run(): Promise<void> {
    while (this.now < LENGTH && this.broken === undefined) {
      await drain();
      this.check();
      const event = this.#next();
      if (event === undefined) return;
      this.now = Math.max(this.now, event.at);
      if (event.program !== undefined && event.program.pausedUntil > this.now) {
        this.#events.push({ ...event, at: event.program.pausedUntil });
        continue;
      }
      event.happen();
    }
  }

  check(): void {
    const users = this.programs.filter((program) => program.mayUse());
    const keys = users.map(({ key }) => key);
    if (new Set(keys).size < keys.length) this.fail("two programs use one key");
  }

  fail(what: string): void {
    this.broken ??= `${what} at ${this.now} ms`;
  }

  #next(): Event | undefined {
    let first: Event | undefined;
    for (const event of this.#events) {
      const isBefore = first === undefined || event.at < first.at ||
        (event.at === first.at && event.order < first.order);
      if (isBefore) first = event;
    }
    this.#events = this.#events.filter((event) => event !== first);
    return first;
  }
}

/** A machine with one program on it, which is started again when it ends. */
class Program {
  pausedUntil = 0;
  /** The key that the session had when it was opened; new sessions have a new one. */
  key = 0;
  #life = 0;
  #cutUntil = 0;
  #rate: number;
  #jumped = 0;
  #stood = 0;
  #open: OpenStore | undefined;
  /** Known once a state with it was read or saved: a sign-in saves the state first. */
  #user: bigint | undefined;
  readonly #name: string;
  readonly #world: World;
  /** Its clocks fail in one way: the monotonic one stands still, or the other one is set. */
  readonly #sleeps: boolean;
  /** How seldom something happens: in a busy history, nothing lasts long. */
  readonly #calm: number;

  constructor(world: World, name: string) {
    this.#world = world;
    this.#name = name;
    this.#rate = 0.99 + world.random(21) / 1000;
    this.#sleeps = world.random(2) === 0;
    this.#calm = 1 + world.random(5);
  }

  /** Whether it uses its key now, as far as a running program can. */
  mayUse(): boolean {
    if (this.pausedUntil > this.#world.now) return false;
    return this.#open?.mayUseKey() ?? false;
  }

  start(): void {
    const life = ++this.#life;
    this.#openSession(life).catch(() => {
      this.#after(500 + this.#world.random(2000), () => life === this.#life && this.start());
    });
  }

  /** A fault, or something that a program does. */
  act(): void {
    const world = this.#world;
    const long = world.random(3) === 0 ? 1.5 * D : D / 4;
    const next = this.#calm * (200 + world.random(4000));
    switch (world.random(12)) {
      case 0:
        this.pausedUntil = world.now + world.random(long);
        if (this.#sleeps && world.random(2) === 0) this.#stood += this.pausedUntil - world.now;
        break;
      case 1:
        this.#cutUntil = world.now + world.random(long);
        break;
      case 2:
        this.#kill();
        break;
      case 3:
        if (!this.#sleeps) this.#jumped += world.random(2 * D) - D;
        break;
      case 4:
        this.#close();
        break;
      default:
        this.#save();
    }
    world.after(next, () => this.act());
  }

  /** Ends it, and starts it again soon. */
  #kill(): void {
    this.#world.drop(this);
    this.#life++;
    this.#open = undefined;
    this.pausedUntil = 0;
    this.#after(this.#world.random(3000), () => this.start());
  }

  #close(): void {
    if (this.pausedUntil > this.#world.now) return;
    const open = this.#open;
    const life = this.#life;
    this.#open = undefined;
    open?.close().finally(() => {
      this.#after(this.#world.random(5000), () => life === this.#life && this.start());
    }).catch(() => {});
  }

  async #openSession(life: number): Promise<void> {
    const world = this.#world;
    const open = await OpenStore.open({
      name: "me",
      label: "me",
      source: this.#store(`${this.#name}${life}`),
      options: { leaseDuration: D, holder: this.#name, wait: true, clock: this.#clock() },
      signal: new AbortController().signal,
      userId: () => this.#user,
      onLost: () => {
        if (life !== this.#life) return;
        world.losses++;
        this.#close();
      },
    });
    if (life !== this.#life) return;
    world.takeovers++;
    const saved = world.values.get("me:session");
    // It may have lost the lease, or the store its texts, before it has read the answer.
    if (open.mayUseKey() && saved !== undefined) {
      const last = readStateText(saved);
      const isKnown = !world.wasEmptied || open.state?.dcId === last.dcId;
      if (isKnown && open.state?.updates?.pts !== last.updates?.pts) {
        world.fail(`${this.#name} reads another state than the last`);
      }
    }
    this.#user = open.state?.user?.id;
    await this.#checkUpdates(open);
    if (life !== this.#life) return;
    this.key = open.state?.dcId ?? world.random(1 << 20) + 1;
    this.#open = open;
    this.#save();
  }

  /** Checks that it reads the text of the updates that was written last. */
  async #checkUpdates(open: OpenStore): Promise<void> {
    const world = this.#world;
    const found = await open.updates.load();
    const saved = world.values.get("me:updates");
    const isKnown = this.#user !== undefined && saved !== undefined && !world.wasEmptied;
    if (!open.mayUseKey() || !isKnown) return;
    if (found !== readUpdatesText(saved).text) {
      world.fail(`${this.#name} reads other updates than the last`);
    }
  }

  #save(): void {
    const open = this.#open;
    if (open === undefined || this.pausedUntil > this.#world.now) return;
    const number = 1 + this.#world.random(1 << 20);
    if (this.#user !== undefined && this.#world.random(2) === 0) {
      open.updates.save(String(number)).then(() => this.#world.updates++, () => {});
      return;
    }
    const updates = { pts: number, qts: 0, date: 0, seq: 0 };
    open.save({ dcId: this.key, dcs: [], user: USER, updates })
      .then(() => {
        this.#world.saves++;
        if (open === this.#open) this.#user = USER.id;
      }, () => {});
  }

  #after(ms: number, happen: () => void): () => void {
    return this.#world.after(ms, happen, this);
  }

  #clock(): Clock {
    const world = this.#world;
    return {
      now: () => 1e12 + world.now * this.#rate + this.#jumped,
      monotonic: () => world.now * this.#rate - this.#stood,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          const stop = this.#after(ms / this.#rate, resolve);
          signal?.addEventListener("abort", () => {
            stop();
            reject(signal.reason);
          }, { once: true });
        }),
    };
  }

  /** The store, over a line with delays. A question or an answer may be lost for ever. */
  #store(owner: string): KeyValueStore {
    const world = this.#world;
    const { values } = world;
    const ask = <T>(work: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        const isCut = (): boolean => this.#cutUntil > world.now;
        const delay = (): number =>
          isCut() ? this.#cutUntil - world.now + world.random(D) : world.random(200);
        const life = this.#life;
        if (isCut() && world.random(2) === 0) {
          if (world.random(2) === 0) this.#after(2000, () => reject(new Error("cut off")));
          return; // never asked
        }
        world.after(delay(), () => {
          const answer = work();
          if (isCut() && world.random(2) === 0) return; // never answered
          this.#after(delay(), () => life === this.#life && resolve(answer));
        });
      });
    const set = (key: string, value: string | undefined): true => {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      this.#landed(key, owner);
      return true;
    };
    return {
      get: (key) => ask(() => values.get(key)),
      set: (key, value) => ask(() => set(key, value)),
      delete: (key) => ask(() => set(key, undefined)),
      swap: (key, current, next) => ask(() => values.get(key) === current && set(key, next)),
      setIf: (key, value, guard) =>
        ask(() => values.get(guard.key)?.startsWith(guard.prefix) === true && set(key, value)),
    };
  }

  #landed(key: string, owner: string): void {
    const landed = this.#world.landed[key];
    if (landed === undefined || landed.at(-1) === owner) return;
    if (landed.includes(owner)) this.#world.fail(`a late write of ${owner} landed`);
    landed.push(owner);
  }
}

/** Plays the history of a seed. */
export async function playHistory(seed: number, empties = false): Promise<History> {
  const world = new World(seed);
  for (const name of ["a", "b"]) {
    const program = new Program(world, name);
    world.programs.push(program);
    world.after(world.random(3000), () => program.start(), program);
    world.after(world.random(5000), () => program.act());
  }
  const empty = (): void => {
    world.wasEmptied = true;
    world.values.clear();
  };
  if (empties) world.after(world.random(LENGTH), empty);
  await world.run();
  const { broken, takeovers, saves, losses, updates } = world;
  return { broken, takeovers, saves, losses, updates };
}
