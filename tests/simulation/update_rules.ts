/**
 * The rules for programs that take updates: what others sent arrives in order, once, and nothing is
 * lost in silence.
 */
import type { Fault } from "./faults.ts";
import type { BoxEvent, Delivered, History, Run, ToldGap } from "./history.ts";
import type { Outcome } from "./world.ts";

type World = Outcome["world"];

/** How often the state of the updates is saved, and how long that takes, in milliseconds. */
const SAVE_INTERVAL = 1000;
/** How long a program may need for its last save. */
const LAST_SAVE = 10_000;
/** The most errors of a rule that are told. */
const MOST = 3;

/** Returns the rules of updates that were broken, as texts. */
export function updateRulesBrokenBy(history: History, world: World): string[] {
  if (world.params.updates === undefined) return [];
  return [
    nothingIsInvented,
    nothingComesTwice,
    boxesKeepTheirOrder,
    nothingIsLostInSilence,
    gapsHaveAReason,
    answeredMessagesAreNotDelivered,
  ].flatMap((rule) => rule(history, world).slice(0, MOST));
}

function nameOf({ box, key }: Pick<Delivered, "box" | "key">): string {
  return `${box === "common" ? box : "channel"}:${key}`;
}

function eventsByName(history: History): ReadonlyMap<string, BoxEvent> {
  return new Map(history.boxEvents.map((event) => [nameOf(event), event]));
}

function nothingIsInvented(history: History): string[] {
  const events = eventsByName(history);
  return history.delivered.flatMap((one) =>
    events.has(nameOf(one)) || isOfSetUp(one) ? [] : [`${nameOf(one)} was never sent`]
  );
}

/** Whether it is a message about the making of a chat, from before the world. */
function isOfSetUp({ key }: Delivered): boolean {
  return /^new [1-3]$/.test(key);
}

/** Once in a run, and after a crash only what was not consumed or saved. */
function nothingComesTwice(history: History, { faults }: World): string[] {
  const before = new Map<string, Delivered[]>();
  return history.delivered.flatMap((one) => {
    const name = nameOf(one);
    const earlier = before.get(name) ?? [];
    before.set(name, [...earlier, one]);
    return earlier.flatMap((other) => {
      if (other.run === one.run) return [`${name} was delivered twice in a run`];
      const run = history.runs[other.run - 1];
      // A channel whose place was forgotten begins anew with its newest messages.
      if (
        history.gaps.some(({ box, reason, at }) =>
          box === one.box && isLeft(box, reason) && at <= one.at
        )
      ) {
        return [];
      }
      return mayRepeat(other, run, history, faults)
        ? []
        : [`${name} was delivered again after a ${run.isCrash ? "crash" : "stop"}`];
    });
  });
}

/** Whether what was delivered in a run may be delivered in a later one, too. */
function mayRepeat(
  { box, consumedAt = Infinity }: Delivered,
  run: Run,
  { badSaves, boxEvents, delivered }: History,
  faults: readonly Fault[],
): boolean {
  const isUnsaved = (at = Infinity): boolean =>
    at >= run.to || (run.isCrash && at >= run.to - SAVE_INTERVAL);
  if (isUnsaved(consumedAt)) return true;
  // A difference without its deleted messages moves the box when all of it is consumed.
  const hasDeletions = boxEvents.some((event) => event.box === box && event.kind === "delete");
  const isOpen = hasDeletions &&
    delivered.some((one) => one.box === box && one.run === run.number && isUnsaved(one.consumedAt));
  if (isOpen) return true;
  const isHindered = faults.some((fault) => {
    const { kind, at } = fault;
    if (kind !== "suspend" && kind !== "slowStore" && kind !== "brokenStore") return false;
    const end = at + fault.ms + ("more" in fault ? 3 * fault.more : 0);
    return at <= run.to + LAST_SAVE && end >= consumedAt - SAVE_INTERVAL;
  });
  if (isHindered) return true;
  for (const { from, to } of badSaves) {
    if (from <= run.to + LAST_SAVE && to >= consumedAt - SAVE_INTERVAL) return true;
  }
  return false;
}

/** Where a difference has messages that are deleted since, it does not tell the whole order. */
function boxesKeepTheirOrder(history: History): string[] {
  const events = eventsByName(history);
  const hasDeletions = new Set(
    history.boxEvents.filter(({ kind }) => kind === "delete").map(({ box }) => box),
  );
  const last = new Map<string, number>();
  return history.delivered.flatMap((one) => {
    const event = events.get(nameOf(one));
    if (event === undefined) return [];
    const { box, kind, pts } = event;
    const series = `${one.run} ${box} ${hasDeletions.has(box) ? kind === "new" : ""}`;
    const before = last.get(series) ?? 0;
    last.set(series, pts);
    return pts < before ? [`${nameOf(one)} was delivered after a later one`] : [];
  });
}

/** All is consumed at last, or told as a gap. */
function nothingIsLostInSilence(history: History, { faults, params }: World): string[] {
  const { quietAt } = history;
  const consumed = new Map(
    history.delivered.flatMap((one) =>
      one.consumedAt === undefined ? [] : [[nameOf(one), one.consumedAt]]
    ).reverse() as [string, number][],
  );
  const deleted = new Set(
    history.boxEvents.filter(({ kind }) => kind === "delete")
      .flatMap(({ box, ids }) => ids.map((id) => nameOf({ box, key: `new ${id}` }))),
  );
  // Without a state to begin with, an account begins from now.
  const begins = params.updates?.isKnown ? 0 : history.firstSave ?? Infinity;
  const isUnknown = (box: string): boolean => box !== "common" && !params.updates?.isKnown;
  return history.boxEvents.flatMap((event) => {
    const name = nameOf(event);
    if (event.isOwn || event.at <= begins) return [];
    const consumedAt = consumed.get(name) ?? Infinity;
    if (event.at > quietAt ? consumedAt < Infinity : consumedAt <= quietAt) return [];
    if (deleted.has(name)) return [];
    if (history.gaps.some((gap) => covers(gap, event, history, faults))) return [];
    if (isUnknown(event.box) && isBeforeFirst(event, history)) return [];
    return [`${name} was lost in silence`];
  });
}

/**
 * Whether a gap tells of an event; without access to a channel, up to the next one delivered. If
 * the store did not take that place, the channel is without one after the run, too.
 */
function covers(
  { box, from, to, at, reason }: ToldGap,
  event: BoxEvent,
  history: History,
  faults: readonly Fault[],
): boolean {
  if (box !== event.box || event.pts <= from) return false;
  if (event.pts - event.count < to && to !== Infinity) return true;
  if (!isLeft(box, reason)) return event.at <= at;
  const next = history.delivered.find((one) => {
    if (one.box !== box || one.at <= at) return false;
    const run = history.runs[one.run - 1];
    return event.at < run.to - SAVE_INTERVAL || !mayRepeat(one, run, history, faults);
  });
  return event.at <= (next?.at ?? Infinity);
}

/** Whether a gap leaves a channel without its place. */
function isLeft(box: string, reason: string): boolean {
  return box !== "common" && (reason === "no access" || reason === "renumbered");
}

/** Whether an event of a channel was before the first one that was delivered. */
function isBeforeFirst({ box, at }: BoxEvent, { delivered }: History): boolean {
  const first = delivered.find((one) => one.box === box);
  return first === undefined || at <= first.at;
}

const CAUSES: Readonly<Record<string, RegExp>> = {
  "given up": /^(PERSISTENT_TIMESTAMP_OUTDATED|HISTORY_GET_FAILED|RPC_CALL_FAIL|Timeout)$/,
  "no access": /^CHANNEL_/,
  renumbered: /^PERSISTENT_TIMESTAMP_INVALID$/,
};

function gapsHaveAReason(history: History, { faults, params }: World): string[] {
  return history.gaps.flatMap(({ box, reason }) => {
    // News of a channel that the account has not met comes without its access hash.
    if (reason === "no access" && !params.updates?.isKnown) return [];
    const cause = CAUSES[reason];
    const isTrue = cause === undefined
      ? history.tooLong.has(box)
      : faults.some((fault) => fault.kind === "differenceError" && cause.test(fault.message));
    return isTrue ? [] : [`a gap is told, "${reason}", without a reason`];
  });
}

/** An own message whose call was answered is not delivered any more in the same run. */
function answeredMessagesAreNotDelivered(history: History): string[] {
  const events = eventsByName(history);
  return history.delivered.flatMap((one) => {
    const event = events.get(nameOf(one));
    if (event === undefined || !event.isOwn || event.kind !== "new") return [];
    const run = history.runs[one.run - 1];
    const call = history.calls.find(({ name, program }) =>
      name === event.text && program === run?.program
    );
    const isAnswered = call?.settledAt !== undefined && call.error === undefined &&
      call.settledAt < one.at && call.at >= run.from;
    return isAnswered ? [`the own message ${nameOf(one)} is delivered after its answer`] : [];
  });
}
