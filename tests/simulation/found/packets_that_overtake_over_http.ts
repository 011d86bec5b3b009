/**
 * Over HTTP, a packet that opens a session may overtake one that was sent before: its calls are
 * carried out once.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1600001388,
  params: {
    duration: 21206,
    transport: "http",
    obfuscated: false,
    connectionRetries: null,
    latency: 174,
    jitter: 9,
    clientAhead: 892181,
    serverAhead: 0,
    startsAt: 4,
    hasKeys: true,
  },
  faults: [{ at: 306, where: 2, kind: "wrongSalt" }, { at: 1404, where: 2, kind: "splitAnswers" }, {
    at: 1423,
    where: 2,
    kind: "cutAfter",
    bytes: 22,
    direction: "toClient",
  }, { at: 2744, where: 2, kind: "portal", ms: 957, says: "garbage" }],
  steps: [{ at: 2741, kind: "send", chat: "@bob_99", count: 4 }],
};
