/**
 * A too long difference of a channel repeats no message that was delivered before the program
 * stopped taking updates.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 474901842,
  params: {
    duration: 100246,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: true, slice: 100, tooLongAfter: null },
    learning: { by: "updateDcOptions", crashes: false },
  },
  faults: [{ at: 27038, where: 2, kind: "suspend", ms: 73208 }, {
    at: 28167,
    where: 2,
    kind: "restart",
  }],
  steps: [
    { at: 9039, kind: "others", what: "send", chat: "room", count: 3 },
    { at: 12593, kind: "rest", ms: 6 },
    { at: 30424, kind: "send", chat: "@the_room", count: 2 },
    { at: 35854, kind: "others", what: "send", chat: "room", count: 1 },
    { at: 36038, kind: "send", chat: "@the_room", count: 1 },
    { at: 89059, kind: "others", what: "delete", chat: "room", count: 1 },
    { at: 97002, kind: "others", what: "send", chat: "room", count: 95 },
    { at: 99246, kind: "send", chat: "@the_room", count: 1 },
  ],
};
