/** A channel whose difference was given up fetches it when the next update shows the gap. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 150319,
  params: {
    duration: 587389,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: true, slice: 10, tooLongAfter: null },
  },
  faults: [{ at: 248974, where: 2, kind: "loseSession", nth: 4 }, {
    at: 349443,
    where: 2,
    kind: "reset",
  }, {
    at: 368491,
    where: 2,
    kind: "differenceError",
    times: 50,
    of: "channels",
    code: 500,
    message: "PERSISTENT_TIMESTAMP_OUTDATED",
  }],
  steps: [{ at: 335764, kind: "others", what: "send", chat: "group", count: 1 }, {
    at: 355779,
    kind: "others",
    what: "send",
    chat: "room",
    count: 4,
  }],
};
