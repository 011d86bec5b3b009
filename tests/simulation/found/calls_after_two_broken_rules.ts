/** Calls that the server has are not sent again in a new session after two broken packets. */
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
    duration: 68_794,
    connectionRetries: 5,
  },
  faults: [
    { at: 8383, where: 2, kind: "corrupt", byte: 330, direction: "toClient" },
    { at: 67_794, where: 2, kind: "corrupt", byte: 302, direction: "toClient" },
  ],
  steps: [{ at: 66_650, kind: "send", chat: "me", count: 4 }],
};
