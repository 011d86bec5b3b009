/** A handler settles while the client is being disconnected: nothing sleeps afterwards. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 30101,
  params: {
    duration: 149578,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 38,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: false, slice: 3, tooLongAfter: null },
  },
  faults: [
    { at: 99942, where: 2, kind: "slowStore", ms: 49636, more: 90 },
    { at: 120963, where: 2, kind: "crash", ms: 2035 },
    { at: 121130, where: 2, kind: "latency", ms: 2065, more: 534 },
    { at: 122760, where: 2, kind: "slowConsumer", ms: 2160, more: 8068 },
    { at: 148578, where: 2, kind: "otherAddress", ms: 1000, isSilent: true },
  ],
  steps: [
    { at: 119822, kind: "others", what: "send", chat: "group", count: 5 },
    { at: 131809, kind: "pause", ms: 3 },
  ],
};
