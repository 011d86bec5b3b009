/**
 * Kills a program that saves without pause, again and again, at instants spread over a save. Each
 * time the session must hold the last reported state, or the one that was being saved.
 */

import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { openSession } from "../helpers/session_kinds.ts";
import { numberOf } from "../helpers/states.ts";
import { LOCK } from "../helpers/lock.ts";

const PROGRAM = new URL("kill_loop_program.ts", import.meta.url).pathname;

/**
 * Runs the program and kills it `delay` ms after it first saved (or starts, if `early`). Gives the
 * last number it told.
 */
async function killOnce(
  kind: string,
  path: string,
  first: number,
  delay: number,
  early: boolean,
): Promise<number | undefined> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", LOCK, PROGRAM, kind, path, String(first)],
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

async function killLoop(kind: string, times: number): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    let path = `${folder}/0.own`;
    let last = -1;
    for (let round = 0; round < times; round++) {
      if (round % 10 === 0) { // a new one: it may be killed while it makes the file
        path = `${folder}/${round}.own`;
        last = -1;
      }
      const early = round % 10 === 0 && round % 20 === 0;
      // The golden ratio spreads the instants evenly; making the file comes some time after the
      // start.
      const instant = round * 0.618034 % 1;
      const told = await killOnce(
        kind,
        path,
        last + 1,
        early ? 40 + instant * 120 : instant * 12,
        early,
      );
      const session = openSession(kind, path);
      await session.load();
      const found = session.state.dcs.length === 0 ? -1 : numberOf(session.state);
      assert(found !== undefined, `round ${round}: what was found is not whole`);
      const least = told ?? last;
      assert(
        found === least || found === least + 1,
        `round ${round}: found ${found} after ${least} was saved`,
      );
      await session.close();
      last = found;
    }
    assertEquals(last >= 0, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("SqliteSession, killed while it saves, has the last whole state or the one before", () =>
  killLoop("SqliteSession", runs(3, 200)));

Deno.test("A folder, killed while it saves, has the last whole state or the one before", () =>
  killLoop("folder", runs(2, 60)));
