/** The messages of one turn keep their order when the first of them moves the account. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1,
  params: {
    duration: 1000,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 4,
    hasKeys: true,
  },
  faults: [],
  steps: [{ at: 4, kind: "send", chat: "me", count: 3 }],
};
