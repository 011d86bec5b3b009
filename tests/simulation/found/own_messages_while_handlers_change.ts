/** Messages are sent while new handlers wait for the store to keep the state of the old ones. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 81000605,
  params: {
    duration: 71558,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: false, slice: 10, tooLongAfter: null },
  },
  faults: [{ at: 6541, where: 2, kind: "stall", ms: 56178 }, {
    at: 56446,
    where: 2,
    kind: "slowStore",
    ms: 15112,
    more: 2527,
  }],
  steps: [{ at: 16416, kind: "incoming", length: 15 }, { at: 18562, kind: "pause", ms: 998 }, {
    at: 68834,
    kind: "rest",
    ms: 7,
  }, { at: 70558, kind: "send", chat: "me", count: 3 }],
};
