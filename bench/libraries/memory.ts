/**
 * What a client keeps in memory, in the process of one library: many clients sign in, and then each
 * of them makes many calls. Others do so before, so that code and what exists once do not count.
 */
import process from "node:process";
import type { Library, Target } from "./library.ts";

/** Bytes for each client. */
export interface Kept {
  /** On the heap, when it has signed in and does nothing. */
  readonly idle: number;
  /** Outside of the heap, at that time. */
  readonly idleBuffers: number;
  /** On the heap, after its calls. */
  readonly called: number;
  readonly calledBuffers: number;
}

const CLIENTS = 40;
/** How many clients come before: fewer would leave code to compile for those that count. */
const WARM_UP = 60;
/** How many of them make calls. */
const CALLING = 10;
const CALLS = 3000;
const TOGETHER = 100;
/** Milliseconds in which all that is under way ends. */
const SETTLE = 3000;

const { gc, Bun } = globalThis as {
  gc?: () => void;
  Bun?: { gc(isSynchronous: boolean): void };
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function used(): Promise<{ heap: number; buffers: number }> {
  await pause(SETTLE);
  for (let round = 0; round < 3; round++) {
    if (Bun === undefined) gc?.();
    else Bun.gc(true);
    await pause(50);
  }
  const { heapUsed: heap, external: buffers } = process.memoryUsage();
  return { heap, buffers };
}

async function makeCalls(call: () => Promise<unknown>): Promise<void> {
  for (let made = 0; made < CALLS; made += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, call));
  }
}

/** Measures a library. */
export async function measureMemory(library: Library, target: Target): Promise<Kept> {
  for (let i = 0; i < WARM_UP; i++) {
    const call = await library.signIn(target);
    if (i < CALLING) await makeCalls(call);
  }
  const before = await used();
  const calls: (() => Promise<unknown>)[] = [];
  for (let i = 0; i < CLIENTS; i++) calls.push(await library.signIn(target));
  const idle = await used();
  for (const call of calls) await makeCalls(call);
  const called = await used();
  return {
    idle: (idle.heap - before.heap) / CLIENTS,
    idleBuffers: (idle.buffers - before.buffers) / CLIENTS,
    called: (called.heap - before.heap) / CLIENTS,
    calledBuffers: (called.buffers - before.buffers) / CLIENTS,
  };
}
