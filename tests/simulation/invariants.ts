/** The rules that hold in every world, checked on its history when it is over. */
import { type Fault, peaceOf } from "./faults.ts";
import { DCS } from "./params.ts";
import type { CallRecord, History, SentRecord } from "./history.ts";
import { updateRulesBrokenBy } from "./update_rules.ts";
import type { Step } from "./workload.ts";
import type { Outcome } from "./world.ts";

type Rule = (history: History, world: Outcome["world"]) => string[];

/** The update that says that others were missed. */
const TOLD = "updatesTooLong";
/** The faults that end a connection with another error than that of a lost one. */
const BREAKING = ["transportError", "corrupt", "portal", "forgetKeys"];
/** The faults after which a new key is made, if the world has such keys. */
const NEW_KEYS = [
  "forgetKeys",
  "renewKeys",
  "forgetTemporaryKeys",
  "unbindKeys",
  "refuseBinding",
  "loseBinding",
];
/** How often a call is made again because its key was to blame. */
const KEY_REPEATS = 3;
const REQUEST_RETRIES = 5;
const MOST_BROKEN_RULES = 3;
/** Errors after which a call is made again. */
const RETRIED = /^(FLOOD_WAIT_3|RPC_CALL_FAIL|WORKER_BUSY_TOO_LONG_RETRY|MSG_WAIT_FAILED|Timeout)$/;

/** Returns the rules that were broken, as texts. */
export function invariantsBrokenBy(history: History, world: Outcome["world"]): string[] {
  return [...history.broken, ...RULES.flatMap((rule) => rule(history, world))];
}

const RULES: readonly Rule[] = [
  everyCallSettlesOnce,
  abortedCallsFail,
  answersAreRight,
  errorsAreOfKnownKinds,
  messagesAreCarriedOutOnce,
  messagesOfATurnKeepTheirOrder,
  updatesAreHeard,
  updateRulesBrokenBy,
  updatesEndAsExpected,
  msgIdsDoNotRepeat,
  dialsWaitTheirTime,
  disconnectingIsQuick,
];

/** Whether the program of a call lived long enough to settle it. */
function outlives(history: History, { program }: CallRecord, until: number): boolean {
  return history.lives.some((life) => life.program === program && life.to > until);
}

function everyCallSettlesOnce(history: History, { params, faults }: Outcome["world"]): string[] {
  return history.calls.flatMap((call) => {
    const { number, name, settlements, settledAt } = call;
    if (settlements > 1) return [`call ${number} ${name} settled ${settlements} times`];
    const limit = params.duration + peaceOf(faults, params);
    if (settledAt === undefined && outlives(history, call, limit)) {
      return [`call ${number} ${name} never settles`];
    }
    if ((settledAt ?? 0) > limit && call.at < params.duration) {
      return [`call ${number} ${name} settles after the peace`];
    }
    return [];
  });
}

function abortedCallsFail(history: History): string[] {
  return history.calls.flatMap(({ number, name, abortedAt, settledAt, error }) =>
    abortedAt !== undefined && settledAt !== undefined && error === undefined
      ? [`call ${number} ${name} was aborted and succeeds`]
      : []
  );
}

function answersAreRight(history: History): string[] {
  return history.calls.flatMap(({ number, name, kind, wrong, error, settledAt }) => {
    if (wrong !== undefined) return [`call ${number} ${name} has the answer ${wrong}`];
    const isAnswered = settledAt !== undefined && error === undefined;
    if (kind !== "send" || !isAnswered) return [];
    const isDone = history.executions.some(({ text }) => text === name);
    return isDone ? [] : [`call ${number} ${name} is answered and was not carried out`];
  });
}

/** What errors a world may cause. */
function causesOf({ faults, params }: Outcome["world"]): ReadonlySet<string> {
  const kinds = new Set<string>(faults.map(({ kind }) => kind));
  if (params.connectionRetries !== null) kinds.add("few retries");
  const errors = faults.filter(({ kind }) => kind === "rpcError").length;
  if (errors > REQUEST_RETRIES) kinds.add("many errors");
  const brokenRules = faults.filter(({ kind }) => kind === "corrupt").length;
  // A check of a key exchange is final.
  const makesKeys = !params.hasKeys || params.isSecret || faults.some(makesNewKey);
  if (brokenRules >= MOST_BROKEN_RULES || (brokenRules > 0 && makesKeys)) {
    kinds.add("many broken rules");
  }
  const unbound = faults.filter(({ kind }) => kind === "unbindKeys").length;
  if (unbound > KEY_REPEATS) kinds.add("many keys");
  const moves = faults.filter((fault) => fault.kind === "rpcError" && fault.code === 303).length;
  if (moves > 1) kinds.add("many moves");
  return kinds;
}

function errorsAreOfKnownKinds(history: History, world: Outcome["world"]): string[] {
  const kinds = causesOf(world);
  return history.calls.flatMap(({ number, name, error, abortedAt }) => {
    if (error === undefined || isExpected(error, abortedAt !== undefined, kinds)) return [];
    return [`call ${number} ${name} fails with ${error.name}: ${error.message}`];
  });
}

/** Telegram, the store or the network has ended the updates of a program. */
function updatesEndAsExpected(history: History, world: Outcome["world"]): string[] {
  const kinds = causesOf(world);
  return history.endings.flatMap((error) => {
    const { errorMessage } = error as { errorMessage?: string };
    const isSignedOut = errorMessage === "AUTH_KEY_UNREGISTERED" && kinds.has("differenceError");
    if (isSignedOut || isExpected(error, false, kinds)) return [];
    return [`the updates end with ${error.name}: ${error.message}`];
  });
}

/** Whether an error says what the world did to the call. */
function isExpected(error: Error, isAborted: boolean, faults: ReadonlySet<string>): boolean {
  const { errorMessage } = error as { errorMessage?: string };
  if (error.name === "AbortError") return isAborted;
  // The call was lost at least once; its cause is how it ended.
  if (error.name === "UncertainSendError") {
    return error.cause instanceof Error && isExpected(error.cause, isAborted, faults);
  }
  if (error.name === "ConnectionError") return true;
  if (error.name === "SessionError") return faults.has("brokenStore") || faults.has("brokenPlace");
  // Without retries a call fails with the error that ended its connection.
  if (["TransportError", "FramingError", "SecurityError", "TlError"].includes(error.name)) {
    if (error.name === "SecurityError" && faults.has("many broken rules")) return true;
    return faults.has("few retries") && BREAKING.some((kind) => faults.has(kind));
  }
  if (errorMessage === undefined) return false;
  if (errorMessage === "AUTH_KEY_UNREGISTERED") return faults.has("forgetKeys");
  if (errorMessage === "AUTH_KEY_PERM_EMPTY") return faults.has("many keys");
  if (errorMessage === "FLOOD_WAIT_3600") return faults.has("rpcError");
  if (errorMessage.includes("_MIGRATE_")) return faults.has("many moves");
  return faults.has("many errors") && RETRIED.test(errorMessage);
}

/** How long after a stall what it has held back arrives, in milliseconds. */
const HELD = 1000;

/** Returns the times, from and to, in which arrives what a fault has held back. */
function heldBackBy(fault: Fault): [number, number][] {
  switch (fault.kind) {
    case "stall":
    case "blackout":
      return [[fault.at + fault.ms, fault.at + fault.ms + HELD]];
    case "latency": // a packet arrives after all that left before it
      return [[fault.at + fault.ms, fault.at + fault.ms + fault.more + HELD]];
    default:
      return [];
  }
}

/** A message is carried out once, as long as the server keeps the session. */
function messagesAreCarriedOutOnce(
  history: History,
  { faults, params }: Outcome["world"],
): string[] {
  // A server that sends the account to and fro is another one each time.
  const moves = faults.filter((fault) => fault.kind === "rpcError" && fault.code === 303).length;
  if (moves > 0 && (moves > 1 || params.startsAt === 4)) return [];
  // A server that answers -404 again and again has forgotten even the key. It also answers so to a
  // packet that was corrupted.
  const unknown = faults.filter((fault) =>
    (fault.kind === "transportError" && fault.code === -404) ||
    (fault.kind === "corrupt" && fault.direction === "toServer")
  );
  if (unknown.length > 1) return [];
  // What was held back may come after the question whether it came, which goes over a later
  // connection. The answer is no, so it is sent again: its random_id is refused the second time.
  const held = faults.flatMap(heldBackBy);
  const isHeldBack = (at: number): boolean => held.some(([from, to]) => at >= from && at < to);
  const seen = new Map<string, { readonly at: number; readonly generation: number }>();
  return history.executions.flatMap(({ text, at, generation }) => {
    const before = seen.get(text);
    seen.set(text, { at, generation });
    // A server that forgot the session cannot know that it had the message.
    const isTwice = before?.generation === generation && !isHeldBack(before.at);
    return isTwice ? [`the message ${text} was carried out twice`] : [];
  });
}

/** Messages of one turn to oneself arrive in order, unless Telegram refused one for a while. */
function messagesOfATurnKeepTheirOrder(
  history: History,
  { faults, steps }: Outcome["world"],
): string[] {
  if (faults.some(({ kind }) => kind === "rpcError")) return [];
  const order = new Map<string, number>();
  history.executions.forEach(({ text }, index) => order.has(text) || order.set(text, index));
  return history.calls.flatMap((call, index) => {
    const next = history.calls[index + 1];
    if (call.kind !== "send" || next?.turn !== call.turn || next.kind !== "send") return [];
    const step = steps[parseInt(call.name)];
    // To another peer each message begins with a question of its own.
    if (step?.kind !== "send" || step.chat !== "me") return [];
    const [mine, theirs] = [order.get(call.name), order.get(next.name)];
    if (mine === undefined || theirs === undefined || mine < theirs) return [];
    return [`the message ${next.name} was carried out before ${call.name}`];
  });
}

/** An update is heard once, or the program is told that it missed some. */
function updatesAreHeard(history: History, world: Outcome["world"]): string[] {
  if (world.params.updates !== undefined) return [];
  return history.incoming.flatMap(({ text, at }) => {
    const times = history.heard.filter(({ what }) => what === text).length;
    const name = text.slice(0, 10);
    // Keys that are made in a world may be the same at two data centers: see random_stream.ts.
    const isUnique = world.params.hasKeys && !world.faults.some(makesNewKey);
    if (times > 1 && isUnique) return [`the update ${name} was heard ${times} times`];
    if (times > 0) return [];
    const isTold = history.heard.some(({ what, at: when }) => what === TOLD && when > at);
    return isTold || hadNoSession(history, world, at) ? [] : [`the update ${name} was not heard`];
  });
}

/**
 * Whether no program listened at a moment, or none of its messages had come to Telegram; or it
 * ended before it heard.
 */
function hadNoSession(history: History, { faults }: Outcome["world"], at: number): boolean {
  const life = history.lives.findLast(({ from }) => from <= at);
  if (life === undefined || life.to !== Infinity) return true;
  const pause = history.pauses.findLast(({ from }) => from <= at);
  if (pause === undefined ? false : at < pause.to) return true;
  if (history.pauses.some(({ from }) => from > at)) return true;
  const newKeys = faults.filter(makesNewKey).map((fault) => fault.at).filter((when) => when <= at);
  const since = Math.max(life.from, pause?.to ?? 0, ...newKeys);
  // Bytes of an earlier session may come late. What happens in one millisecond has no order here.
  const earlier = new Set(
    history.sent.filter((message) => message.at <= since).map(({ sessionId }) => sessionId),
  );
  const sent = history.sent.filter((message) =>
    message.dcId === DCS[0] && message.at > since && message.at < at && !message.isRefused &&
    !earlier.has(message.sessionId)
  );
  const current = sent.at(-1)?.sessionId;
  const forgotten = history.forgotten.findLast((when) => when <= at) ?? 0;
  // Telegram sends updates to a session after its first call.
  const hasCalled = history.handled.some((call) =>
    call.sessionId === current && call.at > forgotten && call.at < at
  );
  // An acknowledgment shows that the client has heard of its session.
  const hasHeard = sent.some(({ sessionId, contents }) =>
    sessionId === current && contents[0] === "msgs_ack"
  );
  return !hasCalled || !hasHeard;
}

/** Whether a fault may make the client give its key up: some -404 in a row do. */
function makesNewKey(fault: Fault): boolean {
  return NEW_KEYS.includes(fault.kind) || (fault.kind === "transportError" && fault.code === -404);
}

/**
 * No msg_id is used twice with a key; while clocks are set back, not within a session. A call may
 * be sent again in the same place.
 */
function msgIdsDoNotRepeat(history: History, { faults }: Outcome["world"]): string[] {
  const seen = new Map<string, SentRecord>();
  const isSet = faults.some(({ kind }) => kind === "serverClock" || kind === "clientClock");
  return history.sent.flatMap((sent) => {
    const key = `${isSet ? sent.sessionId : sent.authKeyId} ${sent.msgId}`;
    const before = seen.get(key);
    seen.set(key, sent);
    const isAgain = before !== undefined && isSameCall(before, sent);
    return before === undefined || isAgain ? [] : [`the msg_id ${sent.msgId} was used twice`];
  });
}

function isSameCall(one: SentRecord, other: SentRecord): boolean {
  return one.contents[0] === "call" && other.contents[0] === "call" &&
    one.sessionId === other.sessionId && one.seqNo === other.seqNo &&
    (one.tail.endsWith(other.tail) || other.tail.endsWith(one.tail));
}

const RETRY_DELAY = 1000;
const MAX_RETRY_DELAY = 30_000;
/** The part of a delay that may be left out at random. */
const JITTER = 0.2;

/** After two dials in a row without an answer, each further one waits twice as long. */
function dialsWaitTheirTime(
  history: History,
  { faults, params, steps }: Outcome["world"],
): string[] {
  // A call after the last retry begins anew, and so does a move to another data center.
  if (params.connectionRetries !== null || params.startsAt !== DCS[0]) return [];
  // Each request may have a connection of its own.
  if (params.transport === "http") return [];
  // Two addresses are dialled together.
  if (faults.some(({ kind }) => kind === "otherAddress") || params.learning) return [];
  // A renewal dials beside the connection that is open.
  if (params.isSecret && faults.some(({ kind }) => kind === "renewKeys")) return [];
  const broken: string[] = [];
  const last = new Map<string, { readonly at: number; readonly useless: number }>();
  for (const { program, dcId, at, isAnswered } of history.dials) {
    const name = `${program} to DC ${dcId}`;
    const before = last.get(name);
    const useless = before?.useless ?? 0;
    last.set(name, { at, useless: isAnswered ? 0 : useless + 1 });
    if (before === undefined || useless < 2) continue;
    // It begins anew with a call after the connection was given up, with a program that takes
    // updates again, and when the computer wakes.
    const isNew = history.calls.some((call) =>
      call.program === program && call.at >= before.at && call.at <= at
    ) || hasRested(steps, before.at, at) || hasWoken(faults, before.at, at);
    if (isNew) {
      last.set(name, { at, useless: isAnswered ? 0 : 1 });
      continue;
    }
    const least = (1 - JITTER) * Math.min(RETRY_DELAY * 2 ** (useless - 2), MAX_RETRY_DELAY);
    if (at - before.at < least) {
      broken.push(`program ${name} dials again after ${at - before.at} ms, expected ${least}`);
    }
  }
  return broken;
}

/** Whether a program began to take updates again between two moments. */
function hasRested(steps: readonly Step[], from: number, to: number): boolean {
  return steps.some((step) =>
    step.kind === "rest" && step.at + step.ms >= from && step.at + step.ms <= to
  );
}

/** How long it may take until a client notices that the computer slept, in milliseconds. */
const NOTICED_IN = 10_000;

/** Whether a computer woke up between two moments, or a clock was set as if it did. */
function hasWoken(faults: readonly Fault[], from: number, to: number): boolean {
  return faults.some((fault) => {
    if (fault.kind !== "clientClock" && fault.kind !== "suspend") return false;
    const end = fault.at + ("ms" in fault ? fault.ms : 0);
    return fault.at <= to && end + NOTICED_IN >= from;
  });
}

const QUICK = 2000;

/** Disconnecting waits for the store, and for nothing else. */
function disconnectingIsQuick(history: History, { faults }: Outcome["world"]): string[] {
  const slow = ["slowStore", "slowPlace", "suspend"];
  if (faults.some(({ kind }) => slow.includes(kind))) return [];
  return history.calls.flatMap(({ name, at, settledAt = at }) =>
    name === "disconnect" && settledAt - at > QUICK
      ? [`disconnect() takes ${settledAt - at} ms, expected ${QUICK}`]
      : []
  );
}
