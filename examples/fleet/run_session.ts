/** Runs one session, from its lease to its end. */
import {
  Client,
  type ClientOptions,
  type Message,
  SessionError,
  StoreSession,
} from "@tessera/mtproto";
import type { KeyValueStore } from "@tessera/mtproto/stores";
import type { Counts } from "./fleet.ts";
import type { Slots } from "./slots.ts";
import { work } from "./work.ts";

/** How to run a session. */
export interface RunOptions {
  readonly store: KeyValueStore;
  /** The duration of the lease, in milliseconds. */
  readonly lease: number;
  /** The name of this process. */
  readonly id: string;
  readonly apiId: number;
  readonly apiHash: string;
  readonly clientOptions: ClientOptions;
  readonly counts: Counts;
  /** Limits how many sessions connect at once. */
  readonly slots: Slots;
  /** Ends the run: what is under way is finished, and the session is handed over. */
  readonly signal: AbortSignal;
  /** Called when we hold the lease. */
  readonly onHeld: () => void;
  /** Called when we have lost it. */
  readonly onLost: () => void;
}

/** How long work that is under way may take at the end, in milliseconds. */
const PATIENCE = 5000;

/**
 * Waits for the lease of a session, connects it, and works on its updates until the signal aborts.
 *
 * @throws {SessionError} if the lease is lost, the session cannot be read, or the store fails
 * @throws {ConnectionError} if Telegram cannot be reached from here
 * @throws {Error} if nobody is signed in
 */
export async function runSession(
  name: string,
  options: RunOptions,
): Promise<void> {
  const { store, lease, id, apiId, apiHash, clientOptions, counts, signal } = options;
  const session = new StoreSession(name, store, {
    leaseDuration: lease,
    wait: true,
    holder: id,
  });
  const jobs = new Set<Promise<void>>();
  const onMessage = (message: Message): Promise<void> | undefined => {
    if (signal.aborted) return;
    const job = work(message)
      .then(() => counts.worked++, () => counts.workFailed++)
      .then(() => void jobs.delete(job));
    jobs.add(job);
    return job;
  };
  const client = new Client(session, apiId, apiHash, clientOptions);
  const lost = new Promise<never>((_, reject) => {
    const lose = (reason: Error): void => {
      options.onLost();
      reject(reason);
    };
    session.onLost = lose; // until the client sets its own
    client.on("status", (status) => {
      if (status.state === "closed" && status.reason instanceof SessionError) lose(status.reason);
    });
  });
  const start = async (): Promise<void> => {
    await session.load(); // waits until the lease is free
    options.onHeld();
    await options.slots.during(signal, async () => {
      if (await client.isAuthorized()) return;
      throw new Error(
        "nobody is signed in. Sign in again, or remove it from the store.",
      );
    });
    client.on("message", onMessage); // none is missed while the session moves
    await aborted(signal);
  };
  try {
    await Promise.race([lost, start(), aborted(signal)]);
    await Promise.race([lost, Promise.all(jobs), pause(PATIENCE)]);
  } finally {
    await client.disconnect(); // saves the session, and releases its lease
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
