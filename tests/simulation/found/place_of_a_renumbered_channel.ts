/** A channel whose place is invalid goes on from the updates that waited. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 90008,
  params: {
    duration: 2718,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: true, slice: 3, tooLongAfter: null },
  },
  faults: [{ at: 110, where: 2, kind: "dropUpdate", nth: 3 }, {
    at: 347,
    where: 2,
    kind: "differenceError",
    times: 26,
    of: "channels",
    code: 400,
    message: "PERSISTENT_TIMESTAMP_INVALID",
  }, { at: 1534, where: 2, kind: "dropUpdate", nth: 1 }],
  steps: [
    { at: 151, kind: "others", what: "send", chat: "group", count: 1 },
    { at: 169, kind: "incoming", length: 8 },
    { at: 790, kind: "others", what: "send", chat: "room", count: 2 },
    { at: 1718, kind: "others", what: "send", chat: "room", count: 7 },
  ],
};
