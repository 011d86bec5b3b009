/** The fixed properties of a world: its client's options, its lines, its clocks. */
import type { TransportName } from "../../src/transport/mod.ts";
import type { RandomStream } from "./random_stream.ts";

/** The properties of a world. Times are milliseconds. */
export interface Params {
  /** How long faults happen. */
  readonly duration: number;
  readonly transport: TransportName | "http";
  readonly obfuscated: boolean;
  /** The client's option; null stands for `Infinity`, which JSON does not have. */
  readonly connectionRetries: number | null;
  readonly latency: number;
  readonly jitter: number;
  /** How far the clocks are ahead of the world. */
  readonly clientAhead: number;
  readonly serverAhead: number;
  /** The home that the session knows. The account lives at DC 2. */
  readonly startsAt: 2 | 4;
  /** Whether the keys exist, so that no key exchange is needed. */
  readonly hasKeys: boolean;
  /** How the programs take updates; without it, they listen to packets. */
  readonly updates?: UpdatesParams;
  /** Whether the programs have the option forwardSecrecy; false by default. */
  readonly isSecret?: boolean;
  /** How the programs learn addresses; without it, or over HTTP, they are given all of them. */
  readonly learning?: LearningParams;
}

/**
 * The programs are given no addresses. The first session has one for each data center, and Telegram
 * names another. In the end the first ones lead nowhere.
 */
export interface LearningParams {
  /** Whether Telegram names the others when it is asked, or tells them late and by an update. */
  readonly by: "help.getConfig" | "updateDcOptions";
  /** Whether the program crashes before it uses what it has learned. */
  readonly crashes: boolean;
}

/** How the programs take updates, and how the servers keep them. */
export interface UpdatesParams {
  readonly by: "loop" | "handlers";
  /** Whether the first program knows where the account stands. */
  readonly isKnown: boolean;
  /**
   * Whether packets and differences may fail as the faults say. What is lost then may show only by
   * what comes next; otherwise nobody writes a last time.
   */
  readonly isLossy: boolean;
  /** Events in one part of a difference. */
  readonly slice: number;
  /** Events after which a difference is too long; null for never. */
  readonly tooLongAfter: number | null;
}

/** The data centers of a world. The account lives at the first one. */
export const DCS: readonly number[] = [2, 4];

const KEYLESS = 0.03;
/** A world with temporary keys has some key exchanges, which take real time. */
const SECRET = 0.03;
const LEARNING = 0.1;
/** A world whose programs take updates has more to do than others. */
const WITH_UPDATES = 0.3;

/** Draws the properties of a world. */
export function drawParams(random: RandomStream): Params {
  const transport = random.pick<TransportName>(["abridged", "intermediate", "full", "padded"]);
  return {
    duration: random.magnitude(60_000, 3_600_000),
    transport,
    obfuscated: random.chance(0.3) && transport !== "full",
    connectionRetries: random.chance(0.5) ? null : random.pick([0, 1, 5]),
    latency: random.magnitude(1, 400),
    jitter: random.magnitude(1, 100),
    clientAhead: random.chance(0.7)
      ? random.below(2000) - 1000
      : random.below(4_000_000) - 2_000_000,
    serverAhead: random.below(2000) - 1000,
    startsAt: random.chance(0.1) ? 4 : 2,
    hasKeys: !random.chance(KEYLESS),
    ...(random.chance(WITH_UPDATES) && { updates: drawUpdates(random) }),
    ...(random.chance(SECRET) && { isSecret: true }),
    ...(random.chance(LEARNING) && { learning: drawLearning(random) }),
  };
}

function drawLearning(random: RandomStream): LearningParams {
  return {
    by: random.pick(["help.getConfig", "updateDcOptions"]),
    crashes: random.chance(0.5),
  };
}

function drawUpdates(random: RandomStream): UpdatesParams {
  return {
    by: random.pick(["loop", "handlers"]),
    isKnown: random.chance(0.8),
    isLossy: random.chance(0.5),
    slice: random.pick([3, 10, 100]),
    tooLongAfter: random.chance(0.8) ? null : 20,
  };
}
