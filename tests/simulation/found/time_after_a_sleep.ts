/** The session that is stored after a sleep of the computer has the right time. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1,
  params: {
    duration: 600_000,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [{ at: 5000, where: 2, kind: "suspend", ms: 450_000 }],
  steps: [{ at: 500_000, kind: "call", method: "help.getNearestDc" }],
};
