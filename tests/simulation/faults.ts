/**
 * Faults as plain data: what goes wrong in a world, when, and how. They are drawn from the seed
 * before the world runs, so that a shrunken list of them is a test. network.ts, server_troubles.ts
 * and world.ts make them.
 */
import type { RandomStream } from "./random_stream.ts";

/** The side towards which bytes travel. */
export type Direction = "toClient" | "toServer";

/**
 * A fault. All times are milliseconds; `at` counts from the beginning of the world. `where` is the
 * data center that it is about, if it is about one.
 */
export type Fault = { readonly at: number; readonly where: number } & FaultKind;

/** A fault without its time and place. */
export type FaultKind =
  // The network, for so many milliseconds (`ms`), or once.
  | { readonly kind: "latency"; readonly ms: number; readonly more: number }
  | { readonly kind: "stall"; readonly ms: number }
  | { readonly kind: "slowLine"; readonly ms: number; readonly bytesPerSecond: number }
  | { readonly kind: "blackout"; readonly ms: number }
  | { readonly kind: "refused"; readonly ms: number }
  | { readonly kind: "slowDial"; readonly ms: number; readonly more: number }
  | { readonly kind: "portal"; readonly ms: number; readonly says: PortalText }
  | { readonly kind: "reset" }
  | { readonly kind: "halfOpen" }
  | { readonly kind: "cutAfter"; readonly bytes: number; readonly direction: Direction }
  | { readonly kind: "corrupt"; readonly byte: number; readonly direction: Direction }
  // The servers.
  | { readonly kind: "wrongSalt" }
  | { readonly kind: "refuseMessage"; readonly errorCode: number }
  | { readonly kind: "forgetSessions" }
  /** Carries out a packet, and forgets its session before it answers. */
  | { readonly kind: "forgetAnswers" }
  | { readonly kind: "restart" }
  | { readonly kind: "forgetKeys" }
  | { readonly kind: "transportError"; readonly code: number }
  | { readonly kind: "hangUp" }
  | { readonly kind: "hangUpBeforeAnswer" }
  | { readonly kind: "answerLate"; readonly ms: number }
  | { readonly kind: "answerTwice" }
  | { readonly kind: "answerWhenAsked" }
  | { readonly kind: "splitAnswers" }
  | { readonly kind: "rpcError"; readonly code: number; readonly message: string }
  | { readonly kind: "serverClock"; readonly more: number }
  // The program and its computer.
  | { readonly kind: "clientClock"; readonly ahead: number }
  | { readonly kind: "suspend"; readonly ms: number }
  | { readonly kind: "crash"; readonly ms: number }
  | { readonly kind: "slowStore"; readonly ms: number; readonly more: number }
  | { readonly kind: "brokenStore"; readonly ms: number }
  // The first address of the data center leads nowhere: it refuses, or it does not answer.
  | { readonly kind: "otherAddress"; readonly ms: number; readonly isSilent: boolean }
  // Packets of updates: the n-th from now on.
  | { readonly kind: "dropUpdate"; readonly nth: number }
  | { readonly kind: "delayUpdate"; readonly nth: number; readonly ms: number }
  | { readonly kind: "reorderUpdate"; readonly nth: number }
  | { readonly kind: "duplicateUpdate"; readonly nth: number }
  | { readonly kind: "loseSession"; readonly nth: number }
  /** The differences of the account, or of its channels, fail so many times. */
  | {
    readonly kind: "differenceError";
    readonly of: "account" | "channels";
    readonly times: number;
    readonly code: number;
    readonly message: string;
  }
  /** The program takes so long for each update. */
  | { readonly kind: "slowConsumer"; readonly ms: number; readonly more: number }
  // The store, but only for the state of the updates.
  | { readonly kind: "slowPlace"; readonly ms: number; readonly more: number }
  | { readonly kind: "brokenPlace"; readonly ms: number }
  // Temporary keys, in worlds that have them.
  | { readonly kind: "renewKeys" }
  | { readonly kind: "forgetTemporaryKeys" }
  | { readonly kind: "unbindKeys" }
  | { readonly kind: "refuseBinding" }
  /** Binds the next key, and hangs up before it answers. */
  | { readonly kind: "loseBinding" }
  /** What goes to a session waits for so long, and arrives as one container. */
  | { readonly kind: "mergeAnswers"; readonly ms: number }
  /** What is sent at once arrives in pieces of so many bytes, or a few more. */
  | { readonly kind: "pieces"; readonly ms: number; readonly bytes: number };

/** What a captive portal answers in place of Telegram. */
export type PortalText = "garbage" | "page" | "error";

/** The kinds of faults. */
export type FaultName = FaultKind["kind"];

type DifferenceError = Pick<
  Extract<FaultKind, { kind: "differenceError" }>,
  "of" | "code" | "message"
>;

/** https://core.telegram.org/method/updates.getChannelDifference#possible-errors */
const DIFFERENCE_ERRORS: readonly DifferenceError[] = [
  ...(["account", "channels"] as const).flatMap((of): DifferenceError[] => [
    { of, code: 500, message: "PERSISTENT_TIMESTAMP_OUTDATED" },
    { of, code: 500, message: "HISTORY_GET_FAILED" },
    { of, code: 500, message: "RPC_CALL_FAIL" },
    { of, code: -503, message: "Timeout" },
    { of, code: 420, message: "FLOOD_WAIT_3" },
    { of, code: 420, message: "FLOOD_WAIT_70" },
    { of, code: 400, message: "PERSISTENT_TIMESTAMP_INVALID" },
    { of, code: 401, message: "AUTH_KEY_UNREGISTERED" },
  ]),
  { of: "channels", code: 400, message: "CHANNEL_PRIVATE" },
  { of: "channels", code: 400, message: "CHANNEL_INVALID" },
];

/**
 * The codes of bad_msg_notification; that of bad_server_salt, 48, is the fault `wrongSalt`.
 * https://core.telegram.org/mtproto/service_messages_about_messages
 */
const REFUSALS: readonly number[] = [16, 17, 18, 19, 20, 32, 33, 34, 35, 64];

/** The ways to draw each kind of fault. */
const DRAW: { readonly [Name in FaultName]: (random: RandomStream) => FaultKind } = {
  latency: (r) => ({
    kind: "latency",
    ms: r.magnitude(1000, 120_000),
    more: r.magnitude(50, 5000),
  }),
  stall: (r) => ({ kind: "stall", ms: r.magnitude(500, 60_000) }),
  slowLine: (r) => ({
    kind: "slowLine",
    ms: r.magnitude(1000, 60_000),
    bytesPerSecond: r.magnitude(500, 50_000),
  }),
  blackout: (r) => ({ kind: "blackout", ms: r.magnitude(500, 300_000) }),
  refused: (r) => ({ kind: "refused", ms: r.magnitude(500, 120_000) }),
  slowDial: (r) => ({
    kind: "slowDial",
    ms: r.magnitude(1000, 60_000),
    more: r.magnitude(100, 20_000),
  }),
  portal: (r) => ({
    kind: "portal",
    ms: r.magnitude(500, 60_000),
    says: r.pick(["garbage", "page", "error"]),
  }),
  reset: () => ({ kind: "reset" }),
  halfOpen: () => ({ kind: "halfOpen" }),
  cutAfter: (r) => ({ kind: "cutAfter", bytes: r.magnitude(1, 3000), direction: direction(r) }),
  corrupt: (r) => ({ kind: "corrupt", byte: r.below(400), direction: direction(r) }),
  wrongSalt: () => ({ kind: "wrongSalt" }),
  refuseMessage: (r) => ({
    kind: "refuseMessage",
    errorCode: r.pick(REFUSALS),
  }),
  forgetSessions: () => ({ kind: "forgetSessions" }),
  forgetAnswers: () => ({ kind: "forgetAnswers" }),
  restart: () => ({ kind: "restart" }),
  forgetKeys: () => ({ kind: "forgetKeys" }),
  transportError: (r) => ({ kind: "transportError", code: r.pick([-404, -429]) }),
  hangUp: () => ({ kind: "hangUp" }),
  hangUpBeforeAnswer: () => ({ kind: "hangUpBeforeAnswer" }),
  answerLate: (r) => ({ kind: "answerLate", ms: r.magnitude(10, 60_000) }),
  answerTwice: () => ({ kind: "answerTwice" }),
  answerWhenAsked: () => ({ kind: "answerWhenAsked" }),
  splitAnswers: () => ({ kind: "splitAnswers" }),
  rpcError: (r) => ({
    kind: "rpcError",
    ...r.pick([
      { code: 500, message: "RPC_CALL_FAIL" },
      { code: 500, message: "WORKER_BUSY_TOO_LONG_RETRY" },
      { code: -503, message: "Timeout" },
      { code: 420, message: "FLOOD_WAIT_3" },
      { code: 420, message: "FLOOD_WAIT_3600" },
      { code: 400, message: "MSG_WAIT_FAILED" },
      { code: 303, message: "NETWORK_MIGRATE_4" },
    ]),
  }),
  serverClock: (r) => ({ kind: "serverClock", more: r.magnitude(1, 20_000) }),
  clientClock: (r) => ({ kind: "clientClock", ahead: r.magnitude(1, 7_200_000) - 3_600_000 }),
  suspend: (r) => ({ kind: "suspend", ms: r.magnitude(1000, 1_800_000) }),
  crash: (r) => ({ kind: "crash", ms: r.magnitude(1, 30_000) }),
  slowStore: (r) => ({
    kind: "slowStore",
    ms: r.magnitude(1000, 120_000),
    more: r.magnitude(1, 5000),
  }),
  brokenStore: (r) => ({ kind: "brokenStore", ms: r.magnitude(100, 60_000) }),
  otherAddress: (r) => ({
    kind: "otherAddress",
    ms: r.magnitude(1000, 600_000),
    isSilent: r.chance(0.5),
  }),
  dropUpdate: (r) => ({ kind: "dropUpdate", nth: r.magnitude(1, 5) }),
  delayUpdate: (r) => ({
    kind: "delayUpdate",
    nth: r.magnitude(1, 5),
    ms: r.magnitude(10, 20_000),
  }),
  reorderUpdate: (r) => ({ kind: "reorderUpdate", nth: r.magnitude(1, 5) }),
  duplicateUpdate: (r) => ({ kind: "duplicateUpdate", nth: r.magnitude(1, 5) }),
  loseSession: (r) => ({ kind: "loseSession", nth: r.magnitude(1, 5) }),
  differenceError: (r) => ({
    kind: "differenceError",
    times: r.magnitude(1, 60),
    ...r.pick(DIFFERENCE_ERRORS),
  }),
  slowConsumer: (r) => ({
    kind: "slowConsumer",
    ms: r.magnitude(1000, 120_000),
    more: r.magnitude(1, 10_000),
  }),
  slowPlace: (r) => ({
    kind: "slowPlace",
    ms: r.magnitude(1000, 120_000),
    more: r.magnitude(1, 5000),
  }),
  brokenPlace: (r) => ({ kind: "brokenPlace", ms: r.magnitude(100, 120_000) }),
  renewKeys: () => ({ kind: "renewKeys" }),
  forgetTemporaryKeys: () => ({ kind: "forgetTemporaryKeys" }),
  unbindKeys: () => ({ kind: "unbindKeys" }),
  refuseBinding: () => ({ kind: "refuseBinding" }),
  loseBinding: () => ({ kind: "loseBinding" }),
  mergeAnswers: (r) => ({ kind: "mergeAnswers", ms: r.magnitude(10, 30_000) }),
  pieces: (r) => ({ kind: "pieces", ms: r.magnitude(1000, 60_000), bytes: r.magnitude(1, 100) }),
};

/** The names of all kinds of faults. */
export const FAULT_NAMES = Object.keys(DRAW) as readonly FaultName[];

/** A key exchange takes 40 ms of real time, so that few worlds can afford one. */
const RARE: readonly FaultName[] = ["forgetKeys"];
const RARELY = 0.03;
const MOST_OF_A_KIND = 8;

/**
 * Draws the faults of a world. Each kind is in half of the worlds, at a rate of its own. Most are
 * about the first data center.
 */
export function drawFaults(
  random: RandomStream,
  { duration, dcs }: { readonly duration: number; readonly dcs: readonly number[] },
): Fault[] {
  const faults: Fault[] = [];
  for (const name of FAULT_NAMES) {
    // Each kind takes the same numbers, so that a new kind shifts only those after it.
    const isOn = random.chance(RARE.includes(name) ? RARELY : 0.5);
    const count = random.magnitude(1, RARE.includes(name) ? 1.4 : MOST_OF_A_KIND);
    if (!isOn) continue;
    for (let i = 0; i < count; i++) {
      const where = random.chance(0.85) ? dcs[0] : random.pick(dcs);
      const at = random.below(duration);
      faults.push({ at, where, ...untilTheEnd(DRAW[name](random), duration - at) });
    }
  }
  return faults.sort((one, other) => one.at - other.at);
}

const PEACE = 300_000;
/**
 * A client with temporary keys makes calls for an hour before it believes that a permanent key is
 * forgotten, and another one while a new one spreads.
 */
const DOUBT = 3_600_000 + 300_000;

/** Returns how long a world is without faults before its probe, in milliseconds. */
export function peaceOf(
  faults: readonly Fault[],
  { isSecret }: { readonly isSecret?: boolean } = {},
): number {
  const isDoubtful = isSecret && faults.some(({ kind }) => kind === "forgetKeys");
  return isDoubtful ? PEACE + DOUBT : PEACE;
}

/** Returns a fault that lasts no longer than faults happen. */
export function untilTheEnd<T extends FaultKind>(fault: T, left: number): T {
  return "ms" in fault ? { ...fault, ms: Math.min(fault.ms, left) } : fault;
}

function direction(random: RandomStream): Direction {
  return random.pick(["toClient", "toServer"]);
}
