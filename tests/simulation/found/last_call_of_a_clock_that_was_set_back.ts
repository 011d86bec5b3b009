/** The last call of a client came late, and its clock had been set back before it went on. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2120036249,
  params: {
    duration: 45675,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 1,
    latency: 1,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: false, slice: 100, tooLongAfter: null },
  },
  faults: [
    { at: 1033, where: 2, kind: "suspend", ms: 44142 },
    { at: 10560, where: 2, kind: "hangUp" },
    { at: 11702, where: 2, kind: "crash", ms: 14877 },
    { at: 20279, where: 2, kind: "hangUp" },
    { at: 24961, where: 2, kind: "clientClock", ahead: -3599771 },
    { at: 39772, where: 2, kind: "clientClock", ahead: -3599916 },
  ],
  steps: [
    { at: 1191, kind: "call", method: "messages.getHistory" },
    { at: 4604, kind: "pause", ms: 8 },
    { at: 31427, kind: "send", chat: "me", count: 4 },
    { at: 33856, kind: "send", chat: "me", count: 2 },
    { at: 37750, kind: "send", chat: "me", count: 3 },
    { at: 41515, kind: "send", chat: "me", count: 1 },
    { at: 43767, kind: "call", method: "users.getUsers" },
    { at: 44675, kind: "send", chat: "me", count: 1 },
  ],
};
