/**
 * Real programs that want one session in real stores, while they are stopped and killed, their
 * lines are cut, and Redis is emptied. The rules are those of lease_model.ts. Only in
 * `test:nightly`; Redis and PostgreSQL only where they run, see services.test.ts.
 */

import { createClient } from "redis";
import { assert, assertEquals } from "../helpers/assert.ts";
import { LOCK } from "../helpers/lock.ts";
import { nightlyTest } from "../helpers/long.ts";
import { type Deed, faultsOf, Line } from "./ordeal.ts";

const PROGRAM = new URL("ordeal_program.ts", import.meta.url).pathname;
/** The duration of a lease, and how long the ordeal takes, in milliseconds. */
const DURATION = 1000;
const LENGTH = 60_000;
const RACERS = 50;
const RACE_LENGTH = 90_000;
const HOUR = 3_600_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A program that is started again when it ends. */
class Sufferer implements AsyncDisposable {
  readonly deeds: Deed[] = [];
  readonly #args: string[];
  readonly #readers: Promise<void>[] = [];
  #child: Deno.ChildProcess;

  constructor(kind: string, at: string, { duration = DURATION, skew = 0, hold = 5000 } = {}) {
    const numbers = [duration, skew, hold].map(String);
    this.#args = ["run", "-A", LOCK, "--no-check", PROGRAM, kind, at, ...numbers];
    this.#child = this.#start();
  }

  async stop(ms: number): Promise<void> {
    this.#child.kill("SIGSTOP");
    await sleep(ms);
    this.#child.kill("SIGCONT");
  }

  async restart(): Promise<void> {
    await this.#kill();
    this.#child = this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kill();
    await Promise.all(this.#readers);
  }

  #start(): Deno.ChildProcess {
    const child = new Deno.Command(Deno.execPath(), {
      args: this.#args,
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#readers.push(this.#read(child));
    return child;
  }

  async #kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
  }

  async #read(child: Deno.ChildProcess): Promise<void> {
    let rest = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      this.deeds.push(...lines.map((line): Deed => JSON.parse(line)));
    }
  }
}

/** Runs three programs on a session, and does to them what can happen. */
async function suffer(
  kind: string,
  at: string,
  { lines = [], empty }: { lines?: readonly Line[]; empty?: () => Promise<void> } = {},
): Promise<void> {
  const ats = [0, 1, 2].map((index) => withPort(at, lines[index]?.port));
  await using one = new Sufferer(kind, ats[0]);
  await using two = new Sufferer(kind, ats[1]);
  await using three = new Sufferer(kind, ats[2]);
  const all = [one, two, three];
  const hurt = async (index: number): Promise<void> => {
    for (const end = Date.now() + LENGTH; Date.now() < end;) {
      await sleep(Math.random() * 2000);
      const line = lines[index];
      const choice = Math.floor(Math.random() * (line === undefined ? 2 : 4));
      if (choice === 0) await all[index].stop(Math.random() * 3 * DURATION);
      else if (choice === 1) await all[index].restart();
      else {
        line.cut();
        await sleep(Math.random() * 3 * DURATION);
        line.heal({ drop: choice === 3 });
      }
    }
  };
  const emptying = setInterval(() => empty?.(), 4 * DURATION);
  await Promise.all(all.map((_, index) => hurt(index)));
  clearInterval(emptying);
  await sleep(2 * DURATION);
  const deeds = all.flatMap((sufferer) => sufferer.deeds).sort((a, b) => a.at - b.at);
  const owners = new Set(deeds.map(({ owner }) => owner)).size;
  const saves = deeds.filter(({ saved }) => saved !== undefined).length;
  assertEquals(faultsOf(deeds), [], `${kind}: ${owners} owners, ${saves} saves`);
  assert(owners > 3 && saves > 20, `only ${owners} owners and ${saves} saves`);
  await report(`${kind}: ${owners} owners in turn, ${saves} saves, ${deeds.length} uses`);
}

/**
 * Runs fifty programs that race for a session, with clocks that are wrong by up to an hour. One of
 * them is killed and started again from time to time.
 */
async function race(kind: string, at: string): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const all = Array.from({ length: RACERS }, () => {
    const skew = Math.round((2 * Math.random() - 1) * HOUR);
    return stack.use(new Sufferer(kind, at, { duration: 3 * DURATION, skew, hold: 400 }));
  });
  for (const end = Date.now() + RACE_LENGTH; Date.now() < end;) {
    await sleep(Math.random() * 4000);
    await all[Math.floor(Math.random() * RACERS)].restart();
  }
  await stack.disposeAsync();
  const deeds = all.flatMap((sufferer) => sufferer.deeds).sort((a, b) => a.at - b.at);
  const owners = new Set(deeds.map(({ owner }) => owner)).size;
  const saves = deeds.filter(({ saved }) => saved !== undefined).length;
  assertEquals(faultsOf(deeds), [], `${kind}: ${owners} owners, ${saves} saves`);
  assert(owners > 3, `only ${owners} owners`);
  await report(`${kind}: ${owners} owners in turn, ${saves} saves, ${deeds.length} uses`);
}

function report(text: string): Promise<number> {
  return Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}

function withPort(at: string, port: number | undefined): string {
  if (port === undefined) return at;
  const url = new URL(at);
  url.port = String(port);
  return url.href;
}

for (const kind of ["SqliteSession", "folder"]) {
  nightlyTest(
    `A session in ${kind} has one owner while programs are stopped and killed`,
    async () => {
      const folder = await Deno.makeTempDir();
      await suffer(kind, `${folder}/me.session`);
      await Deno.remove(folder, { recursive: true });
    },
  );
}

for (const kind of ["SqliteSession", "folder"]) {
  nightlyTest(`A session in ${kind} has one owner while fifty programs race for it`, async () => {
    const folder = await Deno.makeTempDir();
    await race(kind, `${folder}/near.session`);
    await race(`far ${kind}`, `${folder}/far.session`);
    await Deno.remove(folder, { recursive: true });
  });
}

for (const [kind, variable] of [["redis", "REDIS_URL"], ["pg", "POSTGRES_URL"]]) {
  const at = Deno.env.get(variable);
  if (at === undefined) continue;
  nightlyTest(`A session in ${kind} has one owner while fifty programs race for it`, async () => {
    await race(kind, `${at}#${crypto.randomUUID()}`);
    await race(`far ${kind}`, `${at}#${crypto.randomUUID()}`);
  });
}

for (
  const [kind, variable] of [
    ["redis", "REDIS_URL"],
    ["ioredis", "REDIS_URL"],
    ["pg", "POSTGRES_URL"],
    ["postgres", "POSTGRES_URL"],
  ]
) {
  const at = Deno.env.get(variable);
  if (at === undefined) continue;
  nightlyTest(`A session in ${kind} has one owner while lines are cut, too`, async () => {
    const port = Number(new URL(at).port);
    await using one = new Line(port);
    await using two = new Line(port);
    await using three = new Line(port);
    await suffer(kind, `${at}#${crypto.randomUUID()}`, { lines: [one, two, three] });
  });
}

const redis = Deno.env.get("REDIS_URL");
if (redis !== undefined) {
  nightlyTest("A session in Redis has one owner while Redis is emptied, too", async () => {
    const at = `${redis}/5`; // a database that no other test uses
    const client = await createClient({ url: at }).connect();
    await suffer("ioredis", `${at}#me`, { empty: async () => void await client.flushDb() });
    await client.flushDb();
    client.destroy();
  });
}
