/**
 * The process, and the name of the runtime.
 */

/** The part of the global `process` that the library uses. */
export interface Process {
  readonly pid: number;
  /** The system, such as `linux` or `win32`. */
  readonly platform?: string;
  readonly versions?: Readonly<Record<string, string | undefined>>;
  /** The variables of the environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  kill(pid: number, signal: number): unknown;
  getBuiltinModule?(name: string): unknown;
}

/** Returns the global `process`; undefined if the runtime does not have it. */
export function runtimeProcess(): Process | undefined {
  return (globalThis as { process?: Process }).process;
}

/** Longer user agents are cut; some browsers have whole paragraphs. */
const MAX_NAME_LENGTH = 64;

/** Returns the runtime's name and version, such as `Deno/2.9.6`; `JavaScript` if it has no name. */
export function runtimeName(): string {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return navigator?.userAgent?.slice(0, MAX_NAME_LENGTH) || "JavaScript";
}

/** Returns which of the runtimes with builtin modules this is; undefined for any other. */
export function runtimeKind(): "deno" | "bun" | "node" | undefined {
  const versions = runtimeProcess()?.versions;
  if (versions === undefined || isCloudflare()) return undefined;
  // Deno and Bun state a version of Node, too.
  return (["deno", "bun", "node"] as const).find((name) => versions[name] !== undefined);
}

/** Whether this is a Cloudflare Worker. */
export function isCloudflare(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}

/**
 * Checks that the runtime is new enough.
 *
 * @throws {Error} if not; the text names the oldest runtimes that work
 */
export function checkRuntime(): void {
  if ("withResolvers" in Promise) return;
  throw new Error(
    "Cannot run here: this runtime is too old. Use Node 22.12, a browser of 2024, or a later one.",
  );
}
