/** An update that comes late does not bring those back that came before access was lost. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 71211,
  params: {
    duration: 120646,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 1,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: true, slice: 10, tooLongAfter: 20 },
  },
  faults: [{
    at: 91377,
    where: 2,
    kind: "differenceError",
    times: 32,
    of: "channels",
    code: 400,
    message: "CHANNEL_PRIVATE",
  }, { at: 107736, where: 2, kind: "delayUpdate", nth: 1, ms: 12671 }],
  steps: [{ at: 119646, kind: "others", what: "send", chat: "room", count: 6 }],
};
