/** A peer that is seen in the moment in which the store has found it is found. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 400018681,
  params: {
    duration: 100628,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 5,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: false, slice: 10, tooLongAfter: 20 },
  },
  faults: [
    { at: 86054, where: 4, kind: "crash", ms: 2 },
    { at: 90653, where: 2, kind: "corrupt", byte: 347, direction: "toClient" },
  ],
  steps: [
    { at: 58210, kind: "others", what: "send", chat: "room", count: 2 },
    { at: 59920, kind: "others", what: "send", chat: "group", count: 2 },
    { at: 99371, kind: "send", chat: "@the_room", count: 1 },
    { at: 99628, kind: "others", what: "delete", chat: "room", count: 2 },
  ],
};
