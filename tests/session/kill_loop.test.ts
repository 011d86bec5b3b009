/**
 * Kills a program that saves without pause, again and again, at instants spread over a save. Each
 * time the session must hold the last reported state, or the one that was being saved. So it is
 * with the text of the updates, which is saved apart from it.
 */

import { assert, assertEquals } from "../helpers/assert.ts";
import { nightlyTest, runs } from "../helpers/long.ts";
import { openSession } from "../helpers/session_kinds.ts";
import { numberOf, updatesOf } from "../helpers/states.ts";
import type { StoreSession } from "../../src/session/mod.ts";
import { LOCK } from "../helpers/lock.ts";

const PROGRAM = new URL("kill_loop_program.ts", import.meta.url).pathname;

/** What the program saves. */
type What = "states" | "updates";

/** The number of what a session holds: -1 if nothing was saved, `undefined` if it is not whole. */
async function found(session: StoreSession, what: What): Promise<number | undefined> {
  if (session.state.dcs.length === 0) return -1;
  if (what === "states") return numberOf(session.state);
  const text = await session.updates?.load();
  if (text === undefined) return -1;
  const { pts } = JSON.parse(text);
  return text === updatesOf(pts) ? pts : undefined;
}

/**
 * Runs the program and kills it `delay` ms after it first saved (or starts, if `early`). Gives the
 * last number it told.
 */
async function killOnce(
  [kind, path, first, what]: readonly [string, string, number, What],
  delay: number,
  early: boolean,
): Promise<number | undefined> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", LOCK, PROGRAM, kind, path, String(first), what],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = early ? "" : (await reader.read()).value ?? "";
  await new Promise((resolve) => setTimeout(resolve, delay));
  child.kill("SIGKILL");
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    text += chunk.value;
  }
  await child.status;
  const numbers = text.slice(0, text.lastIndexOf("\n")).split("\n");
  return text.includes("\n") ? Number(numbers.at(-1)) : undefined;
}

/** Kills a program `times` times. Every tenth time, `at` gives a new place, which is made then. */
async function killLoop(
  kind: string,
  times: number,
  at: (n: number) => string,
  what: What = "states",
): Promise<void> {
  let place = at(0);
  let last = -1;
  for (let round = 0; round < times; round++) {
    if (round % 10 === 0) { // a new one: it may be killed while it makes the file
      place = at(round);
      last = -1;
    }
    const early = round % 20 === 0;
    // The golden ratio spreads the instants evenly; making the file comes some time after the
    // start.
    const instant = round * 0.618034 % 1;
    const delay = early ? 40 + instant * 120 : instant * 12;
    const told = await killOnce([kind, place, last + 1, what], delay, early);
    const session = openSession(kind, place);
    await session.load();
    const number = await found(session, what);
    assert(number !== undefined, `round ${round}: what was found is not whole`);
    const least = told ?? last;
    assert(
      number === least || number === least + 1,
      `round ${round}: found ${number} after ${least} was saved`,
    );
    await session.close();
    last = number;
  }
  assertEquals(last >= 0, true);
}

async function killInFolder(kind: string, times: number, what?: What): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await killLoop(kind, times, (round) => `${folder}/${round}.session`, what);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("SqliteSession, killed while it saves, has the last whole state or the one before", () =>
  killInFolder("SqliteSession", runs(3, 200, 320)));

Deno.test("A folder, killed while it saves, has the last whole state or the one before", () =>
  killInFolder("folder", runs(2, 60, 320)));

Deno.test("SqliteSession, killed while it saves, has the last updates or those before", () =>
  killInFolder("SqliteSession", runs(2, 100), "updates"));

Deno.test("A folder, killed while it saves, has the last updates or those before", () =>
  killInFolder("folder", runs(2, 60), "updates"));

nightlyTest(
  "A sealed folder, killed while it saves, has the last whole state",
  () => killInFolder("sealed folder", 100),
);

for (const [kind, variable] of [["redis", "REDIS_URL"], ["pg", "POSTGRES_URL"]]) {
  const url = Deno.env.get(variable);
  if (url === undefined) continue;
  nightlyTest(`A session in ${kind}, whose program is killed, has the last whole state`, () => {
    const name = crypto.randomUUID();
    return killLoop(kind, 320, (round) => `${url}#${name}-${round}`);
  });
}
