/**
 * The process that bench/fleet.ts measures, in Node or Deno: reads the description of its clients
 * from a file, connects them all, and prints what they cost.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import {
  Client,
  type ClientOptions,
  type KeyValueStore,
  StoreSession,
  StringSession,
} from "../mod.ts";
import { parseRsaPublicKey } from "../src/crypto/entry.ts";

/** What a process is told. */
export interface Clients {
  readonly apiId: number;
  readonly apiHash: string;
  readonly dcs: NonNullable<ClientOptions["dcs"]>;
  readonly publicKeyPem: string;
  /** String sessions. */
  readonly sessions: readonly string[];
  /** Whether the sessions are in a store, with a lease each. */
  readonly isLeased: boolean;
  /** How long to measure the CPU, in milliseconds. */
  readonly idle: number;
}

/** What it prints. */
export interface Cost {
  /** Bytes of heap for each client. */
  readonly heap: number;
  /** Bytes of buffers for each client. */
  readonly buffers: number;
  /** Bytes of the whole process. */
  readonly rss: number;
  /** Milliseconds of CPU in ten seconds, of all clients, without calls. */
  readonly cpu: number;
}

/** How many connect at once, and for how long they settle, in milliseconds. */
const TOGETHER = 20;
const SETTLE = 3000;

const { apiId, apiHash, dcs, publicKeyPem, sessions, isLeased, idle }: Clients = JSON.parse(
  readFileSync(process.argv[2], "utf8"),
);
const options: ClientOptions = { dcs, keys: [parseRsaPublicKey(publicKeyPem)], onUpdates() {} };
const { gc = () => {} } = globalThis as { gc?: () => void };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function memory(): Promise<{ heap: number; buffers: number; rss: number }> {
  for (let round = 0; round < 3; round++) {
    gc();
    await pause(50);
  }
  const { heapUsed: heap, external: buffers, rss } = process.memoryUsage();
  return { heap, buffers, rss };
}

/** A store in memory, of bytes as on a line to a database, whose own cost is measured elsewhere. */
const values = new Map<string, Uint8Array>();
const get = (key: string): string | undefined => {
  const bytes = values.get(key);
  return bytes && new TextDecoder().decode(bytes);
};
const set = (key: string, value: string): unknown =>
  values.set(key, new TextEncoder().encode(value));
const store: KeyValueStore = {
  get,
  set,
  delete: (key) => values.delete(key),
  swap(key, current, next) {
    if (get(key) !== current) return false;
    if (next === undefined) values.delete(key);
    else set(key, next);
    return true;
  },
};

async function sessionOf(text: string): Promise<StringSession | StoreSession> {
  const given = new StringSession(text);
  if (!isLeased) return given;
  const session = new StoreSession(`session ${text}`, store);
  await session.load();
  session.state = given.state;
  await session.save();
  return session;
}

async function connect(text: string): Promise<Client> {
  const client = new Client(await sessionOf(text), apiId, apiHash, options);
  if (!await client.isAuthorized()) throw new Error("a client is not signed in");
  return client;
}

const [first, ...others] = sessions;
const clients = [await connect(first)]; // all that is made once
await pause(SETTLE);
const before = await memory();
for (let next = 0; next < others.length; next += TOGETHER) {
  clients.push(...await Promise.all(others.slice(next, next + TOGETHER).map(connect)));
}
await pause(SETTLE);
const after = await memory();
const used = process.cpuUsage();
await pause(idle);
const { user, system } = process.cpuUsage(used);
const cost: Cost = {
  heap: (after.heap - before.heap) / others.length,
  buffers: (after.buffers - before.buffers) / others.length,
  rss: after.rss,
  cpu: (user + system) / 1000 / (idle / 10_000),
};
process.stdout.write(`${JSON.stringify(cost)}\n`);
process.exit();
