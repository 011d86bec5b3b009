/** A channel whose place Telegram refuses is read anew in slices, and repeats nothing. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2010009401,
  params: {
    duration: 52257,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 5,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: true, slice: 3, tooLongAfter: null },
  },
  faults: [
    { at: 408, where: 2, kind: "reorderUpdate", nth: 5 },
    {
      at: 6980,
      where: 2,
      kind: "differenceError",
      times: 6,
      of: "channels",
      code: -503,
      message: "Timeout",
    },
    { at: 9091, where: 2, kind: "reorderUpdate", nth: 5 },
    { at: 10530, where: 2, kind: "loseSession", nth: 2 },
    { at: 29605, where: 2, kind: "restart" },
    {
      at: 35804,
      where: 2,
      kind: "differenceError",
      times: 2,
      of: "channels",
      code: 400,
      message: "PERSISTENT_TIMESTAMP_INVALID",
    },
    { at: 38902, where: 2, kind: "forgetSessions" },
  ],
  steps: [
    { at: 11033, kind: "others", what: "send", chat: "bob", count: 7 },
    { at: 16208, kind: "call", method: "messages.getHistory" },
    { at: 25115, kind: "others", what: "send", chat: "room", count: 4 },
    { at: 51257, kind: "others", what: "send", chat: "room", count: 3 },
  ],
};
