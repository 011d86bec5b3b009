/** The state was refused too often: a new session of the server brings the next attempt. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 399,
  params: {
    duration: 300000,
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
  faults: [
    {
      at: 0,
      where: 2,
      kind: "differenceError",
      of: "account",
      times: 1,
      code: 400,
      message: "PERSISTENT_TIMESTAMP_INVALID",
    },
    {
      at: 1,
      where: 2,
      kind: "differenceError",
      of: "account",
      times: 7,
      code: 500,
      message: "HISTORY_GET_FAILED",
    },
    { at: 200000, where: 2, kind: "restart" },
  ],
  steps: [{ at: 250000, kind: "others", what: "send", chat: "bob", count: 2 }],
};
