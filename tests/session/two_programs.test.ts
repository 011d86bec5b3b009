/**
 * Two real programs that want one account, and a server that answers AUTH_KEY_DUPLICATED if both
 * use it: with a lease it never does, without a lease it does. Redis and PostgreSQL only where they
 * run, see services.test.ts.
 */
import { Client, StringSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { LOCK } from "../helpers/lock.ts";
import { longTest, runs } from "../helpers/long.ts";

const PROGRAM = new URL("two_programs_program.ts", import.meta.url).pathname;
const PHONE = "+9996621111";
const DURATION = 900;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something is so, for a minute at most. `said` is what the programs have said. */
async function until(isSo: () => boolean, said: () => string): Promise<void> {
  for (let waited = 0; !isSo(); waited += 10) {
    assert(waited < 60_000, said());
    await sleep(10);
  }
}

/** One of the programs. */
class Program implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<void>;

  constructor(kind: string, at: string, { dcs: [{ port }] }: OfflineTelegram) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", LOCK, "--no-check", "--unstable-kv", PROGRAM, kind, at, `${port}`]
        .concat(`${DURATION}`),
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#read = this.#readLines();
  }

  /** Whether it uses the session, as far as it has said. */
  get isUsing(): boolean {
    return this.times("using") > this.times("lost");
  }

  /** How often it has said a line. */
  times(line: string): number {
    return this.lines.filter((one) => one === line).length;
  }

  /** Waits until it has said a line so often. */
  async said(line: string, times = 1): Promise<void> {
    const missing = (): string => `it did not say "${line}" ${times} times: ${this.lines}`;
    await until(() => this.times(line) >= times, missing);
  }

  /** Waits until it says anything. Returns whether it did within a minute. */
  async saysMore(): Promise<boolean> {
    const before = this.lines.length;
    for (let waited = 0; this.lines.length === before && waited < 60_000; waited += 10) {
      await sleep(10);
    }
    return this.lines.length > before;
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await this.#read;
  }

  async #readLines(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      this.lines.push(...lines);
    }
  }
}

/**
 * Waits until one of the programs uses the session. Returns that one first. A slow machine may make
 * it lose the session by itself.
 */
async function inTurn(one: Program, two: Program): Promise<[user: Program, other: Program]> {
  await until(() => one.isUsing !== two.isUsing, () => `${one.lines} and ${two.lines}`);
  return one.isUsing ? [one, two] : [two, one];
}

/** The account was not signed in again, and no program was told that its key is void. */
function assertUndivided(
  telegram: OfflineTelegram,
  authorizations: number,
  programs: readonly Program[],
): void {
  for (const { lines } of programs) {
    assert(!lines.some((line) => /duplicated|UNREGISTERED/.test(line)), lines.join());
  }
  assertEquals(telegram.api.authorizations(PHONE).length, authorizations);
}

/** Each program takes over from the other, while that is stopped and when it was killed. */
async function takeTurns(kind: string, at: string): Promise<void> {
  await using telegram = await OfflineTelegram.start();
  await using one = new Program(kind, at, telegram);
  await one.said("using");
  // More than one if a busy machine made it lose the lease before the first was saved.
  const authorizations = telegram.api.authorizations(PHONE).length;
  await using two = new Program(kind, at, telegram);
  for (let turn = 0; turn < runs(1, 4, 20); turn++) {
    const [user, other] = await inTurn(one, two);
    const [uses, othersUses] = [user, other].map((program) => program.times("using"));
    user.signal("SIGSTOP");
    // One that is stopped in a transaction of SQLite, as in Deno KV, keeps the file locked.
    // Deno KV, as it is opened, waits for that lock without a word.
    const begun = Date.now();
    let isSilent = false;
    const isLocked = (): boolean => isSilent || / locked/.test(other.lines.at(-1) ?? "");
    while (other.times("using") === othersUses && !isLocked()) {
      isSilent = !await other.saysMore();
      assert(Date.now() < begun + 120_000, `it does not take over: ${other.lines.slice(-3)}`);
      assert(!isSilent || kind.includes("denoKv"), `it says nothing after ${other.lines}`);
    }
    await sleep(Math.random() * 100);
    user.signal("SIGCONT");
    if (!isLocked()) await user.said("lost", uses);
    await sleep(Math.random() * 200);
  }
  const [user, other] = await inTurn(one, two);
  const uses = other.times("using");
  user.signal("SIGKILL");
  await other.said("using", uses + 1);
  await sleep(100);
  assertUndivided(telegram, authorizations, [one, two]);
}

/** A program that is stopped keeps its session, and one that is killed leaves it at once. */
async function waitForEachOther(kind: string, at: string): Promise<void> {
  await using telegram = await OfflineTelegram.start();
  await using one = new Program(kind, at, telegram);
  await one.said("using");
  // More than one if a busy machine made it lose the lease before the first was saved.
  const authorizations = telegram.api.authorizations(PHONE).length;
  await using two = new Program(kind, at, telegram);
  one.signal("SIGSTOP");
  await sleep(2 * DURATION);
  assertEquals(two.times("using"), 0);
  one.signal("SIGCONT");
  await sleep(DURATION); // on a slow machine it may be too late, and lose the session
  one.signal("SIGKILL");
  await two.said("using");
  await sleep(100);
  assertUndivided(telegram, authorizations, [one, two]);
}

for (const kind of ["SqliteSession", "folder", "denoKv"]) {
  const name = `Two programs take turns with a session in ${kind}, and its key stays good`;
  const test = kind === "SqliteSession" ? Deno.test : longTest;
  test(name, async () => {
    const folder = await Deno.makeTempDir();
    await takeTurns(`far ${kind}`, `${folder}/me.session`);
    if (kind !== "denoKv") await waitForEachOther(kind, `${folder}/near.session`);
    await Deno.remove(folder, { recursive: true });
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
  const url = Deno.env.get(variable);
  if (url === undefined) continue;
  Deno.test(`Two programs take turns with a session in ${kind}, and its key stays good`, () =>
    takeTurns(`far ${kind}`, `${url}#${crypto.randomUUID()}`));
}

Deno.test("Two programs with one text of a session, which has no lease, make it void", async () => {
  await using telegram = await OfflineTelegram.start();
  const { apiId, apiHash, dcs, keys } = telegram;
  const client = new Client(new StringSession(), apiId, apiHash, { dcs, keys });
  await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  await client.disconnect();
  const text = client.session.save();
  await using one = new Program("string", text, telegram);
  await one.said("using");
  await using two = new Program("string", text, telegram);
  const said = (): string => `${one.lines} and ${two.lines}`;
  await until(() => [one, two].every((each) => each.times("duplicated") > 0), said);
  // Each signs in anew, and then has a session of its own.
  await until(() => telegram.api.authorizations(PHONE).length >= 2, said);
});
