/** A call arrives after the question of the next connection, whether the server has it. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1795802119,
  params: {
    duration: 340768,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 5,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [{ at: 12247, where: 2, kind: "transportError", code: -429 }, {
    at: 85174,
    where: 2,
    kind: "stall",
    ms: 56833,
  }, { at: 110124, where: 2, kind: "stall", ms: 33375 }],
  steps: [{ at: 26502, kind: "send", chat: "me", count: 3 }, {
    at: 92580,
    kind: "send",
    chat: "me",
    count: 1,
  }],
};
