/** A connection that was given up is opened again for the updates. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 110601,
  params: {
    duration: 195538,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 0,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: true, slice: 3, tooLongAfter: 20 },
  },
  faults: [
    { at: 14224, where: 2, kind: "loseSession", nth: 1 },
    {
      at: 30204,
      where: 2,
      kind: "differenceError",
      times: 6,
      of: "account",
      code: 500,
      message: "PERSISTENT_TIMESTAMP_OUTDATED",
    },
    {
      at: 36195,
      where: 2,
      kind: "differenceError",
      times: 3,
      of: "account",
      code: 400,
      message: "PERSISTENT_TIMESTAMP_INVALID",
    },
    { at: 190292, where: 2, kind: "forgetAnswers" },
    { at: 194538, where: 2, kind: "restart" },
  ],
  steps: [{ at: 20352, kind: "others", what: "send", chat: "bob", count: 5 }],
};
