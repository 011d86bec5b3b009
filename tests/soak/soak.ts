/**
 * A soak: a client lives behind a middleman that cuts, delays and corrupts, in front of an offline
 * Telegram that forgets. It has a process of its own, so that its memory is only its own. Sockets
 * and timers are real here. middleman.ts has the faults of the network, program.ts the client, and
 * ledger.ts what must be true.
 */
import { Client, StringSession } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";
import { installRuntimes } from "../helpers/install.ts";
import { newProject } from "../helpers/npm_project.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { Ledger, type Mailboxes, type MemoryBounds } from "./ledger.ts";
import { Middleman } from "./middleman.ts";
import type { SoakEvent, SoakSetting } from "./soak_event.ts";

/** How long to soak, and where. */
export interface SoakOptions {
  readonly runtime: "deno" | "node";
  /** Milliseconds of the bad network. */
  readonly duration: number;
  readonly seed: number;
  /** Called every minute, or more often in a short soak. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The state of a soak. */
export interface Progress {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly ledger: Ledger;
  readonly middleman: Middleman;
  readonly server: Readonly<Record<string, number>>;
}

/** The end of a soak. */
export interface SoakReport extends Progress {
  /** What is wrong; empty if all is well. */
  readonly faults: readonly string[];
  readonly mailboxes: Mailboxes;
  /** Milliseconds from the end of `disconnect()` to the end of the process. */
  readonly exitTime: number;
}

/** In ten minutes, a client exceeds them that keeps 200 bytes of each call and each message. */
const BOUNDS: MemoryBounds = { heap: 1_000_000, rss: 30_000_000 };
/** A young process still loads and compiles code. Only minutes prove that its memory is flat. */
const YOUNG = 5 * 60_000; // ms
const BOUNDS_OF_YOUNG: MemoryBounds = { heap: 4_000_000, rss: 60_000_000 };

const HERE = new URL("./", import.meta.url);
const ME = "+9996633333";
const MY_NAME = "soaked";
const OTHER = "+9996644444";
/** A call may wait for a minute, and two times as long if it was lost with connections. */
const PATIENCE = 120_000;
const MINUTE = 60_000;
const EXITS_IN = 1000;

interface Started {
  readonly lines: AsyncIterable<string>;
  readonly stderr: Promise<string>;
  readonly status: Promise<{ readonly code: number }>;
  kill(): void;
}

/** Runs a soak to its end. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { runtime, duration, seed, onProgress } = options;
  const random = seededRandom(seed);
  const accounts = [{ phone: ME, username: MY_NAME }, { phone: OTHER }];
  await using telegram = await OfflineTelegram.start({ accounts });
  const [{ id, host, port }] = telegram.dcs;
  const middleman = await Middleman.start({ host, port, random });
  const ledger = new Ledger();
  const server: Record<string, number> = {};
  const { apiId, apiHash, publicKeyPem } = telegram;
  const setting: SoakSetting = {
    ...{ apiId, apiHash, publicKeyPem, duration, patience: PATIENCE },
    session: await sessionOf(telegram, ME),
    dcs: [{ id, host: "127.0.0.1", port: middleman.port }],
    measureEvery: Math.max(duration / 60, 500),
  };
  const begin = performance.now();
  const progress = (): Progress => ({ at: performance.now() - begin, ledger, middleman, server });
  const ended = new AbortController();
  using program = await start(runtime, setting);
  const { child } = program;
  const impatience = setTimeout(() => child.kill(), duration + PATIENCE + MINUTE);
  const minutes = setInterval(() => onProgress?.(progress()), MINUTE);
  let trouble = Promise.resolve<unknown>(undefined);
  let sending = Promise.resolve();
  let disconnectedAt = NaN;
  for await (const line of child.lines) {
    const event: SoakEvent = JSON.parse(line);
    ledger.enter(event);
    if (event.type === "ready") {
      trouble = troubleServer(telegram, server, random, ended.signal);
      sending = sendFromOther(telegram, ended.signal);
    } else if (event.type === "stopped") {
      middleman.calm();
      ended.abort();
    } else if (event.type === "disconnected") {
      disconnectedAt = performance.now();
    }
  }
  const [{ code }, stderr] = await Promise.all([child.status, child.stderr]);
  const exitTime = performance.now() - disconnectedAt;
  clearTimeout(impatience);
  clearInterval(minutes);
  ended.abort();
  await Promise.all([trouble, sending]);
  middleman.close();
  const mailboxes = await mailboxesOf(telegram);
  const faults = ledger.faults(mailboxes, duration < YOUNG ? BOUNDS_OF_YOUNG : BOUNDS);
  if (code !== 0) faults.push(`the program ended with ${code}`);
  if (stderr !== "") faults.push(`the program complained: ${stderr}`);
  if (!(exitTime < EXITS_IN)) faults.push(`the process ended ${exitTime} ms after disconnect()`);
  return { ...progress(), faults, mailboxes, exitTime };
}

/** Signs an account in without the middleman. */
async function signIn(telegram: OfflineTelegram, phone: string): Promise<Client<StringSession>> {
  const { apiId, apiHash, dcs, keys } = telegram;
  const options = { dcs, keys, retryDelay: 100, timeout: 2 };
  const client = await Client.open(new StringSession(), apiId, apiHash, options);
  await client.start({ phoneNumber: phone, phoneCode: () => telegram.api.lastCode(phone) ?? "" });
  return client;
}

async function sessionOf(telegram: OfflineTelegram, phone: string): Promise<string> {
  await using client = await signIn(telegram, phone);
  return client.session.save();
}

/** Starts the program in its runtime. */
async function start(
  runtime: SoakOptions["runtime"],
  setting: SoakSetting,
): Promise<Disposable & { child: Started }> {
  const argument = JSON.stringify(setting);
  if (runtime === "deno") {
    const path = new URL("program.ts", HERE).pathname;
    const args = ["run", "-A", "--no-check", "--no-lock", "--v8-flags=--expose-gc"];
    return { child: spawn(Deno.execPath(), [...args, path, argument]), [Symbol.dispose]() {} };
  }
  const { node24 } = await installRuntimes();
  const project = await newProject();
  const path = `${project.folder}program.ts`;
  await Deno.copyFile(new URL("program.ts", HERE), path);
  const child = spawn(node24, ["--expose-gc", path, argument]);
  return { child, [Symbol.dispose]: () => project[Symbol.dispose]() };
}

function spawn(path: string, args: readonly string[]): Started {
  const child = new Deno.Command(path, {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    lines: linesOf(child.stdout),
    stderr: new Response(child.stderr).text(),
    status: child.status,
    kill: () => child.kill("SIGKILL"),
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** Sleeps; returns false at once when the signal aborts. */
function sleep(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(!signal.aborted), ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve(false);
    }, { once: true });
  });
}

/** Lets the server forget, every few seconds. */
async function troubleServer(
  telegram: OfflineTelegram,
  counts: Record<string, number>,
  random: (length: number) => Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const dc = telegram.dc();
  const troubles = {
    expireSalts: () => dc.expireSalts(),
    forgetSessions: () => dc.forgetSessions(),
    disconnectAll: () => dc.disconnectAll(),
  };
  const names = Object.keys(troubles) as (keyof typeof troubles)[];
  while (await sleep(3000 + pick(random, 6000), signal)) {
    const name = names[pick(random, names.length)];
    counts[name] = (counts[name] ?? 0) + 1;
    troubles[name]();
  }
}

/** Lets the other client write to the program all the time. */
async function sendFromOther(telegram: OfflineTelegram, signal: AbortSignal): Promise<void> {
  await using other = await signIn(telegram, OTHER);
  const sent: Promise<unknown>[] = [];
  for (let number = 0; !signal.aborted; number++) {
    // The mailbox says what arrived. A call may fail whose answer was lost with the session.
    sent.push(other.sendMessage(MY_NAME, `other ${number}`).catch(() => {}));
    await sleep(50 + Math.random() * 200, signal);
  }
  await Promise.all(sent);
}

/** Reads the chats of the program's account, by a client of its own. */
async function mailboxesOf(telegram: OfflineTelegram): Promise<Mailboxes> {
  await using reader = await signIn(telegram, ME);
  const numbers = async (chat: string, kind: string): Promise<number[]> => {
    const found: number[] = [];
    for await (const { text } of reader.messages(chat, { oldestFirst: true })) {
      const [, word, number] = /^(own|other) (\d+)$/.exec(text) ?? [];
      if (word === kind) found.push(Number(number));
    }
    return found;
  };
  return { own: await numbers("me", "own"), other: await numbers(OTHER, "other") };
}
