/** A channel is heard of again, but the store does not take its place before the program ends. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2133001028,
  params: {
    duration: 146531,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: false, isLossy: true, slice: 10, tooLongAfter: null },
  },
  faults: [
    {
      at: 8913,
      where: 4,
      kind: "differenceError",
      times: 5,
      of: "channels",
      code: 400,
      message: "CHANNEL_INVALID",
    },
    { at: 31136, where: 2, kind: "brokenStore", ms: 46380 },
    { at: 98240, where: 2, kind: "brokenStore", ms: 48291 },
    { at: 124761, where: 2, kind: "brokenStore", ms: 119 },
  ],
  steps: [
    { at: 48822, kind: "others", what: "send", chat: "room", count: 4 },
    { at: 49509, kind: "pause", ms: 7320 },
    { at: 111166, kind: "others", what: "edit", chat: "room", count: 2 },
    { at: 111767, kind: "rest", ms: 3574 },
    { at: 112269, kind: "others", what: "send", chat: "room", count: 1 },
    { at: 124710, kind: "send", chat: "@the_room", count: 1 },
  ],
};
