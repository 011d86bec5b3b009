/**
 * Whether Telegram answers this process. A client without an account asks it again and again: the
 * clients of the sessions are silent while nothing happens, and notice a dead line after a minute.
 */
import { Client, type ClientOptions, MemorySession, RpcError } from "@tessera/mtproto";

/** How to ask. */
export interface WatchOptions {
  readonly apiId: number;
  readonly apiHash: string;
  readonly clientOptions: ClientOptions;
  /** The time between two questions, in milliseconds. */
  readonly interval: number;
  /** The silence after which this process counts as cut off, in milliseconds. */
  readonly silence: number;
}

/** Asks Telegram until it is stopped. */
export class Watch {
  readonly #options: WatchOptions;
  /** Keeps its key, which the first question makes. */
  readonly #session = new MemorySession();
  readonly #stopped = new AbortController();
  #answeredAt = performance.now();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Whether Telegram has been silent for too long. */
  get isCutOff(): boolean {
    return performance.now() - this.#answeredAt > this.#options.silence;
  }

  /** Ends `run`. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Asks until `stop`. */
  async run(): Promise<void> {
    const { apiId, apiHash, clientOptions, interval, silence } = this.#options;
    const { signal } = this.#stopped;
    const options = { ...clientOptions, floodSleepThreshold: 0 }; // a refusal is an answer, too
    while (!signal.aborted) {
      // A new client after each failure: the old one would wait longer and longer.
      const client = new Client(this.#session, apiId, apiHash, options);
      try {
        while (!signal.aborted) {
          await this.#ask(client, AbortSignal.any([signal, AbortSignal.timeout(silence)]));
          await pause(interval, signal);
        }
      } catch {
        await pause(interval, signal);
      } finally {
        await client.disconnect();
      }
    }
  }

  async #ask(client: Client, signal: AbortSignal): Promise<void> {
    try {
      await client.invoke({ _: "help.getNearestDc" }, { signal });
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
    this.#answeredAt = performance.now();
  }
}

/** Resolves after some milliseconds, or when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
