/**
 * Measures a client of any library: the CPU time and the time from the first message to the last,
 * and the memory while its handler sleeps. The first message only says that the client listens.
 */
import process from "node:process";

/** What a client is told. */
export interface Setting {
  readonly dc: { readonly id: number; readonly host: string; readonly port: number };
  readonly publicKeyPem: string;
  readonly fingerprint: string;
  readonly apiId: number;
  readonly apiHash: string;
  readonly token: string;
  /** How many messages come after the first one. */
  readonly count: number;
  /** How long the handler sleeps with the second message, in milliseconds. */
  readonly sleep: number;
}

/** What a client reports. */
export interface Report {
  /** CPU time of the process for all messages, in milliseconds. */
  readonly cpu: number;
  /** From the first to the last message, in milliseconds. */
  readonly wall: number;
  /** How much the process has grown at the end of the sleep, in bytes. */
  readonly grown: number;
}

/** The argument of the process. */
export const setting: Setting = JSON.parse(process.argv[2]);

let count = -1;
let lastId = 0;
let letters = 0;
let before = { cpu: 0, memory: 0 };
let begun = 0;
let grown = 0;
let asleep: Promise<void> | undefined;

/** Says that the client is signed in, and has its handler. */
export function listening(): void {
  print("listening");
}

/**
 * Takes a message, with the fields that every bot reads. They are checked: all must come, once and
 * in order.
 */
export function take(id: number, text: string, sender: unknown): Promise<void> | undefined {
  if (id <= lastId) throw new Error(`Message ${id} came after ${lastId}`);
  if (String(sender) === "undefined") throw new Error(`Message ${id} has no sender`);
  lastId = id;
  letters += text.length;
  count++;
  if (count === 0) {
    before = { cpu: cpu(), memory: memory() };
    return print("ready");
  }
  if (count === 1) {
    begun = performance.now();
    if (setting.sleep > 0) asleep = sleep();
  }
  if (count === setting.count) void end();
  return asleep;
}

async function end(): Promise<void> {
  const wall = performance.now() - begun;
  const spent = cpu() - before.cpu;
  await asleep;
  const report: Report = { cpu: spent, wall, grown };
  print(JSON.stringify(report));
  process.exit(letters > 0 ? 0 : 1);
}

async function sleep(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, setting.sleep));
  grown = memory() - before.memory;
  asleep = undefined;
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The memory of the process after a garbage collection, in bytes. */
function memory(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function print(line: string): undefined {
  process.stdout.write(`${line}\n`);
}
