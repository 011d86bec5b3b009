/**
 * An update that is ignored because the server's clock was set is asked for, although its channel
 * has no other news.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1300042948,
  params: {
    duration: 1000,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 0,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: false, slice: 100, tooLongAfter: null },
  },
  faults: [{ at: 408, where: 2, kind: "serverClock", more: 19247 }, {
    at: 420,
    where: 2,
    kind: "serverClock",
    more: 13756,
  }],
  steps: [{ at: 43, kind: "others", what: "send", chat: "room", count: 5 }, {
    at: 421,
    kind: "others",
    what: "delete",
    chat: "room",
    count: 3,
  }],
};
