/** The answer to an own message is the first that comes of a channel with missed updates. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1154768082,
  params: {
    duration: 40411,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: false, isLossy: true, slice: 10, tooLongAfter: 20 },
  },
  faults: [{ at: 341, where: 2, kind: "slowStore", ms: 2857, more: 866 }, {
    at: 1165,
    where: 2,
    kind: "crash",
    ms: 258,
  }, { at: 2707, where: 2, kind: "stall", ms: 37704 }],
  steps: [
    { at: 27136, kind: "incoming", length: 9 },
    { at: 29480, kind: "others", what: "send", chat: "bob", count: 2 },
    { at: 34378, kind: "others", what: "send", chat: "bob", count: 7 },
    { at: 34685, kind: "send", chat: "@the_room", count: 1 },
    { at: 37199, kind: "others", what: "send", chat: "room", count: 7 },
    { at: 39411, kind: "others", what: "send", chat: "group", count: 1 },
  ],
};
