/** A client without retries makes a new key when the server has forgotten its own. */
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
    duration: 1000,
    connectionRetries: 0,
  },
  faults: [{ at: 3, where: 2, kind: "forgetKeys" }],
  steps: [],
};
