/** New addresses that a store did not take are saved when it works again: the program crashes. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2011017027,
  params: {
    duration: 585050,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 19,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    learning: { by: "help.getConfig", crashes: true },
  },
  faults: [{ at: 582627, where: 2, kind: "brokenStore", ms: 2006 }],
  steps: [{ at: 584050, kind: "incoming", length: 30 }],
};
