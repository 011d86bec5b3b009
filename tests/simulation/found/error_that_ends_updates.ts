/** Updates end with the error that ended them, not with one that came after it. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 51373,
  params: {
    duration: 2610254,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: true, slice: 100, tooLongAfter: null },
  },
  faults: [
    {
      at: 866394,
      where: 2,
      kind: "differenceError",
      times: 56,
      of: "channels",
      code: 500,
      message: "HISTORY_GET_FAILED",
    },
    { at: 990721, where: 2, kind: "loseSession", nth: 2 },
    {
      at: 1570801,
      where: 2,
      kind: "differenceError",
      times: 58,
      of: "account",
      code: 401,
      message: "AUTH_KEY_UNREGISTERED",
    },
    { at: 2384047, where: 2, kind: "forgetAnswers" },
  ],
  steps: [{ at: 1330283, kind: "others", what: "send", chat: "room", count: 2 }],
};
