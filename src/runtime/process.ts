/**
 * The process and the name of the runtime, as far as the runtime tells.
 */

/** The part of the global `process` that is used here. */
export interface Process {
  readonly pid: number;
  kill(pid: number, signal: number): unknown;
  getBuiltinModule?(name: string): unknown;
}

/** Returns the global `process`; undefined where there is none. */
export function runtimeProcess(): Process | undefined {
  return (globalThis as { process?: Process }).process;
}

/** The longest user agent that is used; some browsers send whole paragraphs. */
const MAX_NAME_LENGTH = 64;

/** Returns the name and version of the runtime, such as `Deno/2.9.6`; `JavaScript` where it has none. */
export function runtimeName(): string {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return navigator?.userAgent?.slice(0, MAX_NAME_LENGTH) || "JavaScript";
}

/** Throws an error that names the runtimes that are new enough, in one that is not. */
export function checkRuntime(): void {
  if ("withResolvers" in Promise) return;
  throw new Error(
    "Cannot run here: this runtime is too old. Use Node 22.12, a browser of 2024, or a later one",
  );
}
