/** The state of the updates cannot be loaded for a while. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 163,
  params: {
    duration: 796092,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 1,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: true, slice: 100, tooLongAfter: null },
  },
  faults: [
    { at: 455875, where: 2, kind: "suspend", ms: 216864 },
    { at: 604312, where: 2, kind: "blackout", ms: 178159 },
    { at: 622984, where: 2, kind: "crash", ms: 1 },
    { at: 756574, where: 2, kind: "brokenPlace", ms: 39518 },
  ],
  steps: [{ at: 583092, kind: "others", what: "send", chat: "room", count: 4 }],
};
