/**
 * The program that holds a lease: how it describes itself to other programs, and how they find out
 * that it has ended. A process is known by its id and the time of its start, as ids are used again,
 * above all in containers.
 */
import { builtinModule, runtimeName, runtimeProcess } from "../../runtime/mod.ts";

/** A program, as the text of its lease describes it. */
export interface Holder {
  /** A name for people to read: the runtime, the process, the machine. */
  readonly name: string;
  /**
   * The running kernel that the program shares with all containers of its machine: the id of the
   * boot, or the name of the host where there is none. Absent in browsers.
   */
  readonly kernel?: string;
  /** The host, the pid namespace and the boot that `pid` belongs to, where all three are known. */
  readonly machine?: string;
  /** The id of the process. */
  readonly pid?: number;
  /** When the process started, in ticks since the boot. */
  readonly started?: string;
}

/** The facts about this process, which are read once. */
let here: Holder | undefined;

/**
 * Describes this program. A program with a name of its own leaves its process out, so that others
 * cannot check whether the process has ended.
 */
export function thisProgram(name?: string): Holder {
  here ??= describe();
  if (name === undefined) return here;
  return { name, ...(here.kernel !== undefined && { kernel: here.kernel }) };
}

function describe(): Holder {
  const host = hostName();
  const boot = readProc("sys/kernel/random/boot_id");
  const kernel = boot ?? host;
  const place = kernel === undefined ? {} : { kernel };
  const runtime = runtimeName();
  const pid = runtimeProcess()?.pid;
  if (pid === undefined || host === undefined) return { name: runtime, ...place };
  const shown = { name: `${runtime}, process ${pid} on ${host}`, ...place };
  const namespace = pidNamespace();
  const started = startOf("self");
  if (boot === undefined || namespace === undefined || started === undefined) return shown;
  return { ...shown, machine: [host, namespace, boot].join(" "), pid, started };
}

/** Whether a program is certainly this process, as it may be in another copy of the library. */
export function isThisProcess({ machine, pid, started }: Holder): boolean {
  const own = thisProgram();
  return pid !== undefined && pid === own.pid && machine === own.machine && started === own.started;
}

/** Whether two programs run under the same kernel, so that locks of files keep them apart. */
export function sharesKernel(one: Holder, other: Holder): boolean {
  return one.kernel === other.kernel;
}

/**
 * Whether a program runs: `true` if it is a process that runs now, `false` if it has certainly
 * ended, `undefined` if that cannot be known from here.
 */
export function isRunning({ machine, pid, started }: Holder): boolean | undefined {
  if (machine === undefined || pid === undefined) return undefined;
  if (machine !== thisProgram().machine) return undefined;
  try {
    runtimeProcess()?.kill(pid, 0); // signal 0 checks that the process exists, and sends nothing
  } catch (error) {
    if ((error as { code?: string }).code === "ESRCH") return false;
  }
  const current = startOf(String(pid));
  return current === undefined || started === undefined || current === started;
}

function hostName(): string | undefined {
  try {
    return builtinModule("node:os")?.hostname();
  } catch {
    return undefined; // this program may not read it
  }
}

function pidNamespace(): string | undefined {
  try {
    return builtinModule("node:fs")?.readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

/** The start of a process: the 22nd field, counted after the name, which may have blanks. */
function startOf(process: string): string | undefined {
  const text = readProc(`${process}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

/** Reads a file of Linux's `/proc`; returns `undefined` where there is none. */
function readProc(path: string): string | undefined {
  try {
    const bytes = builtinModule("node:fs")?.readFileSync(`/proc/${path}`);
    return bytes && new TextDecoder().decode(bytes).trim();
  } catch {
    return undefined;
  }
}
