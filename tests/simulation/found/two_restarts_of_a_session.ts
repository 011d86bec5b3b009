/** An update for a session before the last two does not end the connection. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1,
  params: {
    transport: "abridged",
    obfuscated: false,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    duration: 807_600,
    connectionRetries: 0,
  },
  faults: [
    { at: 535_438, where: 2, kind: "blackout", ms: 75_924 },
    { at: 579_321, where: 2, kind: "refuseMessage", errorCode: 32 },
    { at: 679_211, where: 2, kind: "refuseMessage", errorCode: 33 },
  ],
  steps: [{ at: 806_600, kind: "send", chat: "me", count: 1 }],
};
