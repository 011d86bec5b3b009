/** After a disconnect() that could not save, connect() works when the store does again. */
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
    duration: 70_260,
    connectionRetries: null,
  },
  faults: [
    { at: 26_768, where: 2, kind: "wrongSalt" },
    { at: 67_214, where: 2, kind: "brokenStore", ms: 3000 },
  ],
  steps: [
    { at: 60_000, kind: "call", method: "help.getNearestDc" },
    { at: 67_260, kind: "pause", ms: 1584 },
  ],
};
