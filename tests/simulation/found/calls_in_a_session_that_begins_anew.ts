/** Calls that the server has are not sent again when another message is refused for its seq_no. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 749,
  params: {
    duration: 1201,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 1,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [{ at: 19, where: 2, kind: "refuseMessage", errorCode: 32 }],
  steps: [{ at: 201, kind: "send", chat: "me", count: 2 }],
};
