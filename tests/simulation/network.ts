/**
 * The network of a world: a `Dial` whose streams take virtual time, and break as the faults say.
 * The bytes of a connection arrive in order, or not at all, as with TCP.
 */
import { type Address, type ByteStream, ConnectionError, type Dial } from "../../src/net/mod.ts";
import { Connection } from "./connection.ts";
import type { DialRecord } from "./history.ts";
import type { Direction, Fault, FaultName, PortalText } from "./faults.ts";
import type { RandomStream } from "./random_stream.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** A client's computer: the network stops for it while it sleeps. */
export interface Computer {
  /** The number of the program that runs on it. */
  readonly number: number;
  /** Whether the program runs. */
  readonly isAlive: boolean;
  /** Until when it sleeps, in milliseconds of the world. */
  readonly sleepsUntil: number;
}

/** The parts of a network. */
export interface NetworkOptions {
  readonly time: VirtualTime;
  readonly random: RandomStream;
  /** Milliseconds that bytes travel, one way. */
  readonly latency: number;
  /** The most milliseconds that are added to that at random. */
  readonly jitter: number;
  /** Serves a connection at a data center. */
  readonly serve: (dcId: number, stream: ByteStream) => void;
  /** Receives the kind of each fault when it does something. */
  readonly onFault: (kind: FaultName) => void;
  /** Receives everything that happens. */
  readonly onEvent: (what: string, bytes?: Uint8Array) => void;
  /** Receives each dial; returns the record of it. */
  readonly onDial: (program: number, dcId: number) => DialRecord;
}

/** A fault that lasts, with its end. */
interface Lasting<T> {
  readonly until: number;
  readonly value: T;
}

/** A fault that waits for the next connection to its data center. */
type Waiting = Extract<Fault, { kind: "cutAfter" | "corrupt" }>;

const FAST_LINE = 1e7; // bytes a second
/** Milliseconds after which the system gives up a dial without an answer. */
const SYSTEM_TIMEOUT = 75_000;

/** The beginning of the other address of a data center. */
export const OTHER_ADDRESS = "other.";
/** The end of all addresses that lead to a data center. */
const SIMULATED = ".offline";

/** Returns the two addresses of a data center. */
export function addressesOf(dcId: number): readonly [string, string] {
  const first = `dc${dcId}${SIMULATED}`;
  return [first, OTHER_ADDRESS + first];
}

/** The network between the programs and the data centers. */
export class Network {
  readonly options: NetworkOptions;
  /** All connections whose client has not closed them. */
  readonly open = new Set<Connection>();
  /** The end of the latest stall. */
  stalledUntil = 0;
  #latency: Lasting<number> = { until: 0, value: 0 };
  #speed: Lasting<number> = { until: 0, value: 0 };
  #slowDial: Lasting<number> = { until: 0, value: 0 };
  #portal: Lasting<PortalText> = { until: 0, value: "page" };
  #pieces: Lasting<number> = { until: 0, value: 1 };
  #refusedUntil = 0;
  #areFirstLost = false;
  #blackoutUntil = 0;
  /** The data centers whose first address leads nowhere. */
  readonly #moved = new Map<number, Lasting<{ readonly isSilent: boolean }>>();
  #waiting: Waiting[] = [];

  constructor(options: NetworkOptions) {
    this.options = options;
  }

  /** Returns the dial of a program. */
  dialOf(computer: Computer): Dial {
    return (address, signal) => this.#dial(computer, address, signal);
  }

  /** Returns milliseconds that the next bytes travel. */
  latency(): number {
    const { random, latency, jitter } = this.options;
    const more = this.#current(this.#latency, "latency") ?? 0;
    return latency + more + random.below(jitter + 1);
  }

  /** Returns bytes a millisecond. */
  speed(): number {
    return (this.#current(this.#speed, "slowLine") ?? FAST_LINE) / 1000;
  }

  /** Returns the bytes of a piece in which bytes arrive; undefined while they stay together. */
  piece(): number | undefined {
    return this.#current(this.#pieces, "pieces");
  }

  /** Makes a fault of the network. Returns false for the other kinds. */
  make(fault: Fault): boolean {
    const { time, onFault } = this.options;
    const { now } = time;
    switch (fault.kind) {
      case "latency":
        this.#latency = { until: now + fault.ms, value: fault.more };
        return true;
      case "slowLine":
        this.#speed = { until: now + fault.ms, value: fault.bytesPerSecond };
        return true;
      case "slowDial":
        this.#slowDial = { until: now + fault.ms, value: fault.more };
        return true;
      case "pieces":
        this.#pieces = { until: now + fault.ms, value: fault.bytes };
        return true;
      case "portal":
        this.#portal = { until: now + fault.ms, value: fault.says };
        return true;
      case "refused":
        this.#refusedUntil = now + fault.ms;
        return true;
      case "otherAddress":
        this.#moved.set(fault.where, { until: now + fault.ms, value: fault });
        return true;
      case "blackout":
        this.#blackoutUntil = Math.max(this.#blackoutUntil, now + fault.ms);
        this.stalledUntil = Math.max(this.stalledUntil, now + fault.ms);
        return true;
      case "stall":
        this.stalledUntil = Math.max(this.stalledUntil, now + fault.ms);
        if (this.open.size > 0) onFault("stall");
        return true;
      case "reset":
        for (const connection of this.#to(fault.where)) {
          onFault("reset");
          connection.reset();
        }
        return true;
      case "halfOpen":
        for (const connection of this.#to(fault.where)) {
          onFault("halfOpen");
          connection.fallSilent();
        }
        return true;
      case "cutAfter":
      case "corrupt": {
        const [connection] = this.#to(fault.where);
        if (connection === undefined) this.#waiting.push(fault);
        else this.#give(connection, fault);
        return true;
      }
    }
    return false;
  }

  /** Ends all faults. What they broke stays broken. */
  calm(): void {
    const lasting = [this.#latency, this.#speed, this.#slowDial, this.#portal, this.#pieces];
    for (const one of lasting) {
      Object.assign(one, { until: 0 });
    }
    this.#refusedUntil = this.#blackoutUntil = this.stalledUntil = 0;
    this.#waiting = [];
    this.#moved.clear();
    for (const connection of this.open) connection.calm();
  }

  /** Breaks all connections. From now on, the first address of each data center leads nowhere. */
  loseFirstAddresses(): void {
    this.#areFirstLost = true;
    for (const connection of [...this.open]) connection.reset();
  }

  /** Breaks all connections of a program that ended. */
  loseProgram(number: number): void {
    for (const connection of [...this.open]) {
      if (connection.computer.number === number) connection.loseClient();
    }
  }

  async #dial(
    computer: Computer,
    address: Address,
    signal: AbortSignal | undefined,
  ): Promise<ByteStream> {
    const { time, onFault, onEvent } = this.options;
    signal?.throwIfAborted();
    const dcId = address.dcId ?? Number(address.host.replace(/\D/g, ""));
    onEvent(`dial ${computer.number} DC ${dcId}`);
    const record = this.options.onDial(computer.number, dcId);
    if (time.now < this.#blackoutUntil) {
      onFault("blackout");
      await this.#wait(Math.min(this.#blackoutUntil - time.now, SYSTEM_TIMEOUT), signal);
      if (time.now < this.#blackoutUntil) throw unreachable();
    }
    if (time.now < this.#refusedUntil) {
      onFault("refused");
      await this.#wait(2 * this.latency(), signal);
      throw unreachable();
    }
    const isOther = address.host.startsWith(OTHER_ADDRESS);
    if (!address.host.endsWith(SIMULATED) || (this.#areFirstLost && !isOther)) {
      await this.#wait(SYSTEM_TIMEOUT, signal);
      throw unreachable();
    }
    const moved = this.#moved.get(dcId);
    const isMoved = moved !== undefined && !isOther &&
      this.#current(moved, "otherAddress") !== undefined;
    if (isMoved) {
      await this.#wait(moved.value.isSilent ? SYSTEM_TIMEOUT : 2 * this.latency(), signal);
      throw unreachable();
    }
    const slower = this.#current(this.#slowDial, "slowDial");
    // A slow dial does not listen to its signal, so that it may succeed too late.
    await this.#wait(2 * this.latency() + (slower ?? 0), slower === undefined ? signal : undefined);
    if (!computer.isAlive) return await new Promise<never>(() => {});
    const connection = new Connection(this, computer, record);
    this.open.add(connection);
    if (signal?.aborted) connection.client.close();
    else signal?.addEventListener("abort", () => connection.client.close(), { once: true });
    const portal = this.#current(this.#portal, "portal");
    if (portal === undefined) this.options.serve(dcId, connection.server);
    else void connection.answerAs(portal);
    connection.isOfTelegram = portal === undefined;
    const given = this.#waiting.filter((fault) => fault.where === dcId);
    this.#waiting = this.#waiting.filter((fault) => fault.where !== dcId);
    for (const fault of given) this.#give(connection, fault);
    return connection.client;
  }

  #give(connection: Connection, fault: Waiting): void {
    if (fault.kind === "cutAfter") connection.lane(fault.direction).cutAfter(fault.bytes);
    else connection.lane(fault.direction).corrupt(fault.byte);
  }

  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.options.time.after(ms, () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  #to(dcId: number): Connection[] {
    return [...this.open].filter((connection) => connection.dcId === dcId);
  }

  #current<T>({ until, value }: Lasting<T>, kind: FaultName): T | undefined {
    if (this.options.time.now >= until) return undefined;
    this.options.onFault(kind);
    return value;
  }
}

/** Returns the name of a direction in a trace. */
export function arrow(direction: Direction): string {
  return direction === "toClient" ? "<" : ">";
}

function unreachable(): ConnectionError {
  return new ConnectionError("Cannot connect: the simulated network refuses. Try again.");
}
