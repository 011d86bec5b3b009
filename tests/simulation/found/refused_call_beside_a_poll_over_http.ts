/**
 * A call over HTTP that the server refuses goes again at once, though its request waits on: the
 * refusal came by the poll.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 81000272,
  params: {
    duration: 1_444_663,
    transport: "http",
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
    { at: 1_251_517, where: 2, kind: "halfOpen" },
    { at: 1_264_576, where: 2, kind: "hangUpBeforeAnswer" },
    { at: 1_294_072, where: 2, kind: "refuseMessage", errorCode: 33 },
  ],
  steps: [{ at: 1_443_663, kind: "send", chat: "me", count: 3, abortAfter: 88 }],
};
