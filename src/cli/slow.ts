/**
 * Tells the person at the terminal what takes longer than a second, so that it does not look as if
 * it hung.
 */
import { type Clock, systemClock } from "../runtime/mod.ts";
import type { CliEnvironment } from "./environment.ts";

const PATIENCE_MS = 1000;

/** Does some work. A line is written if it takes longer than a second, and stderr is a terminal. */
export async function slowly<T>(
  what: string,
  environment: Pick<CliEnvironment, "note" | "ask">,
  work: () => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  if (environment.ask.size?.() === undefined) return await work();
  const done = new AbortController();
  void clock.sleep(PATIENCE_MS, done.signal).then(() => environment.note(`${what} …`), () => {});
  try {
    return await work();
  } finally {
    done.abort();
  }
}
