/** The difference after a refused place still tells which channels have changed meanwhile. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2030025570,
  params: {
    duration: 725956,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: false, isLossy: true, slice: 10, tooLongAfter: null },
    isSecret: true,
  },
  faults: [
    {
      at: 390948,
      where: 2,
      kind: "differenceError",
      times: 38,
      of: "account",
      code: 400,
      message: "PERSISTENT_TIMESTAMP_INVALID",
    },
    { at: 416590, where: 2, kind: "forgetAnswers" },
    { at: 724956, where: 2, kind: "unbindKeys" },
  ],
  steps: [],
};
