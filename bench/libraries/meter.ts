/**
 * Measures one row in one library, in a process of its own: prints the digest of its result, then
 * measures one round for each line that it reads. The time is CPU time of the process: other load
 * of the machine counts less in it than in time on the clock. Or measures the memory of a client,
 * or all objects of the schema.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Inputs, Library } from "./library.ts";
import { measureMemory } from "./memory.ts";
import { measureObjects, prepareObjects } from "./objects.ts";
import { ROWS, type Task } from "./rows.ts";

/** For how long a task runs before, so that the engine compiles it, in milliseconds. */
const WARM_UP = 400;
/** The time for which a round repeats a task, in milliseconds. */
const ROUND_TIME = 25;

const [, , path, rowName] = process.argv;

/** What all libraries are told. */
export const inputs: Inputs = JSON.parse(readFileSync(path, "utf8"));

/** Begins a line that the bench reads: a library may print lines of its own. */
const MARK = "bench:";

/** Prints the digest of the result, and after that the milliseconds of each round. */
function tell(value: string | number): void {
  process.stdout.write(`${MARK}${value}\n`);
}

function bytesOf(name: string): Uint8Array {
  const text = inputs.bytes[name];
  if (text === undefined) throw new Error(`Cannot measure "${rowName}": no input "${name}"`);
  return new Uint8Array(Buffer.from(text, "base64"));
}

function digestOf(result: unknown): string {
  const text = result instanceof Uint8Array ? Buffer.from(result).toString("hex") : String(result);
  return createHash("sha256").update(text).digest("hex");
}

/** Returns the CPU time of a task that is repeated, in milliseconds. */
async function time({ run }: Task, repeats: number): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < repeats; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Returns how often a task fits in a round, once it is warm. */
async function calibrate(task: Task): Promise<number> {
  const { warmUp = WARM_UP } = task;
  let repeats = 1;
  let total = 0;
  while (true) {
    const spent = await time(task, repeats);
    total += spent;
    if (total >= warmUp) return Math.max(1, Math.round(repeats * ROUND_TIME / spent));
    if (spent < ROUND_TIME / 2) repeats *= 2;
  }
}

/** Serves one library: this call is the whole program of its process. */
export async function serve(library: Library): Promise<void> {
  if (rowName === "memory") {
    tell(JSON.stringify(await measureMemory(library, inputs.target)));
    process.exit(0);
  }
  if (rowName === "objects") {
    const names = Object.keys(inputs.bytes);
    const objects = prepareObjects(library, new Map(names.map((name) => [name, bytesOf(name)])));
    tell(objects.length);
    for await (const _ of createInterface({ input: process.stdin })) {
      tell(JSON.stringify(measureObjects(library, objects)));
    }
    process.exit(0);
  }
  const row = ROWS.find(({ name }) => name === rowName);
  if (row === undefined) throw new Error(`Cannot measure "${rowName}": there is no such row`);
  const task = await row.task(library, bytesOf, inputs.target);
  const { run, result = run, pieces = 1 } = task;
  const digest = digestOf(await result());
  const repeats = await calibrate(task);
  tell(digest);
  for await (const _ of createInterface({ input: process.stdin })) {
    tell(await time(task, repeats) / repeats / pieces);
  }
  process.exit(0);
}
