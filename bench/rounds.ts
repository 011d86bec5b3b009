/**
 * Measuring side by side: each contender in turn, round after round, so that what the machine does
 * meanwhile meets all of them alike; the median of the rounds counts.
 */

/** Something to be timed; a promise is awaited. */
export type Task = () => unknown;

const ROUNDS = 9;
/** A round repeats a task for about so long, in milliseconds. */
const ROUND_TIME = 15;
/** So long each task runs before, in milliseconds: until the engine has compiled it. */
const WARM_UP = 150;

async function time(task: Task, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const result = task();
    if (result instanceof Promise) await result;
  }
  return performance.now() - start;
}

/** How often a task fits in a round, once it is warm. */
async function calibrate(task: Task): Promise<number> {
  let repeats = 1;
  let total = 0;
  while (true) {
    const spent = await time(task, repeats);
    total += spent;
    if (total >= WARM_UP) return Math.max(1, Math.round(repeats * ROUND_TIME / spent));
    if (spent < ROUND_TIME / 2) repeats *= 2;
  }
}

/** Milliseconds per call of each task. */
export async function measure(tasks: Task[]): Promise<number[]> {
  const repeats: number[] = [];
  for (const task of tasks) repeats.push(await calibrate(task));
  const samples: number[][] = tasks.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, task] of tasks.entries()) {
      samples[i].push(await time(task, repeats[i]) / repeats[i]);
    }
  }
  return samples.map((list) => list.sort((a, b) => a - b)[ROUNDS >> 1]);
}
