/** A channel whose place Telegram refused repeats nothing after a crash. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 400040335,
  params: {
    duration: 330539,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: true, slice: 100, tooLongAfter: null },
  },
  faults: [
    {
      at: 60076,
      where: 2,
      kind: "differenceError",
      times: 10,
      of: "channels",
      code: 420,
      message: "FLOOD_WAIT_3",
    },
    {
      at: 110399,
      where: 2,
      kind: "differenceError",
      times: 3,
      of: "channels",
      code: 400,
      message: "PERSISTENT_TIMESTAMP_INVALID",
    },
    {
      at: 185095,
      where: 2,
      kind: "differenceError",
      times: 32,
      of: "account",
      code: 400,
      message: "PERSISTENT_TIMESTAMP_INVALID",
    },
    { at: 275552, where: 2, kind: "delayUpdate", nth: 1, ms: 3207 },
    {
      at: 329539,
      where: 2,
      kind: "crash",
      ms: 4,
    },
  ],
  steps: [{ at: 296989, kind: "others", what: "send", chat: "room", count: 5 }],
};
