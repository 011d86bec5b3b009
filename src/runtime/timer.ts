/**
 * Timers that do not keep the process alive.
 */

/**
 * Calls a function once, after `ms` milliseconds. The process may end before.
 *
 * @returns a function that stops the timer
 */
export function startTimer(call: () => void, ms: number): () => void {
  const timer: unknown = setTimeout(call, ms);
  const { Deno } = globalThis as { Deno?: { unrefTimer?: (timer: unknown) => void } };
  if (typeof timer === "number") Deno?.unrefTimer?.(timer);
  else (timer as { unref?: () => void }).unref?.();
  return () => clearTimeout(timer as number);
}
