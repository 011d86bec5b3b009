/**
 * What the programs of a world do, as plain data: drawn from the seed before the world runs, so
 * that a shrunken list of steps is a test. program.ts carries it out.
 */
import type { RandomStream } from "./random_stream.ts";

/** A step of the work. Times are milliseconds; `at` counts from the beginning of the world. */
export type Step = { readonly at: number } & StepKind;

/** A step without its time. */
export type StepKind =
  /** Sends so many messages to a chat in one turn. */
  | {
    readonly kind: "send";
    readonly chat: "me" | "@bob_99" | "@the_room";
    readonly count: number;
    readonly abortAfter?: number;
  }
  /** Calls a method with a known answer. */
  | { readonly kind: "call"; readonly method: PlainMethod; readonly abortAfter?: number }
  /** Calls a method at the other data center. */
  | { readonly kind: "elsewhere" }
  /** Another account sends a message of so many characters. */
  | { readonly kind: "incoming"; readonly length: number }
  /** Disconnects, and connects again. */
  | { readonly kind: "pause"; readonly ms: number }
  /** Others do something so many times. */
  | {
    readonly kind: "others";
    readonly what: "send" | "edit" | "delete";
    readonly chat: OthersChat;
    readonly count: number;
  }
  /** Deletes the own messages that were answered last. */
  | { readonly kind: "delete"; readonly count: number }
  /** Takes no updates for so long. */
  | { readonly kind: "rest"; readonly ms: number };

/** A chat in which others write: with Bob, the basic group, or the supergroup. */
export type OthersChat = "bob" | "group" | "room";

/** The chats in which others write. */
export const OTHERS_CHATS: readonly OthersChat[] = ["bob", "group", "room"];

/** The methods that the programs call as they are. */
export type PlainMethod = "help.getNearestDc" | "users.getUsers" | "messages.getHistory";

/** How many steps a world has at most. */
const MOST_STEPS = 40;

/** Draws the steps of a world. */
export function drawSteps(random: RandomStream, duration: number): Step[] {
  const count = random.magnitude(3, MOST_STEPS);
  const steps: Step[] = [];
  for (let i = 0; i < count; i++) {
    steps.push({ at: random.below(duration), ...drawStep(random) });
  }
  return steps.sort((one, other) => one.at - other.at);
}

/** How many steps of updates a world has at most. */
const MOST_UPDATES = 40;

/** Draws the steps of a world whose programs take updates, besides those of all worlds. */
export function drawUpdateSteps(random: RandomStream, duration: number): Step[] {
  const count = random.magnitude(3, MOST_UPDATES);
  return Array.from({ length: count }, () => {
    const at = random.below(duration);
    return { at, ...drawUpdateStep(random) };
  });
}

function drawUpdateStep(random: RandomStream): StepKind {
  const dice = random.fraction();
  if (dice < 0.08) return { kind: "send", chat: "@the_room", count: 1 + random.below(3) };
  if (dice < 0.13) return { kind: "delete", count: 1 + random.below(3) };
  if (dice < 0.18) return { kind: "rest", ms: random.magnitude(1, 60_000) };
  const chat = random.pick(OTHERS_CHATS);
  if (dice < 0.3) return { kind: "others", what: "delete", chat, count: 1 + random.below(3) };
  if (dice < 0.45) return { kind: "others", what: "edit", chat, count: 1 + random.below(3) };
  // Some write more than one difference has.
  const most = random.chance(0.03) ? 150 : 8;
  return { kind: "others", what: "send", chat, count: random.magnitude(1, most) };
}

function drawStep(random: RandomStream): StepKind {
  const abortAfter = random.chance(0.15) ? random.magnitude(1, 20_000) : undefined;
  const aborts = abortAfter === undefined ? {} : { abortAfter };
  const dice = random.fraction();
  if (dice < 0.45) {
    const chat = random.chance(0.7) ? "me" : "@bob_99";
    return { kind: "send", chat, count: 1 + random.below(4), ...aborts };
  }
  if (dice < 0.7) {
    const method = random.pick<PlainMethod>([
      "help.getNearestDc",
      "users.getUsers",
      "messages.getHistory",
    ]);
    return { kind: "call", method, ...aborts };
  }
  if (dice < 0.78) return { kind: "elsewhere" };
  if (dice < 0.94) return { kind: "incoming", length: random.magnitude(1, 3000) };
  return { kind: "pause", ms: random.magnitude(1, 60_000) };
}
