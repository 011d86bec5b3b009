/**
 * Three processes of examples/fleet share the sessions of 100 bots in Redis and PostgreSQL, while
 * one is killed, cut off from the store or from Telegram, paused and restarted. Only in `test:long`
 * and `test:services`, and where `.ci/services` runs them, see tests/session/services.test.ts.
 */
import { createClient } from "redis";
import { postgresStore, redisStore } from "../../src/session/stores/mod.ts";
import type { KeyValueStore } from "../../src/session/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { Line } from "../session/ordeal.ts";
import { FleetProcess, sleep, WatchedTelegram } from "./fleet_world.ts";

const BOTS = 100;
/** The duration of a lease, and the longest time until all bots answer again, in milliseconds. */
const LEASE = 10_000;
const LIMIT = LEASE + 10_000;
const SHARE = Math.ceil(BOTS / 3);

/** An empty store for one fleet. */
interface FleetStore extends AsyncDisposable {
  readonly url: string;
  readonly store: KeyValueStore;
}

const STORES: Readonly<Record<string, (url: string) => Promise<FleetStore>>> = {
  async redis(server) {
    const url = `${server}/6`; // a database that no other test uses
    const client = await createClient({ url }).connect();
    await client.flushDb();
    const dispose = async (): Promise<void> => {
      await client.flushDb();
      client.destroy();
    };
    return { url, store: redisStore(client), [Symbol.asyncDispose]: dispose };
  },
  async postgres(server) {
    const { default: { Pool } } = await import("pg");
    const schema = `fleet_${crypto.randomUUID().replaceAll("-", "")}`;
    const url = `${server}?options=-c%20search_path%3D${schema}`;
    const pool = new Pool({ connectionString: url });
    await pool.query(`CREATE SCHEMA ${schema}`);
    const dispose = async (): Promise<void> => {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    };
    return { url, store: postgresStore(pool), [Symbol.asyncDispose]: dispose };
  },
};

function report(text: string): Promise<number> {
  return Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}

async function untilEven(processes: readonly FleetProcess[]): Promise<void> {
  for (const end = Date.now() + LIMIT;;) {
    const held = await Promise.all(processes.map((one) => one.metric("fleet_sessions")));
    const isEven = held.every((count) => count <= SHARE) && held.reduce((a, b) => a + b) === BOTS;
    if (isEven) return;
    if (Date.now() > end) {
      throw new Error(`Not even: ${held}\n${processes.map(({ log }) => log).join("\n")}`);
    }
    await sleep(200);
  }
}

for (const [kind, variable] of [["redis", "REDIS_URL"], ["postgres", "POSTGRES_URL"]]) {
  const server = Deno.env.get(variable);
  if (server === undefined) continue; // services.test.ts fails where TESSERA_SERVICES asks for it
  longTest(`A fleet with ${kind} answers after a kill, a pause, cuts and restarts`, async () => {
    await using telegram = await WatchedTelegram.start(BOTS);
    await using fleetStore = await STORES[kind](server);
    await telegram.fill(fleetStore.store);
    const target = new URL(fleetStore.url);
    await using storeLine = new Line(Number(target.port));
    await using telegramLine = new Line(telegram.port);
    const env = { ...telegram.environment, LEASE: String(LEASE / 1000) };
    let started = 0;
    const start = (lines?: { toStore: Line; toTelegram: Line }): Promise<FleetProcess> => {
      started++;
      const url = new URL(target);
      url.port = String(lines?.toStore.port ?? target.port);
      return FleetProcess.start({
        ...env,
        STORE_URL: url.href,
        DIVERT_FROM: String(telegram.port),
        DIVERT_TO: String(lines?.toTelegram.port ?? telegram.port),
      });
    };
    const check = async (what: string, processes: readonly FleetProcess[]): Promise<void> => {
      await telegram.untilAllAnswer(LIMIT);
      await untilEven(processes);
      assertEquals(telegram.faults, [], what);
      const silence = telegram.longestSilence();
      assert(silence < LIMIT, `${what}: a bot was silent for ${silence} ms`);
      await report(`${kind}, ${what}: the longest silence of a bot was ${silence} ms`);
    };
    /** Waits until a process that is cut off since `from` has no session, and all answer again. */
    const leaves = async (process: FleetProcess, from: number): Promise<void> => {
      while (await process.metric("fleet_sessions") > 0) await sleep(50);
      await telegram.untilAllAnswer(from + LIMIT - Date.now());
      assertEquals(await process.status("readyz"), 503);
      assertEquals(await process.status("healthz"), 200);
    };

    const lines = { toStore: storeLine, toTelegram: telegramLine };
    const [one, two, cut] = await Promise.all([start(), start(), start(lines)]);
    await using _one = one;
    await using _two = two;
    await using _cut = cut;
    await check("start", [one, two, cut]);

    one.kill("SIGKILL");
    await telegram.untilAllAnswer(LIMIT);
    await using three = await start();
    await check("another comes", [two, cut, three]);

    for (
      const [what, cuts] of [
        ["cut off from the store", [storeLine]],
        ["cut off from Telegram", [telegramLine]],
        ["cut off from both", [storeLine, telegramLine]],
      ] as const
    ) {
      const cutAt = Date.now();
      for (const line of cuts) line.cut();
      await leaves(cut, cutAt);
      // What a dead connection to Telegram still carries must not arrive: its client has closed it.
      for (const line of cuts) line.heal({ drop: line === telegramLine });
      await check(what, [two, cut, three]);
    }

    two.kill("SIGSTOP");
    await telegram.untilAllAnswer(LIMIT);
    two.kill("SIGCONT");
    await check("continued", [two, cut, three]);

    const old = [two, cut, three];
    const fresh: FleetProcess[] = [];
    await using stack = new AsyncDisposableStack();
    for (const [index, process] of old.entries()) {
      telegram.longestSilence(); // counted from the signal on
      process.kill("SIGTERM");
      assertEquals(await process.ended(), 0, process.log);
      fresh.push(stack.use(await start()));
      await check(`restart ${index + 1}`, [...old.slice(index + 1), ...fresh]);
    }
    assertEquals(telegram.otherKeys.size, started, "a process makes one key");
    const taken = await Promise.all(fresh.map((one) => one.metric("fleet_sessions_taken_total")));
    assert(taken.every((count) => count > 0), String(taken));
    // All that is sure: each bot had an owner before the restarts, and another one after them.
    assert(telegram.uses >= 2 * BOTS, `only ${telegram.uses} uses of keys`);
  });
}
