/**
 * Measures side by side: each task in turn, round after round, so that other load of the machine
 * affects all of them equally. The result is the median of the rounds.
 */

/** A task to measure; a promise is awaited. */
export type Task = () => unknown;

const ROUNDS = 9;
/** The time for which a round repeats a task, in milliseconds. */
const ROUND_TIME = 15;
/** The time for which each task runs before, so that the engine compiles it, in milliseconds. */
const WARM_UP = 150;

async function time(task: Task, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const result = task();
    if (result instanceof Promise) await result;
  }
  return performance.now() - start;
}

/** Returns how often a task fits in a round, once it is warm. */
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

/** Returns the milliseconds per call of each task. */
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
