/** A channel whose access was lost for a moment has news while the computer sleeps. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 81009616,
  params: {
    duration: 922195,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: true, slice: 3, tooLongAfter: 20 },
  },
  faults: [{ at: 580884, where: 2, kind: "delayUpdate", nth: 4, ms: 515 }, {
    at: 643898,
    where: 2,
    kind: "differenceError",
    times: 2,
    of: "channels",
    code: 400,
    message: "CHANNEL_PRIVATE",
  }, { at: 828249, where: 4, kind: "suspend", ms: 93946 }],
  steps: [{ at: 764485, kind: "others", what: "send", chat: "room", count: 6 }, {
    at: 921195,
    kind: "others",
    what: "send",
    chat: "room",
    count: 2,
  }],
};
