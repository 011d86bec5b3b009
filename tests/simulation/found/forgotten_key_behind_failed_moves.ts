/**
 * A client with temporary keys and without retries gives a permanent key up that the server has
 * forgotten: the doubt outlives the move that fails.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1014,
  params: {
    duration: 1000,
    transport: "full",
    obfuscated: false,
    connectionRetries: 0,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 4,
    hasKeys: true,
    isSecret: true,
  },
  faults: [{ at: 3, where: 2, kind: "forgetKeys" }],
  steps: [],
};
