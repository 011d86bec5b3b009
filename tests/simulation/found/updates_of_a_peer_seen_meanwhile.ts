/** A channel is seen again while a slow store looks for it. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 81000660,
  params: {
    duration: 349097,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: true, slice: 3, tooLongAfter: 20 },
  },
  faults: [
    { at: 266733, where: 2, kind: "slowStore", ms: 82364, more: 4706 },
    { at: 321567, where: 2, kind: "crash", ms: 16990 },
  ],
  steps: [
    { at: 167477, kind: "others", what: "send", chat: "room", count: 3 },
    { at: 219352, kind: "rest", ms: 34206 },
    { at: 228758, kind: "others", what: "edit", chat: "room", count: 1 },
    { at: 312439, kind: "others", what: "delete", chat: "room", count: 2 },
  ],
};
