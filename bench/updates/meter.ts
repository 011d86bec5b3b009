/**
 * Measures a client of any library: the CPU time of all messages, and the memory while its handler
 * sleeps. The first message only shows that the client listens.
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
  /** How much the process has grown at the end of the sleep, in bytes. */
  readonly grown: number;
}

/** The argument of the process. */
export const setting: Setting = JSON.parse(process.argv[2]);

let count = -1;
let lastId = 0;
let letters = 0;
let before = { cpu: 0, memory: 0 };
let grown = 0;
let asleep: Promise<void> | undefined;

/** Says that the client is signed in, and has its handler. */
export function listening(): void {
  print("listening");
}

/**
 * Returns the handler of messages. `read` reads what every bot reads: the id, the text and the
 * sender. While the handler sleeps, it has its message in use.
 */
export function handler<M>(
  read: (message: M) => readonly [id: number, text: string, sender: unknown],
): (message: M) => unknown {
  if (setting.sleep === 0) return (message) => take(...read(message));
  return async (message) => {
    take(...read(message));
    await asleep;
    letters += read(message)[1].length;
  };
}

/** Takes a message. All must come, once and in order. */
function take(id: number, text: string, sender: unknown): void {
  if (id <= lastId) throw new Error(`Message ${id} came after ${lastId}`);
  if (String(sender) === "undefined") throw new Error(`Message ${id} has no sender`);
  lastId = id;
  letters += text.length;
  count++;
  if (count === 0) {
    before = { cpu: cpu(), memory: memory() };
    print("ready");
  }
  if (count === 1 && setting.sleep > 0) asleep = sleep();
  if (count === setting.count) void end();
}

async function end(): Promise<void> {
  const spent = cpu() - before.cpu;
  await asleep;
  const report: Report = { cpu: spent, grown };
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

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
