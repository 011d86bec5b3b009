/**
 * Measures how a client of any library uploads and downloads a file: CPU time of the process, and
 * time on the clock. The bytes are in memory before; what is downloaded is counted and dropped.
 */
import process from "node:process";

/** What a client is told. */
export interface Setting {
  readonly dc: { readonly id: number; readonly host: string; readonly port: number };
  readonly publicKeyPem: string;
  readonly fingerprint: string;
  readonly apiId: number;
  readonly apiHash: string;
  readonly phone: string;
  readonly code: string;
  /** The number of bytes of the file. */
  readonly size: number;
}

/** What one direction costs. */
export interface Cost {
  /** CPU time of the process, in milliseconds. */
  readonly cpu: number;
  /** Milliseconds from the beginning to the end. */
  readonly wall: number;
}

/** What a client reports. */
export interface Report {
  readonly upload: Cost;
  readonly download: Cost;
}

/** The argument of the process. */
export const setting: Setting = JSON.parse(process.argv[2]);

/** A file that a library has uploaded and sent. */
export interface Transfers<Uploaded, Sent> {
  /** Signs in. */
  start(): Promise<unknown>;
  upload(bytes: Uint8Array): Promise<Uploaded>;
  /** Sends it to oneself. */
  send(uploaded: Uploaded): Promise<Sent>;
  /** Yields the bytes of the file. */
  download(sent: Sent): AsyncIterable<Uint8Array>;
}

/** Measures a library, reports, and ends the process. */
export async function measure<Uploaded, Sent>(
  { start, upload, send, download }: Transfers<Uploaded, Sent>,
): Promise<void> {
  const bytes = new Uint8Array(setting.size);
  const words = new Uint32Array(bytes.buffer, 0, setting.size >> 2);
  for (let i = 0; i < words.length; i++) words[i] = i * 2_654_435_761;
  await start();
  const up = await costOf(() => upload(bytes));
  const sent = await send(up.result);
  const down = await costOf(() => count(download(sent)));
  if (down.result !== setting.size) throw new Error(`Downloaded ${down.result} bytes`);
  const report: Report = { upload: up.cost, download: down.cost };
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
}

async function costOf<T>(work: () => Promise<T>): Promise<{ result: T; cost: Cost }> {
  const begun = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, cost: { cpu: (user + system) / 1000, wall: performance.now() - begun } };
}

async function count(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let sum = 0;
  let last = 0;
  for await (const piece of pieces) {
    sum += piece.length;
    last ^= piece[piece.length - 1];
  }
  return last < 256 ? sum : 0;
}
