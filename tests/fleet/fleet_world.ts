/**
 * A fleet of real processes of examples/fleet with a real store, and an offline Telegram that
 * watches them: which keys are used by whom, and which bots answer.
 */
import { StoreSession } from "../../src/session/mod.ts";
import type { KeyValueStore } from "../../src/session/mod.ts";
import type { ObservedMessage, OfflineTelegram } from "../../src/testing/mod.ts";
import { API_LAYER, type TlObject } from "../../src/tl/mod.ts";
import { freePort } from "../helpers/edge.ts";
import { LOCK } from "../helpers/lock.ts";
import { type SignedInBot, startWithBots } from "./signed_in_bots.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const PERSON = { dcId: 2, authKeyId: "00112233aabbccdd", sessionId: 1n, layer: API_LAYER };
const PHONE = "+9996621111";
/** How often the person writes to every bot, in milliseconds. */
const PING = 1000;

/** Resolves after some milliseconds. */
export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** The use of a key by one client. */
interface Use {
  readonly sessionId: bigint;
  isOver: boolean;
}

/** The offline Telegram of a fleet, and a person who writes to all of its bots. */
export class WatchedTelegram implements AsyncDisposable {
  /** What must not happen: a key that two clients use at once, a sign-in. */
  readonly faults: string[] = [];
  /** The keys that are no bot's: each process makes one, by which it watches Telegram. */
  readonly otherKeys = new Set<string>();
  /** The number of clients that have used a key. */
  uses = 0;
  readonly bots: readonly SignedInBot[];
  readonly #telegram: OfflineTelegram;
  readonly #accessHashes = new Map<bigint, bigint>();
  readonly #uses: Map<string, Use[]>;
  /** When the last question was asked that a bot has answered, by its id. */
  readonly #answered = new Map<bigint, number>();
  /** When a bot last answered, and the longest time between two answers, by its id. */
  readonly #heard = new Map<bigint, number>();
  readonly #silences = new Map<bigint, number>();
  readonly #botKeys: ReadonlySet<string>;
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(
    telegram: OfflineTelegram,
    bots: readonly SignedInBot[],
    uses: Map<string, Use[]>,
  ) {
    this.#telegram = telegram;
    this.bots = bots;
    this.#botKeys = new Set(bots.map(({ authKeyId }) => authKeyId));
    this.#uses = uses;
    const { api } = telegram;
    api.signIn(PHONE, PERSON);
    for (const { id } of bots) this.#accessHashes.set(id, this.#resolve(`test_${id}_bot`));
    const deliver = api.onUpdates;
    api.onUpdates = (authKeyId, updates) => {
      if (authKeyId === PERSON.authKeyId) this.#hear(updates);
      else deliver?.(authKeyId, updates);
    };
    const handle = api.handle.bind(api);
    api.handle = (request, caller) => {
      if (/^auth\./.test(request._)) this.faults.push(`${request._} was called`);
      return handle(request, caller);
    };
    this.#timer = setInterval(() => this.#ask(), PING);
  }

  /** Starts it, with so many bots. */
  static async start(count: number): Promise<WatchedTelegram> {
    const uses = new Map<string, Use[]>();
    let watch: (message: ObservedMessage) => void = () => {};
    const { telegram, bots } = await startWithBots(count, {
      onMessage: (message) => watch(message),
    });
    const watched = new WatchedTelegram(telegram, bots, uses);
    watch = (message) => watched.#see(message);
    return watched;
  }

  /** Its port. */
  get port(): number {
    return this.#telegram.dcs[0].port;
  }

  /** The variables by which the example finds it. */
  get environment(): Record<string, string> {
    const { apiId, apiHash, dcs, publicKeyPem } = this.#telegram;
    const telegram = JSON.stringify({ dcs, publicKeyPem });
    return { API_ID: String(apiId), API_HASH: apiHash, TELEGRAM: telegram };
  }

  /** Puts the sessions of all bots into a store. */
  async fill(store: KeyValueStore): Promise<void> {
    for (const { id, fill } of this.bots) {
      const session = new StoreSession(`bot ${id}`, store);
      await session.load();
      fill(session);
      await session.save();
      await session.close();
    }
  }

  /**
   * Waits until every bot has answered a question that was asked from now on. Returns the
   * milliseconds that this took.
   *
   * @throws {Error} if it takes longer than `limit` milliseconds.
   */
  async untilAllAnswer(limit: number): Promise<number> {
    const begun = Date.now();
    for (;;) {
      const silent = this.bots.filter(({ id }) => (this.#answered.get(id) ?? 0) < begun);
      const passed = Date.now() - begun;
      if (silent.length === 0) return passed;
      if (passed > limit) {
        throw new Error(`${silent.length} bots do not answer for ${passed} ms: ${silent[0].id}, …`);
      }
      await sleep(50);
    }
  }

  /**
   * Returns the longest time in which a bot has answered nothing since the last call, in
   * milliseconds. Each is asked once a second.
   */
  longestSilence(): number {
    const now = Date.now();
    for (const { id } of this.bots) this.#endSilence(id, now);
    const longest = Math.max(...this.#silences.values());
    this.#silences.clear();
    return longest;
  }

  #endSilence(id: bigint, now: number): void {
    const silence = now - (this.#heard.get(id) ?? now);
    this.#silences.set(id, Math.max(this.#silences.get(id) ?? 0, silence));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#telegram.close();
  }

  #resolve(username: string): bigint {
    const request = { _: "contacts.resolveUsername", username };
    const found = this.#telegram.api.handle(request, PERSON) as {
      users: { accessHash: bigint }[];
    };
    return found.users[0].accessHash;
  }

  /** Writes the time to every bot. */
  #ask(): void {
    const message = String(Date.now());
    for (const [userId, accessHash] of this.#accessHashes) {
      const peer = { _: "inputPeerUser", userId, accessHash };
      const [randomId] = crypto.getRandomValues(new BigInt64Array(1));
      this.#telegram.api.handle({ _: "messages.sendMessage", peer, message, randomId }, PERSON);
    }
  }

  /** Takes note of an answer: a bot repeats the time. */
  #hear(updates: TlObject): void {
    if (updates._ === "updateShortMessage" && updates.out !== true) {
      this.#hearFrom(updates.userId as bigint, Number(updates.message));
    }
    for (const update of (updates.updates ?? []) as TlObject[]) {
      const message = update.message as TlObject | undefined;
      const from = message?.peerId as { userId?: bigint } | undefined;
      if (message?.out === true || from?.userId === undefined) continue;
      this.#hearFrom(from.userId, Number(message?.message));
    }
  }

  /** Takes note of the answer of a bot to the question of a time. */
  #hearFrom(id: bigint, asked: number): void {
    const now = Date.now();
    this.#answered.set(id, Math.max(this.#answered.get(id) ?? 0, asked));
    this.#endSilence(id, now);
    this.#heard.set(id, now);
  }

  /** Takes note of who uses a key. A client that was followed by another one must be silent. */
  #see({ authKeyId, sessionId }: ObservedMessage): void {
    if (!this.#botKeys.has(authKeyId)) {
      this.otherKeys.add(authKeyId);
      return;
    }
    const uses = this.#uses.get(authKeyId) ?? [];
    this.#uses.set(authKeyId, uses);
    const use = uses.find((one) => one.sessionId === sessionId);
    if (use?.isOver) this.faults.push(`the key ${authKeyId} is used by two at once`);
    if (use !== undefined) return;
    for (const one of uses) one.isOver = true;
    uses.push({ sessionId, isOver: false });
    this.uses++;
  }
}

/** How to run the example. */
interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

const OPTIONS = ["-A", "--no-check", "--config=deno.json", LOCK];
const IN_DENO: Program = {
  program: Deno.execPath(),
  args: ["run", ...OPTIONS, "--preload=tests/fleet/divert.ts", "examples/fleet/main.ts"],
  cwd: ROOT,
};

/** A process of examples/fleet. */
export class FleetProcess implements AsyncDisposable {
  /** What it has logged. */
  log = "";
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>[];
  readonly #port: number;

  private constructor(env: Record<string, string>, { program, args, cwd }: Program) {
    this.#port = freePort();
    this.#child = new Deno.Command(program, {
      args: [...args],
      cwd,
      env: { NO_COLOR: "1", ...env, PORT: String(this.#port) },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#reading = [this.#child.stdout, this.#child.stderr].map((stream) => this.#read(stream));
  }

  /** Starts it, and waits until it is ready. */
  static async start(env: Record<string, string>, program = IN_DENO): Promise<FleetProcess> {
    const process = new FleetProcess(env, program);
    let ended = false;
    void process.#child.status.then(() => ended = true);
    while (await process.status("readyz") !== 200) {
      if (ended) throw new Error(`The process has ended: ${process.log}`);
      await sleep(50);
    }
    return process;
  }

  /** Asks it for a path. Returns the status; 0 if it does not answer. */
  async status(path: string): Promise<number> {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.#port}/${path}`);
      await answer.body?.cancel();
      return answer.status;
    } catch {
      return 0;
    }
  }

  /** Returns a metric. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.#port}/metrics`)).text();
    return Number(text.match(new RegExp(`^${name} (.*)$`, "m"))?.[1]);
  }

  /** Sends a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits until it has ended. Returns its exit code. */
  async ended(): Promise<number> {
    const { code } = await this.#child.status;
    await Promise.all(this.#reading);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.ended();
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.log += text;
  }
}
