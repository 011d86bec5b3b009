/** The state that is kept does not go back when the next update waits for the program. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2021007494,
  params: {
    duration: 1488028,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 5,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: false, slice: 3, tooLongAfter: null },
  },
  faults: [
    { at: 1148941, where: 2, kind: "suspend", ms: 273515 },
    { at: 1226861, where: 2, kind: "answerLate", ms: 4177 },
    { at: 1316309, where: 2, kind: "restart" },
    { at: 1487028, where: 2, kind: "crash", ms: 1000 },
  ],
  steps: [
    { at: 1046275, kind: "others", what: "send", chat: "room", count: 4 },
    { at: 1323666, kind: "others", what: "send", chat: "bob", count: 4 },
    { at: 1425420, kind: "others", what: "delete", chat: "bob", count: 2 },
    { at: 1486700, kind: "others", what: "edit", chat: "room", count: 2 },
  ],
};
