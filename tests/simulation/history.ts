/**
 * The history of a world: what was called, answered, carried out and heard, and a hash over
 * everything that happened. invariants.ts checks it when the world is over.
 */

/** A call of a program, from its beginning to its end. */
export interface CallRecord {
  readonly number: number;
  /** The program that made it. */
  readonly program: number;
  /** What was called. For a message, its text. */
  readonly name: string;
  readonly kind: "send" | "call" | "connect" | "probe";
  /** The turn in which it was made: the messages of a turn keep their order. */
  readonly turn: number;
  readonly at: number;
  abortedAt?: number;
  settledAt?: number;
  /** How often it settled. */
  settlements: number;
  error?: Error;
  /** What is wrong with its answer. */
  wrong?: string;
}

/** A message that a data center carried out. */
export interface Execution {
  readonly text: string;
  readonly at: number;
  /** How often the servers had forgotten their sessions before. */
  readonly generation: number;
}

/** A message to the account of the programs, which they hear of as an update. */
export interface Incoming {
  readonly text: string;
  readonly at: number;
}

/** What a program heard. */
export interface Heard {
  readonly program: number;
  /** The text of a new message, or the kind of another update. */
  readonly what: string;
  readonly at: number;
}

/** An event in a message box of the account of the programs, as the servers have it. */
export interface BoxEvent {
  /** `common`, or the id of a channel. */
  readonly box: string;
  /** What tells it from all others in its box. */
  readonly key: string;
  readonly kind: "new" | "edit" | "delete";
  /** The ids of its messages. */
  readonly ids: readonly number[];
  readonly pts: number;
  readonly count: number;
  readonly at: number;
  /** Whether the account itself caused it. For its own message, the text. */
  readonly isOwn: boolean;
  readonly text: string;
}

/** The time in which a program took updates, from `updates()` or `on()` to its end. */
export interface Run {
  readonly number: number;
  readonly program: number;
  readonly from: number;
  to: number;
  /** Whether it ended in a crash. */
  isCrash: boolean;
}

/** An update that a program got. */
export interface Delivered {
  readonly run: number;
  readonly box: string;
  readonly key: string;
  readonly at: number;
  /** When the program had done with it. */
  consumedAt?: number;
}

/** A gap that a program was told of. */
export interface ToldGap {
  readonly run: number;
  readonly box: string;
  readonly from: number;
  /** Infinity if it is not known. */
  readonly to: number;
  readonly reason: string;
  readonly at: number;
}

/** A message on its way to a data center, decrypted. */
export interface SentRecord {
  readonly at: number;
  readonly dcId: number;
  readonly authKeyId: string;
  readonly sessionId: bigint;
  readonly msgId: bigint;
  readonly seqNo: number;
  readonly contents: readonly string[];
  /** The end of its body, in hex: that of the query, whatever is around it. */
  readonly tail: string;
  /** Whether a trouble refused it. */
  isRefused: boolean;
}

/** A dial of a program to a data center. */
export interface DialRecord {
  readonly program: number;
  readonly dcId: number;
  readonly at: number;
  /** Whether Telegram sent anything over the connection. */
  isAnswered: boolean;
}

/** The life of a program. */
export interface Life {
  readonly program: number;
  readonly from: number;
  to: number;
}

/** Everything that happened in a world. */
export class History {
  readonly calls: CallRecord[] = [];
  readonly executions: Execution[] = [];
  readonly incoming: Incoming[] = [];
  /** When the first data center carried out a call, and in which session. */
  readonly handled: { readonly at: number; readonly sessionId: bigint }[] = [];
  readonly heard: Heard[] = [];
  readonly boxEvents: BoxEvent[] = [];
  readonly runs: Run[] = [];
  readonly delivered: Delivered[] = [];
  readonly gaps: ToldGap[] = [];
  /** The boxes of whose differences the servers said that they are too long. */
  readonly tooLong = new Set<string>();
  /** When the state of the updates was saved for the first time. */
  firstSave: number | undefined;
  /** The saves of the state of the updates that failed, or took their time. */
  readonly badSaves = new Set<{ readonly from: number; to: number }>();
  /** When all was said, and the last program but one was about to end. */
  quietAt = Infinity;
  /** The errors that ended the updates of a program. */
  readonly endings: Error[] = [];
  readonly sent: SentRecord[] = [];
  readonly dials: DialRecord[] = [];
  /** When a program was disconnected on purpose, and connected again. */
  readonly pauses: Life[] = [];
  readonly lives: Life[] = [];
  /** How often each kind of fault, error and service message came up. */
  readonly counts = new Map<string, number>();
  /** The times at which data centers forgot their sessions. */
  readonly forgotten: number[] = [];
  /** Rules that were broken while the world ran. */
  readonly broken: string[] = [];
  /** The last events as texts, if they are kept. */
  readonly trace: string[] = [];
  readonly #keepsTrace: boolean;
  #hash = 0x811c9dc5;
  #events = 0;

  constructor({ keepsTrace = false } = {}) {
    this.#keepsTrace = keepsTrace;
  }

  /** The number of events so far. */
  get events(): number {
    return this.#events;
  }

  /** The hash over all events so far, in hex. */
  get hash(): string {
    return `${this.#events}-${(this.#hash >>> 0).toString(16)}`;
  }

  /** Adds an event to the hash. */
  note(at: number, what: string, bytes?: Uint8Array): void {
    this.#events++;
    let hash = this.#hash ^ Math.floor(at * 16);
    for (let i = 0; i < what.length; i++) hash = Math.imul(hash ^ what.charCodeAt(i), 0x01000193);
    if (bytes) {
      for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    }
    this.#hash = hash;
    if (this.#keepsTrace) {
      this.trace.push(`${(at / 1000).toFixed(3)} ${what}${bytes ? ` ${bytes.length}` : ""}`);
    }
  }

  /** Counts something. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
