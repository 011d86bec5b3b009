/** A channel whose place Telegram refuses, and which is told of later, repeats nothing. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 400003740,
  params: {
    duration: 68122,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: false, isLossy: true, slice: 10, tooLongAfter: null },
  },
  faults: [{
    at: 11519,
    where: 2,
    kind: "differenceError",
    times: 5,
    of: "channels",
    code: 400,
    message: "PERSISTENT_TIMESTAMP_INVALID",
  }, { at: 23455, where: 2, kind: "loseSession", nth: 1 }],
  steps: [{ at: 40281, kind: "others", what: "send", chat: "room", count: 1 }],
};
