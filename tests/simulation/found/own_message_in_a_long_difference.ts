/** A difference that is too long has an own message, whose answer waits. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 90476,
  params: {
    duration: 62167,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 5,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: true, slice: 3, tooLongAfter: null },
  },
  faults: [{ at: 60653, where: 2, kind: "hangUp" }],
  steps: [{ at: 59172, kind: "others", what: "send", chat: "bob", count: 1 }, {
    at: 61112,
    kind: "send",
    chat: "@the_room",
    count: 1,
  }, { at: 61167, kind: "others", what: "send", chat: "room", count: 135 }],
};
