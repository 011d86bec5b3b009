/** What left on a slow line arrives after what left later on a new one. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2011016923,
  params: {
    duration: 14016,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 5,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: false, slice: 100, tooLongAfter: null },
  },
  faults: [{ at: 514, where: 2, kind: "latency", ms: 9959, more: 4205 }, {
    at: 2087,
    where: 2,
    kind: "clientClock",
    ahead: 569996,
  }, { at: 10674, where: 2, kind: "refuseMessage", errorCode: 32 }],
  steps: [{ at: 13016, kind: "send", chat: "@the_room", count: 2 }],
};
