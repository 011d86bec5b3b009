/**
 * The program that holds a lease: how it describes itself to other programs, and how they find out
 * that it has ended.
 */
import { builtinModule, runtimeName, runtimeProcess } from "../../runtime/mod.ts";

/** A program, as the text of its lease describes it. */
export interface Holder {
  /** A name for people to read: the runtime, the process, the machine. */
  readonly name: string;
  /**
   * The machine (or container) that `pid` is a process of; absent in a runtime without processes.
   */
  readonly machine?: string;
  /** The id of the process on that machine. */
  readonly pid?: number;
}

/**
 * This program. A program with a name of its own leaves its process out, so that others cannot
 * check whether the process has ended.
 */
export function thisProgram(name?: string): Holder {
  if (name !== undefined) return { name };
  const runtime = runtimeName();
  const pid = runtimeProcess()?.pid;
  const machine = machineId();
  if (pid === undefined || machine === undefined) return { name: runtime };
  return { name: `${runtime}, process ${pid} on ${machine.host}`, machine: machine.id, pid };
}

/**
 * Whether a program has certainly ended: it ran on this machine, and no process there has its pid.
 */
export function hasEnded(holder: Holder): boolean {
  const { machine, pid } = holder;
  if (pid === undefined || machine === undefined || machine !== machineId()?.id) return false;
  const process = runtimeProcess();
  if (pid === process?.pid) return false;
  try {
    process?.kill(pid, 0); // signal 0 checks that the process exists, and sends nothing
    return false;
  } catch (error) {
    return (error as { code?: string }).code === "ESRCH";
  }
}

/** Includes the pid namespace, as containers on one host count their processes separately. */
function machineId(): { host: string; id: string } | undefined {
  const files = builtinModule("node:fs");
  try {
    const host = builtinModule("node:os")?.hostname();
    if (host === undefined) return undefined;
    const parts = [host];
    if (files?.existsSync("/proc/self/ns/pid")) {
      const boot = files.readFileSync("/proc/sys/kernel/random/boot_id");
      parts.push(files.readlinkSync("/proc/self/ns/pid"), new TextDecoder().decode(boot).trim());
    }
    return { host, id: parts.join(" ") };
  } catch {
    return undefined; // this program may not read it
  }
}
