/**
 * A TCP middleman on loopback that treats its connections as a bad network does. It passes bytes on
 * between a client and a server, and does to each connection what fault_plan.ts says. It runs
 * in Deno, Node and Bun, and knows nothing of the protocol that it carries.
 */
import { createServer, type Server, Socket } from "node:net";
import type { Random } from "../../src/runtime/mod.ts";
import {
  DEFAULT_RATES,
  type Direction,
  type FaultPlan,
  FAULTS,
  planFault,
  type Rates,
} from "./fault_plan.ts";

/** Where the server listens, and how the middleman behaves. */
export interface MiddlemanOptions {
  readonly host: string;
  readonly port: number;
  /** Where the faults come from: the same bytes make the same faults. */
  readonly random: Random;
  /** How often each fault happens, relative to the others. */
  readonly rates?: Rates;
}

const LOOPBACK = "127.0.0.1";
const PORT_IS_BUSY = 100; // ms until the next attempt to listen

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** One connection through the middleman. */
class Passage {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #next: () => FaultPlan;
  readonly #isCalm: () => boolean;
  #plan: FaultPlan;
  /** The bytes since the last fault. */
  #passed = { up: 0, down: 0 };
  /** The work for each direction, in order. */
  readonly #tails = { up: Promise.resolve(), down: Promise.resolve() };
  #isSilent = false;

  constructor(
    [client, server]: readonly [Socket, Socket],
    first: FaultPlan,
    next: () => FaultPlan,
    isCalm: () => boolean,
  ) {
    this.#client = client;
    this.#server = server;
    this.#plan = first;
    this.#next = next;
    this.#isCalm = isCalm;
    this.#carry("up", client, server);
    this.#carry("down", server, client);
  }

  #carry(direction: Direction, from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on("data", (chunk: Uint8Array) => {
      const at = performance.now() + (this.#isCalm() ? 0 : this.#plan.delay());
      this.#after(direction, () => this.#pass(direction, chunk, to, at));
    });
    from.on("error", () => {}); // "close" follows
    from.on("close", () => {
      // A half-open connection: the client never hears that the server is gone.
      this.#after(direction, () => this.#isSilent && direction === "down" || to.destroy());
    });
  }

  #after(direction: Direction, work: () => unknown): void {
    this.#tails[direction] = this.#tails[direction].then(work).then(() => {}, () => {});
  }

  async #pass(direction: Direction, chunk: Uint8Array, to: Socket, at: number): Promise<void> {
    const wait = at - performance.now();
    if (wait > 0) await sleep(wait);
    const start = this.#passed[direction];
    const end = this.#passed[direction] = start + chunk.length;
    const { fault, direction: where, afterBytes, stall, onFault } = this.#plan;
    const isHit = !this.#isCalm() && where === direction && afterBytes < end;
    if (!isHit || this.#isSilent) return this.#write(to, chunk);
    onFault?.();
    this.#plan = this.#next();
    this.#passed = { up: 0, down: 0 };
    const before = Math.max(afterBytes - start, 0);
    if (fault === "corruption") {
      const bad = chunk.slice();
      bad[before] ^= 1 << (afterBytes % 8);
      return this.#write(to, bad);
    }
    this.#write(to, chunk.subarray(0, before));
    if (fault === "stall") {
      await sleep(stall);
      return this.#write(to, chunk.subarray(before));
    }
    if (fault === "silence") this.#isSilent = true;
    else this.close();
  }

  #write(to: Socket, chunk: Uint8Array): void {
    if (!this.#isSilent && !to.destroyed && chunk.length > 0) to.write(chunk);
  }

  /** Cuts the connection. */
  close(): void {
    this.#client.destroy();
    this.#server.destroy();
  }
}

/** A middleman in front of one server. */
export class Middleman {
  /** The number of connections that it accepted. */
  connections = 0;
  /** The port on loopback on which it listens. */
  readonly port: number;
  /** How often each fault happened. */
  readonly faults: Record<string, number> = Object.fromEntries(FAULTS.map((fault) => [fault, 0]));
  readonly #options: MiddlemanOptions;
  readonly #open = new Set<Passage>();
  #server: Server;
  #isCalm = false;
  #isClosed = false;

  private constructor(options: MiddlemanOptions, server: Server, port: number) {
    this.#options = options;
    this.#server = server;
    this.port = port;
    server.on("connection", (client) => this.#accept(client));
  }

  /** Starts a middleman on a free port. */
  static async start(options: MiddlemanOptions): Promise<Middleman> {
    const server = await listen(0);
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return new Middleman(options, server, port);
  }

  /** Ends all faults: what is silent stays so, and everything else passes. */
  calm(): void {
    this.#isCalm = true;
  }

  /** Stops listening, and cuts all connections. */
  close(): void {
    this.#isClosed = true;
    this.#server.close();
    for (const passage of this.#open) passage.close();
  }

  #accept(client: Socket): void {
    this.connections++;
    const { host, port, rates = DEFAULT_RATES } = this.#options;
    const plan = this.#plan(rates);
    client.on("error", () => {});
    if (!this.#isCalm && (plan.fault === "close at once" || plan.fault === "refusal")) {
      plan.onFault?.();
      client.destroy();
      if (plan.fault === "refusal") void this.#refuse(plan.stall);
      return;
    }
    const server = new Socket();
    server.connect(port, host);
    const next = (): FaultPlan => this.#plan({ ...rates, "close at once": 0, "refusal": 0 });
    const passage = new Passage([client, server], plan, next, () => this.#isCalm);
    this.#open.add(passage);
    client.on("close", () => this.#open.delete(passage));
  }

  #plan(rates: Rates): FaultPlan {
    const plan = planFault(this.#options.random, rates);
    return { ...plan, onFault: () => void this.faults[plan.fault]++ };
  }

  /** Listens no more for a while: the system refuses connections. */
  async #refuse(ms: number): Promise<void> {
    this.#server.close();
    await sleep(ms);
    while (!this.#isClosed) {
      try {
        this.#server = await listen(this.port);
        break;
      } catch {
        await sleep(PORT_IS_BUSY);
      }
    }
    this.#server.on("connection", (client) => this.#accept(client));
    if (this.#isClosed) this.#server.close();
  }
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: LOOPBACK, port }, () => resolve(server));
  });
}
