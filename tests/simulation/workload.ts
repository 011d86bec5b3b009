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
    readonly chat: "me" | "@bob_99";
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
  | { readonly kind: "pause"; readonly ms: number };

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
