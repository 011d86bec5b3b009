/**
 * The books of a soak: what the program printed, what the mailboxes of the server hold, and whether
 * the two agree. It judges; soak.ts runs.
 */
import type { SoakEvent } from "./soak_event.ts";

/** What the mailboxes hold at the end, in their order. */
export interface Mailboxes {
  /** The numbers of the messages that the program sent. */
  readonly own: readonly number[];
  /** The numbers of the messages that the other client sent to the program. */
  readonly other: readonly number[];
}

/** The memory of the program after the collector ran, in bytes. */
export interface Memory {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly heap: number;
  readonly rss: number;
}

/** How much the memory may grow after a fifth of the time, in bytes. */
export interface MemoryBounds {
  readonly heap: number;
  readonly rss: number;
}

/** The only errors that a bad network may cause; the second after the third corrupted packet. */
const ALLOWED_ERRORS = /^(ConnectionError|UncertainSendError|SecurityError)\b/;

/** Everything that the program told. */
export class Ledger {
  /** The calls, by what they do. */
  readonly calls: Record<string, number> = {};
  /** The calls that failed, by the name of the error. */
  readonly failures: Record<string, number> = {};
  /** How often the connection came to each state. */
  readonly states: Record<string, number> = {};
  /** Why the client waited before it connected again. */
  readonly reasons: Record<string, number> = {};
  /** All measurements. */
  readonly memory: Memory[] = [];
  /** How often `updatesTooLong` told of a gap. */
  gaps = 0;
  /** The messages that came as updates. */
  live = 0;
  /** Those of them that had come before. */
  repeated = 0;
  /** The messages that only came with a difference. */
  fetched = 0;
  /** In milliseconds. */
  longestCall = 0;
  /** The number of calls that ended. */
  settled = 0;
  /** The state of the connection at the end. */
  endStatus: string | undefined;
  /** Whether `disconnect()` came to its end. */
  disconnected = false;
  readonly #begun = new Map<number, number | undefined>();
  readonly #sent = new Set<number>();
  readonly #seen = new Set<number>();
  readonly #liveNumbers = new Set<number>();
  readonly #strange: string[] = [];
  #underWay = 0;
  #unsettledAtEnd = 0;

  /** The number of calls that were made. */
  get total(): number {
    return Object.values(this.calls).reduce((sum, count) => sum + count, 0);
  }

  /** Enters a line of the program. */
  enter(event: SoakEvent): void {
    switch (event.type) {
      case "call":
        return this.#begin(event);
      case "settled":
        return this.#settle(event);
      case "update":
        return event.numbers.forEach((number) => this.#live(number));
      case "fetched":
        for (const number of event.numbers) {
          if (!this.#seen.has(number)) this.fetched++;
          this.#seen.add(number);
        }
        return;
      case "gap":
        this.gaps++;
        return;
      case "status":
        count(this.states, event.state);
        if (event.reason !== undefined) count(this.reasons, event.reason.replace(/"[^"]*"/, "it"));
        return;
      case "memory":
        this.memory.push(event);
        return;
      case "end":
        this.#unsettledAtEnd = event.underWay;
        this.endStatus = event.status;
        return;
      case "disconnected":
        this.disconnected = true;
    }
  }

  #begin({ what, number, turn }: SoakEvent & { type: "call" }): void {
    count(this.calls, what);
    this.#underWay++;
    if (number === undefined) return;
    this.#begun.set(number, turn);
  }

  #settle({ what, number, ms, error }: SoakEvent & { type: "settled" }): void {
    this.#underWay--;
    this.settled++;
    this.longestCall = Math.max(this.longestCall, ms);
    if (error === undefined) {
      if (number !== undefined) this.#sent.add(number);
      return;
    }
    count(this.failures, error.slice(0, error.indexOf(":")));
    if (!ALLOWED_ERRORS.test(error)) this.#strange.push(`${what}: ${error}`);
  }

  #live(number: number): void {
    if (this.#liveNumbers.has(number)) this.repeated++;
    this.#liveNumbers.add(number);
    this.#seen.add(number);
    this.live++;
  }

  /**
   * How many messages of the program came right after one that it sent later: in a later turn of
   * the event loop, or in the same one.
   */
  outOfOrder({ own }: Mailboxes): { readonly ofAll: number; readonly ofOneTurn: number } {
    const late = own.filter((number, index) => index > 0 && number < own[index - 1]);
    const before = new Map(own.map((number, index) => [number, own[index - 1]]));
    const isOfOneTurn = (number: number): boolean =>
      this.#begun.get(number) === this.#begun.get(before.get(number) ?? -1);
    return { ofAll: late.length, ofOneTurn: late.filter(isOfOneTurn).length };
  }

  /**
   * Returns the growth of the memory after a fifth of the time, in bytes. It compares the least of
   * the first third with the least of the last one: while the line is down, calls wait in memory.
   */
  growth(kind: "heap" | "rss"): number {
    const { memory } = this;
    const end = memory.at(-1)?.at ?? 0;
    const later = memory.filter(({ at }) => at >= end / 5).map((one) => one[kind]);
    if (later.length === 0) return 0;
    const third = Math.ceil(later.length / 3);
    return Math.min(...later.slice(-third)) - Math.min(...later.slice(0, third));
  }

  /** Returns what is wrong, a sentence each; nothing if all is well. */
  faults(mailboxes: Mailboxes, bounds: MemoryBounds): string[] {
    const { own, other } = mailboxes;
    const inMailbox = new Set(own);
    const unsettled = Math.max(this.#unsettledAtEnd, this.#underWay);
    const missing = [...this.#sent].filter((n) => !inMailbox.has(n));
    const unknown = own.filter((number) => !this.#begun.has(number));
    const missed = other.filter((number) => !this.#seen.has(number));
    return [
      ...(unsettled === 0 ? [] : [`${unsettled} calls did not settle`]),
      ...list("messages were sent, but are not in the mailbox", missing),
      ...list("messages are in the mailbox twice", repeatedIn(own)),
      ...list("messages are in the mailbox, but were never sent", unknown),
      ...list("messages of the other client were missed without updatesTooLong", missed),
      ...list("calls failed for another reason than the network", this.#strange),
      ...(this.endStatus === "connected" ? [] : [`the status at the end is ${this.endStatus}`]),
      ...(this.disconnected ? [] : ["the program did not disconnect"]),
      ...(["heap", "rss"] as const).filter((kind) => this.growth(kind) > bounds[kind]).map((kind) =>
        `the ${kind} grew by ${this.growth(kind)} bytes, expected at most ${bounds[kind]}`
      ),
    ];
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function repeatedIn(numbers: readonly number[]): number[] {
  return numbers.filter((number, index) => numbers.indexOf(number) !== index);
}

const MOST_SHOWN = 5;

function list(what: string, found: readonly unknown[]): string[] {
  if (found.length === 0) return [];
  const shown = found.slice(0, MOST_SHOWN).join(", ");
  return [`${found.length} ${what}: ${shown}${found.length > MOST_SHOWN ? ", …" : ""}`];
}
