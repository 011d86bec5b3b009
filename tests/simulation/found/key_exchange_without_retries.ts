/** A client without retries makes a new key later, if the first key exchange is too slow. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 100562,
  params: {
    duration: 528_711,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 0,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [
    { at: 271_244, where: 2, kind: "transportError", code: -404 },
    { at: 305_570, where: 2, kind: "forgetKeys" },
    { at: 319_643, where: 2, kind: "latency", ms: 63_271, more: 1967 },
  ],
  steps: [{ at: 273_028, kind: "incoming", length: 128 }],
};
