/** A program that takes its time crashes: what it had done with does not come again. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 71,
  params: {
    duration: 425272,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: true, slice: 10, tooLongAfter: null },
  },
  faults: [
    { at: 396495, where: 2, kind: "forgetSessions" },
    { at: 416847, where: 2, kind: "slowConsumer", ms: 7925, more: 1440 },
    { at: 424272, where: 2, kind: "crash", ms: 500 },
  ],
  steps: [{ at: 396740, kind: "others", what: "send", chat: "group", count: 8 }],
};
