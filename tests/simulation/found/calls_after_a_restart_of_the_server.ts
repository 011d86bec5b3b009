/** A message that was sent again, as the server forgot the session, resolves with the message. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1,
  params: {
    duration: 46_524,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [
    { at: 41_422, where: 2, kind: "answerLate", ms: 645 },
    { at: 45_524, where: 2, kind: "restart" },
  ],
  steps: [{ at: 45_470, kind: "send", chat: "me", count: 3 }],
};
