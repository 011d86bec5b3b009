/**
 * A difference that is refused 58 times is asked for again after a quarter of an hour, which may be
 * in the silence at the end.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 172782521,
  params: {
    duration: 3136717,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: true, slice: 3, tooLongAfter: 20 },
  },
  faults: [{
    at: 1911681,
    where: 2,
    kind: "differenceError",
    times: 58,
    of: "account",
    code: 400,
    message: "PERSISTENT_TIMESTAMP_INVALID",
  }],
  steps: [{ at: 2247853, kind: "others", what: "send", chat: "group", count: 4 }, {
    at: 2541418,
    kind: "pause",
    ms: 1,
  }, { at: 2703378, kind: "others", what: "edit", chat: "group", count: 3 }],
};
