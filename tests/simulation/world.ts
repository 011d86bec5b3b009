/**
 * A world: a program with a client, its computer, the network and the servers, in virtual time.
 * First it has faults, then it has peace, in which everything must come to an end:
 *
 * | phase   | how long            | what happens                                              |
 * |---------|---------------------|-----------------------------------------------------------|
 * | faults  | `params.duration`   | the steps of the workload, and the faults                 |
 * | peace   | 5 minutes, or more  | every call settles; in a lossy world, others write again  |
 * | loss    | 2 minutes           | where programs learn addresses, the first ones die        |
 * | probe   | 2 minutes           | a message each way: both arrive                           |
 * | silence | 2 minutes           | nothing but pings                                         |
 * | end     | until it is over    | disconnects; a new program starts with one round trip,    |
 * |         |                     | or with five if it makes a temporary key                  |
 */
import type { DataCenter } from "../../mod.ts";
import { concatBytes } from "../../src/crypto/mod.ts";
import { writeStateText } from "../../src/session/state/state_text.ts";
import { API_LAYER } from "../../src/tl/mod.ts";
import "../helpers/remembered_powers.ts";
import "./cheap_aborts.ts";
import { drawFaults, type Fault, type FaultName, peaceOf } from "./faults.ts";
import { type CallRecord, History } from "./history.ts";
import { invariantsBrokenBy } from "./invariants.ts";
import { Network, OTHER_ADDRESS } from "./network.ts";
import { DCS, drawParams, type Params } from "./params.ts";
import { Program, SESSION_NAME } from "./program.ts";
import { RandomStream } from "./random_stream.ts";
import { Servers } from "./servers.ts";
import { forgetSlots, renewKeys } from "./temporary_keys.ts";
import { Disk } from "./store.ts";
import { VirtualTime } from "./virtual_time.ts";
import type { Slowness } from "./taker.ts";
import { drawSteps, drawUpdateSteps, OTHERS_CHATS, type Step } from "./workload.ts";

/** The description of a world. All but the seed is drawn from it, unless it is given. */
export interface WorldOptions {
  readonly seed: number;
  readonly params?: Params;
  readonly faults?: readonly Fault[];
  readonly steps?: readonly Step[];
  /** Whether the history keeps a text for each event. */
  readonly keepsTrace?: boolean;
}

/** The result of a world. */
export interface Outcome {
  readonly world: Required<Omit<WorldOptions, "keepsTrace">>;
  /** The rules that were broken; none in a good world. */
  readonly broken: readonly string[];
  readonly history: History;
}

/** The most requests of a client over HTTP at a time. Each has a connection. */
const MOST_REQUESTS = 2;
/** Over HTTP, two addresses may be asked before whether Telegram is there. */
const PROBE_TRIPS = 2;
/** The time in which a program learns addresses; then it has as much to get through by them. */
const LEARNING = 60_000;
const PROBE = 120_000;
const DOUBT_INTERVAL = 45_000;
const SILENCE = 120_000;
const END = 60_000;
/** How far the time of a message may be ahead: https://core.telegram.org/mtproto/description */
const MOST_AHEAD = 30_000;
/** Changes of a clock that the client does not notice. */
const UNNOTICED = 5000;
/** The round trips of a first call with a temporary key: three to make it, one to bind it. */
const SECRET_TRIPS = 5;
/** The time in which the last bytes of a closed connection arrive. */
const LAST_BYTES = 5000;

/** Draws the parts of a world that are not given. */
export function describe({ seed, ...given }: WorldOptions): Outcome["world"] {
  const params = given.params ?? drawParams(new RandomStream(seed, "params"));
  const { duration } = params;
  const faults = given.faults ??
    drawFaults(new RandomStream(seed, "faults"), { duration, dcs: DCS });
  const steps = given.steps ?? drawAllSteps(seed, params);
  return { seed, params, faults, steps };
}

function drawAllSteps(seed: number, { duration, updates }: Params): readonly Step[] {
  const steps = drawSteps(new RandomStream(seed, "workload"), duration);
  if (updates === undefined) return steps;
  steps.push(...drawUpdateSteps(new RandomStream(seed, "updates"), duration));
  return steps.sort((one, other) => one.at - other.at);
}

/** Runs a world to its end. */
export async function runWorld(options: WorldOptions): Promise<Outcome> {
  const world = new World(describe(options), options.keepsTrace);
  const failures: string[] = [];
  const onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    failures.push(`nobody caught ${event.reason}`);
  };
  addEventListener("unhandledrejection", onRejection);
  try {
    await world.run();
  } finally {
    removeEventListener("unhandledrejection", onRejection);
  }
  const broken = [...failures, ...invariantsBrokenBy(world.history, world.parts)];
  return { world: world.parts, broken, history: world.history };
}

class World {
  readonly parts: Outcome["world"];
  readonly history: History;
  readonly #time = new VirtualTime();
  readonly #servers: Servers;
  readonly #network: Network;
  readonly #disk: Disk;
  #program: Program;
  #programs = 0;
  #slowness: Slowness = { until: 0, more: 0 };
  /** How far the computer's clock is ahead of the world. */
  #ahead: number;

  constructor(parts: Outcome["world"], keepsTrace = false) {
    const { seed, params } = parts;
    this.parts = parts;
    this.history = new History({ keepsTrace });
    const { history } = this;
    const time = this.#time;
    const onFault = (kind: string): void => history.count(`fault: ${kind}`);
    this.#ahead = params.clientAhead;
    const random = new RandomStream(seed, "server");
    this.#servers = new Servers({ time, random, history, params });
    this.#network = new Network({
      time,
      random: new RandomStream(seed, "network"),
      latency: params.latency,
      jitter: params.jitter,
      serve: this.#servers.serve,
      onFault,
      onEvent: (what, bytes) => history.note(time.now, what, bytes),
      onDial: (program, dcId) => {
        const dial = { program, dcId, at: time.now, isAnswered: false };
        history.dials.push(dial);
        return dial;
      },
    });
    this.#disk = new Disk(time, history);
    this.#writeFirstSession();
    this.#program = this.#start();
  }

  /** Lives through all phases. */
  async run(): Promise<void> {
    const { params: { duration }, faults, steps } = this.parts;
    for (const fault of faults) this.#time.after(fault.at, () => this.#make(fault));
    steps.forEach((step, index) => this.#time.after(step.at, () => this.#carryOut(step, index)));
    if (this.parts.params.updates?.isKnown) {
      await this.#servers.others?.writeFirstTexts(SESSION_NAME, this.#disk.texts);
    }
    this.#program.connect();
    this.#program.takeUpdates();
    await this.#time.runUntil(duration);
    this.#network.calm();
    this.#servers.calm();
    this.#disk.calm();
    this.#slowness = { until: 0, more: 0 };
    const peace = peaceOf(faults, this.parts.params);
    this.#doubtUntil(duration + peace - peaceOf([]));
    await this.#time.runUntil(duration + peace / 2);
    // A loss at the end of a box shows by what comes next.
    for (const chat of this.parts.params.updates?.isLossy ? OTHERS_CHATS : []) {
      this.#servers.others?.send(chat, `the last of ${chat}`);
    }
    await this.#time.runUntil(duration + peace);
    await this.#loseAddresses();
    await this.#probe(this.#time.now + PROBE);
    await this.#beSilent(this.#time.now + SILENCE);
    await this.#end();
    await this.#servers.telegram.close();
  }

  /** Writes on and on: only then does a client find out that a permanent key is forgotten. */
  #doubtUntil(end: number): void {
    if (this.#time.now >= end) return;
    this.#program.send("me", `doubt at ${this.#time.now}`);
    this.#time.after(DOUBT_INTERVAL, () => this.#doubtUntil(end));
  }

  #carryOut(step: Step, index: number): void {
    if (step.kind === "incoming") {
      return this.#servers.writeToAda(`in${index} ${"a".repeat(step.length)}`);
    }
    if (step.kind === "others") return this.#servers.others?.carryOut(step);
    const program = this.#program;
    if (!program.isAlive) return;
    const asleep = program.sleepsUntil - this.#time.now;
    if (asleep > 0) return void this.#time.after(asleep, () => this.#carryOut(step, index));
    program.carryOut(step, `${index}`);
  }

  #make(fault: Fault): void {
    const { history } = this;
    history.note(this.#time.now, `fault ${fault.kind}`);
    if (this.#network.make(fault) || this.#servers.make(fault)) return;
    const program = this.#program;
    switch (fault.kind) {
      case "slowStore":
        return this.#disk.slowDown(fault.ms, fault.more);
      case "brokenStore":
        return this.#disk.break(fault.ms);
      case "slowPlace":
        return this.#disk.slowDownPlace(fault.ms, fault.more);
      case "brokenPlace":
        return this.#disk.breakPlace(fault.ms);
      case "slowConsumer":
        this.#slowness = { until: this.#time.now + fault.ms, more: fault.more };
        return;
      case "clientClock":
        this.#ahead = fault.ahead;
        program.clock.setAhead(fault.ahead);
        break;
      case "suspend":
        program.clock.suspend(fault.ms);
        program.sleepsUntil = Math.max(program.sleepsUntil, this.#time.now + fault.ms);
        break;
      case "renewKeys":
        if (renewKeys() === 0) return;
        break;
      case "crash":
        if (!program.isAlive) return;
        program.crash();
        forgetSlots();
        this.#time.after(fault.ms, () => this.#startAgain());
        break;
    }
    history.count(`fault: ${fault.kind}`);
  }

  #startAgain(): void {
    this.#program = this.#start();
    this.#program.connect();
    this.#program.takeUpdates();
  }

  #start(): Program {
    const { seed, params } = this.parts;
    const number = ++this.#programs;
    const { transport, obfuscated, connectionRetries, isSecret = false } = params;
    forgetSlots();
    const { apiId, apiHash, keys } = this.#servers.telegram;
    return new Program({
      number,
      time: this.#time,
      network: this.#network,
      disk: this.#disk,
      random: new RandomStream(seed, `program ${number}`),
      history: this.history,
      apiId,
      apiHash,
      ahead: this.#ahead,
      client: {
        keys,
        ...(this.#learning === undefined && { dcs: this.#addresses() }),
        transport,
        obfuscated,
        connectionRetries: connectionRetries ?? Infinity,
        forwardSecrecy: isSecret,
      },
      updates: params.updates,
      slowness: () => this.#slowness,
    });
  }

  get #learning(): Params["learning"] {
    return this.#isHttp ? undefined : this.parts.params.learning;
  }

  get #firstAddresses(): readonly DataCenter[] {
    return this.#servers.telegram.dcs.filter(({ host }) => !host.startsWith(OTHER_ADDRESS));
  }

  /** The addresses that a program is given: two for each data center if the first may be dead. */
  #addresses(): readonly DataCenter[] {
    const dcs = this.#firstAddresses;
    if (!this.parts.faults.some(({ kind }) => kind === "otherAddress")) return dcs;
    return dcs.flatMap((dc) => [dc, { ...dc, host: OTHER_ADDRESS + dc.host }]);
  }

  #writeFirstSession(): void {
    const { seed, params } = this.parts;
    const { telegram } = this.#servers;
    const random = new RandomStream(seed, "keys");
    const dcs = this.#firstAddresses.map((address) => {
      if (!params.hasKeys) return { ...address };
      const authKey = concatBytes(random.bytes(128), random.bytes(128));
      const serverSalt = BigInt(random.word());
      telegram.dc(address.id).addAuthKey(authKey, { serverSalt, layer: API_LAYER });
      return { ...address, authKey, serverSalt, timeOffset: 0 };
    });
    const user = params.updates && { id: this.#servers.adaId, isBot: false };
    const text = writeStateText({ dcId: params.startsAt, dcs, user });
    this.#disk.texts.set(`${SESSION_NAME}:session`, text);
  }

  get #isHttp(): boolean {
    return this.parts.params.transport === "http";
  }

  /** The first addresses die, after the program could learn others. */
  async #loseAddresses(): Promise<void> {
    const learning = this.#learning;
    if (learning === undefined) return;
    const call = this.#program.send("me", "before the loss", undefined, "probe");
    await this.#time.runUntil(this.#time.now + LEARNING / 2);
    this.#demandSuccess(call);
    if (learning.by === "updateDcOptions") this.#servers.tellAddresses();
    else this.#servers.writeToAda("in time"); // a program asks when an update comes
    await this.#time.runUntil(this.#time.now + LEARNING / 2);
    this.#network.loseFirstAddresses();
    this.history.count(`first addresses lost: ${learning.by}`);
    if (learning.crashes) {
      this.#program.crash();
      this.#startAgain();
    }
    await this.#time.runUntil(this.#time.now + LEARNING);
  }

  /** A message each way must arrive. */
  async #probe(end: number): Promise<void> {
    const program = this.#program;
    const { history } = this;
    for (const dcId of DCS) {
      const count = [...this.#network.open].filter((one) => one.dcId === dcId).length;
      if (count > (this.#isHttp ? MOST_REQUESTS : 1)) {
        history.broken.push(`${count} connections to DC ${dcId} in peace`);
      }
    }
    const isListening = program.client.connected;
    if (!isListening && this.parts.params.connectionRetries === null) {
      history.broken.push("a client that tries without end is not connected in peace");
    }
    const call = program.send("me", "probe", undefined, "probe");
    await this.#time.runUntil(end - PROBE / 2, () => call.settledAt !== undefined);
    this.#demandSuccess(call);
    this.#servers.writeToAda("in probe");
    await this.#time.runUntil(end);
  }

  async #beSilent(end: number): Promise<void> {
    const before = this.history.sent.length;
    const differences = this.#differences;
    await this.#time.runUntil(end);
    let late = this.#differences - differences;
    const noise = this.history.sent.slice(before).flatMap(({ contents }) => contents)
      .filter((name) => !SILENT.includes(name) && !(name === "call" && late-- > 0));
    const last = this.history.sent.findLast(({ dcId }) => dcId === DCS[0])?.sessionId ?? 0n;
    const count = this.#servers.telegram.dc(DCS[0]).unacknowledgedIn(last);
    // An acknowledgment in a packet that was refused is not sent again.
    const isRefused = this.parts.faults.some(({ kind }) => REFUSALS.includes(kind));
    if (count > 0 && !isRefused) {
      this.history.broken.push(`${count} messages are never acknowledged`);
    }
    if (noise.length > 0) this.history.broken.push(`noise in the silence: ${[...new Set(noise)]}`);
  }

  /** How many calls for updates were answered. What failed too often is tried after 15 min. */
  get #differences(): number {
    const isLate = this.parts.faults.some(({ kind }) => kind === "differenceError");
    const counts = isLate ? [...this.history.counts] : [];
    return counts.filter(([what]) => /^answered: updates\./.test(what))
      .reduce((sum, [, count]) => sum + count, 0);
  }

  /** Disconnects, and starts another program with what is stored. */
  async #end(): Promise<void> {
    const { history } = this;
    history.quietAt = this.#time.now;
    await this.#disconnect(this.#program);
    await this.#time.runUntil(this.#time.now + LAST_BYTES);
    const last = this.#program = this.#start();
    const turns = this.#servers.turns;
    const call = last.send("me", "again", undefined, "probe");
    await this.#time.runUntil(this.#time.now + END, () => call.settledAt !== undefined);
    this.#demandSuccess(call);
    const trips = (this.#servers.turns - turns) / 2;
    const most = (this.parts.params.isSecret ? SECRET_TRIPS : 1) +
      (this.#isHttp ? PROBE_TRIPS : 0) +
      (this.#isNearlyAhead ? 1 : 0);
    if (trips > most) history.broken.push(`the stored session needs ${trips} round trips`);
    if (this.#servers.others !== undefined) {
      last.takeUpdates();
      this.#servers.others.send("bob", "the very last");
      await this.#time.runUntil(this.#time.now + END);
    }
    await this.#disconnect(last);
  }

  /**
   * Whether the program's clock was just not too far ahead to be refused. After a change that is
   * too small to be noticed it is refused, and then corrected.
   */
  get #isNearlyAhead(): boolean {
    const { params: { clientAhead, serverAhead }, faults } = this.parts;
    const set = faults.flatMap((fault) => fault.kind === "clientClock" ? [fault.ahead] : []);
    const tooFar = MOST_AHEAD - (clientAhead - serverAhead);
    const isFirst = tooFar >= 0 && tooFar <= UNNOTICED && set.length > 0;
    return isFirst || set.slice(1).some((ahead, index) => {
      const change = ahead - set[index];
      return change > 0 && change <= UNNOTICED;
    });
  }

  async #disconnect(program: Program): Promise<void> {
    const { history } = this;
    let isOver = false;
    const over = program.disconnect().catch((error) => {
      history.broken.push(`cannot disconnect in peace: ${error.message}`);
    });
    over.finally(() => isOver = true);
    await this.#time.runUntil(this.#time.now + END, () => isOver);
    if (!isOver) history.broken.push("disconnect() does not end");
    const { sleepers } = program.clock;
    if (sleepers > 0) history.broken.push(`${sleepers} sleepers after disconnect()`);
    const { size } = this.#network.open;
    if (size > 0) history.broken.push(`${size} open streams after disconnect()`);
  }

  #demandSuccess({ name, settledAt, error, wrong }: CallRecord): void {
    if (settledAt !== undefined && error === undefined && wrong === undefined) return;
    const why = settledAt === undefined ? "it does not settle" : wrong ?? error?.message;
    this.history.broken.push(`the message "${name}" fails in peace: ${why}`);
  }
}

/** The faults after which the server refuses packets. */
const REFUSALS: readonly FaultName[] = ["refuseMessage", "wrongSalt", "serverClock", "clientClock"];

/** What may be sent when nobody wants anything. */
const SILENT = [
  "http_wait",
  "ping_delay_disconnect",
  "ping",
  "msgs_ack",
  "get_future_salts",
  "container",
];
