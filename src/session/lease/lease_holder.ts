/**
 * Who uses a session: this program, as others are told of it, and whether another program on this machine still lives.
 */

/** A program, as far as others can tell it. */
import { builtinModule, runtimeName, runtimeProcess } from "../../runtime/mod.ts";
export interface Holder {
  /** For people: the runtime, the process, the machine. */
  readonly name: string;
  /** The machine (or container) whose processes `pid` counts; absent where processes cannot be told. */
  readonly machine?: string;
  /** The number of the process there. */
  readonly pid?: number;
}

/** This program. With a name of its own, it is known by that only, and not asked for by its process. */
export function thisProgram(name?: string): Holder {
  if (name !== undefined) return { name };
  const runtime = runtimeName();
  const pid = runtimeProcess()?.pid;
  const machine = machineId();
  if (pid === undefined || machine === undefined) return { name: runtime };
  return { name: `${runtime}, process ${pid} on ${machine.host}`, machine: machine.id, pid };
}

/** Whether it is certain that a program has ended: it was a process of this machine, and there is none of that number. */
export function hasEnded(holder: Holder): boolean {
  const { machine, pid } = holder;
  if (pid === undefined || machine === undefined || machine !== machineId()?.id) return false;
  const process = runtimeProcess();
  if (pid === process?.pid) return false;
  try {
    process?.kill(pid, 0); // signal 0 only asks
    return false;
  } catch (error) {
    return (error as { code?: string }).code === "ESRCH";
  }
}

/** Containers have process numbers of their own: the name of the host alone would take one for the other. */
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
    return undefined; // not allowed to know
  }
}
