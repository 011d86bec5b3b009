/** What the parent of a soak passes to the program, and the lines that the program prints. */

/** The argument of the program, as JSON. */
export interface SoakSetting {
  readonly apiId: number;
  readonly apiHash: string;
  readonly session: string;
  /** The address of the middleman. */
  readonly dcs: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  readonly publicKeyPem: string;
  /** Milliseconds of the bad network. */
  readonly duration: number;
  /** Milliseconds after it in which everything must settle. */
  readonly patience: number;
  /** Milliseconds between two measurements of the memory. */
  readonly measureEvery: number;
}

/** A line of the program. Numbers are those of messages; times are in milliseconds. */
export type SoakEvent =
  | { readonly type: "ready" | "stopped" | "gap" | "disconnected" }
  | {
    readonly type: "call";
    readonly what: string;
    readonly number?: number;
    /** The first number of the same turn of the event loop. */
    readonly turn?: number;
  }
  | {
    readonly type: "settled";
    readonly what: string;
    readonly number?: number;
    readonly ms: number;
    /** The name and text of the error, if the call failed. */
    readonly error?: string;
  }
  | { readonly type: "update" | "fetched"; readonly numbers: readonly number[] }
  | { readonly type: "fetch failed"; readonly error: string }
  | { readonly type: "status"; readonly state: string; readonly reason?: string }
  | {
    readonly type: "memory";
    /** Since the start. */
    readonly at: number;
    /** In bytes, after the collector ran. */
    readonly heap: number;
    readonly rss: number;
  }
  | { readonly type: "end"; readonly underWay: number; readonly status: string };
