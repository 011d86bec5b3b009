/**
 * Worlds of two programs, on two computers, that want one session in one store. The second begins
 * while the first lives. They pause, crash and leave, and are cut from the store, whose answers are
 * slow and whose writes may land late. The offline Telegram is the judge: it voids a key that two
 * programs use at once. A seed decides everything.
 */
import { Client, type KeyValueStore, StoreSession } from "../../mod.ts";
import { writeStateText } from "../../src/session/state/state_text.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { API_LAYER } from "../../src/tl/mod.ts";
import "../helpers/remembered_powers.ts";
import { type Computer, Network } from "./network.ts";
import { RandomStream } from "./random_stream.ts";
import { ProcessClock, VirtualTime } from "./virtual_time.ts";

/** What became of a world. */
export interface Outcome {
  /** The rules that were broken. */
  readonly broken: readonly string[];
  /** How often each thing happened. */
  readonly counts: Readonly<Record<string, number>>;
}

const ADA = "+9996621111";
const NAME = "ada";
const SECOND = 1000;
/** How long programs have to be well again when nothing disturbs them, and then to end. */
const LAST = 300 * SECOND;
const FAULTS = ["pause", "cutStore", "crash", "leave"] as const;

/**
 * The list by which a process knows the leases that it has given up. The programs of a world share
 * a process, but are to be strangers to each other.
 */
const LIST = Symbol.for("tessera.leases");

class NoList extends Set<string> {
  override has(): boolean {
    return false;
  }
}

/** Runs the world of a seed. `exclusive` false takes the lease away, which must break it. */
export async function runWorld(seed: number, { exclusive = true } = {}): Promise<Outcome> {
  const place = globalThis as { [LIST]?: Set<string> };
  const before = place[LIST];
  place[LIST] = new NoList();
  try {
    return await new World(seed, exclusive).run();
  } finally {
    place[LIST] = before;
  }
}

class World {
  readonly time = new VirtualTime();
  readonly random: RandomStream;
  readonly texts = new Map<string, string>();
  readonly network: Network;
  readonly telegram: OfflineTelegram;
  readonly broken: string[] = [];
  readonly counts: Record<string, number> = {};
  readonly exclusive: boolean;
  readonly leaseDuration: number;
  /** The messages that a program says it has sent. */
  readonly sent = new Set<string>();
  isCalm = false;
  isOver = false;

  constructor(seed: number, exclusive: boolean) {
    const { time } = this;
    this.random = new RandomStream(seed, "world");
    this.exclusive = exclusive;
    this.leaseDuration = this.random.pick([10, 30]) * SECOND;
    const signedIn = new Set<string>();
    this.telegram = new OfflineTelegram({
      accounts: [{ phone: ADA }],
      bots: [],
      clock: new ProcessClock(time),
      random: new RandomStream(seed, "server").bytes,
      onMessage: ({ authKeyId, dcId, sessionId }) => {
        if (signedIn.has(authKeyId)) return;
        signedIn.add(authKeyId);
        this.telegram.api.signIn(ADA, { authKeyId, dcId, sessionId, layer: API_LAYER });
      },
    });
    this.network = new Network({
      time,
      random: new RandomStream(seed, "network"),
      latency: this.random.magnitude(5, 300),
      jitter: 30,
      serve: (dcId, stream) => void this.telegram.dc(dcId).serve(stream),
      onFault: () => {},
      onEvent: () => {},
      onDial: (program, dcId) => ({ program, dcId, at: time.now, isAnswered: false }),
    });
    const user = { id: this.telegram.api.userId(ADA) ?? 0n, isBot: false };
    this.texts.set(`${NAME}:session`, writeStateText({ dcId: 2, dcs: [], user }));
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  async run(): Promise<Outcome> {
    const { api } = this.telegram;
    const voidAuthKeys = api.voidAuthKeys.bind(api);
    api.voidAuthKeys = (caller) => {
      this.broken.push(`two programs used the key at once, at ${this.time.now}`);
      voidAuthKeys(caller);
    };
    const arrived = new Map<string, number>();
    api.watch(ADA, ({ updates }) => {
      for (const update of updates) {
        if (update._ !== "updateNewMessage" || update.message._ !== "message") continue;
        const { message } = update.message;
        arrived.set(message, (arrived.get(message) ?? 0) + 1);
      }
    });
    const places = [new Place(this, 1), new Place(this, 2)];
    places[0].begin();
    this.time.after(this.random.below(20 * SECOND), () => places[1].begin());
    const duration = this.random.magnitude(60 * SECOND, 300 * SECOND);
    for (let faults = this.random.below(8); faults >= 0; faults--) {
      const at = this.random.below(duration);
      const ms = this.random.magnitude(100, 90 * SECOND);
      const place = this.random.pick(places);
      const kind = this.random.pick(FAULTS);
      this.time.after(at, () => place.disturb(kind, ms));
    }
    await this.time.runUntil(duration);
    this.isCalm = true;
    const before = this.sent.size;
    await this.time.runUntil(duration + LAST, () => this.sent.size > before);
    if (this.sent.size === before) this.broken.push("no program works at last");
    await this.#end(places);
    for (const text of this.sent) {
      if (!arrived.has(text)) this.broken.push(`the message ${text} is lost`);
    }
    for (const [text, times] of arrived) {
      if (times > 1) this.broken.push(`the message ${text} was sent ${times} times`);
    }
    const counts = { ...this.counts, messages: arrived.size };
    return { broken: this.broken, counts };
  }

  async #end(places: readonly Place[]): Promise<void> {
    this.isOver = true;
    let left = places.length;
    for (const place of places) place.end().finally(() => left--).catch(() => {});
    await this.time.runUntil(this.time.now + LAST, () => left === 0);
    if (left > 0) this.broken.push(`${left} programs do not end`);
    for (const { number, pending, program } of places) {
      if (pending > 0) this.broken.push(`${pending} calls of program ${number} do not end`);
      const sleepers = program?.clock.sleepers ?? 0;
      if (sleepers > 0) this.broken.push(`program ${number} has ${sleepers} sleepers at its end`);
    }
  }
}

/** A program while it runs. */
interface Running extends Computer {
  readonly clock: ProcessClock;
  readonly client: Client<StoreSession>;
  isAlive: boolean;
  sleepsUntil: number;
}

/** A computer on which a program runs, and is started again after a crash. */
class Place {
  readonly number: number;
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #wait: boolean;
  program: Running | undefined;
  /** The calls of the program that runs which have not ended. */
  pending = 0;
  #isResting = false;
  #working: Promise<void> = Promise.resolve();
  #cut = { until: 0, hangs: false };
  #starts = 0;
  #sent = 0;

  constructor(world: World, number: number) {
    this.number = number;
    this.#world = world;
    this.#random = world.random;
    this.#wait = world.random.chance(0.5);
  }

  /** Starts the program. */
  begin(): void {
    const { time, network, telegram, exclusive, leaseDuration } = this.#world;
    if (this.#world.isOver) return;
    this.#starts++;
    const clock = new ProcessClock(time, this.#random.below(4_000_000) - 2_000_000);
    const program = { number: this.number, clock, isAlive: true, sleepsUntil: 0 };
    const holder = `program ${this.number}.${this.#starts}`;
    const options = { exclusive, leaseDuration, clock, holder, wait: this.#wait };
    const client = new Client(
      new StoreSession(NAME, this.#storeOf(program), options),
      telegram.apiId,
      telegram.apiHash,
      {
        dcs: telegram.dcs,
        keys: telegram.keys,
        dial: network.dialOf(program),
        clock,
        random: new RandomStream(this.#random.word(), "client").bytes,
      },
    );
    const running = this.program = Object.assign(program, { client });
    this.#working = this.#work(running);
  }

  /** Makes a fault. */
  disturb(kind: typeof FAULTS[number], ms: number): void {
    const { program } = this;
    const { time, network } = this.#world;
    if (program === undefined || this.#isResting) return;
    this.#world.count(kind);
    if (kind === "pause") {
      program.clock.suspend(ms);
      program.sleepsUntil = time.now + ms;
    } else if (kind === "cutStore") {
      this.#cut = { until: time.now + ms, hangs: this.#random.chance(0.5) };
    } else if (kind === "crash") {
      program.isAlive = false;
      program.clock.stop();
      network.loseProgram(this.number);
      this.program = undefined;
      this.pending = 0;
      time.after(ms, () => this.begin());
    } else {
      this.#isResting = true;
      this.#call(program, () => program.client.disconnect()).then(() =>
        time.after(ms, () => this.#isResting = false)
      );
    }
  }

  /** Ends the program. It may hear then that it has lost the session. */
  async end(): Promise<void> {
    const { program } = this;
    if (program === undefined) return;
    await this.#call(program, () => program.client.disconnect());
    await this.#working;
  }

  /** Connects when it must, and sends a message every few seconds. */
  async #work(program: Running): Promise<void> {
    const { client, clock } = program;
    while (!this.#world.isOver && program.isAlive) {
      if (!this.#isResting) {
        const text = `${this.number}.${++this.#sent}`;
        const isSent = await this.#call(program, async () => {
          if (client.status.state !== "connected") await client.connect();
          await client.sendMessage("me", text);
        });
        if (isSent) {
          this.#world.sent.add(text);
          this.#world.count(`sent by ${this.number}`);
        }
      }
      if (!this.#world.isOver) await clock.sleep(SECOND + this.#random.below(4 * SECOND));
    }
  }

  /** Makes a call. Returns whether it succeeds. */
  async #call(program: Running, run: () => Promise<unknown>): Promise<boolean> {
    this.pending++;
    try {
      await run();
      return true;
    } catch (error) {
      this.#world.count((error as Error).name);
      return false;
    } finally {
      if (program.isAlive) this.pending--;
    }
  }

  /** The store as this computer reaches it. What was asked is done, also for one that crashed. */
  #storeOf(program: { readonly isAlive: boolean; readonly sleepsUntil: number }): KeyValueStore {
    const { time, texts } = this.#world;
    const operate = async <T>(run: () => T): Promise<T> => {
      if (!program.isAlive) await hang();
      await time.sleep(this.#random.magnitude(1, 50));
      const { until, hangs } = this.#cut;
      if (!this.#world.isCalm && time.now < until) {
        if (!hangs) throw new Error("the line to the store is cut");
        await time.sleep(until - time.now);
      }
      const value = run();
      await time.sleep(this.#random.magnitude(1, 50));
      while (time.now < program.sleepsUntil) await time.sleep(program.sleepsUntil - time.now);
      if (!program.isAlive) await hang();
      return value;
    };
    const change = (key: string, value: string | undefined): true => {
      if (value === undefined) texts.delete(key);
      else texts.set(key, value);
      return true;
    };
    return {
      get: (key) => operate(() => texts.get(key)),
      set: (key, value) => operate(() => change(key, value)),
      delete: (key) => operate(() => change(key, undefined)),
      swap: (key, current, next) => operate(() => texts.get(key) === current && change(key, next)),
      setIf: (key, value, guard) =>
        operate(() =>
          (texts.get(guard.key)?.startsWith(guard.prefix) ?? false) && change(key, value)
        ),
    };
  }
}

function hang(): Promise<never> {
  return new Promise<never>(() => {});
}
