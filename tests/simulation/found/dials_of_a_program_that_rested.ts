/**
 * A program that takes updates again dials at once, although the connection was given up.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 905553644,
  params: {
    duration: 862742,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 2,
    jitter: 9,
    clientAhead: 97,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: false, isLossy: false, slice: 3, tooLongAfter: null },
  },
  faults: [
    { at: 2029, where: 2, kind: "slowConsumer", ms: 101617, more: 8591 },
    { at: 26439, where: 2, kind: "hangUpBeforeAnswer" },
    { at: 99280, where: 2, kind: "halfOpen" },
    { at: 112884, where: 2, kind: "refused", ms: 31090 },
    { at: 138628, where: 2, kind: "forgetSessions" },
    { at: 146411, where: 2, kind: "hangUp" },
    { at: 153111, where: 2, kind: "hangUp" },
    { at: 169356, where: 2, kind: "hangUp" },
    { at: 180045, where: 2, kind: "hangUp" },
    { at: 312816, where: 2, kind: "transportError", code: -404 },
    { at: 322642, where: 2, kind: "hangUp" },
    { at: 329494, where: 2, kind: "hangUpBeforeAnswer" },
  ],
  steps: [
    { at: 8864, kind: "incoming", length: 93 },
    { at: 16986, kind: "others", what: "send", chat: "bob", count: 8 },
    { at: 40707, kind: "rest", ms: 46344 },
    { at: 102129, kind: "rest", ms: 4 },
    { at: 352759, kind: "rest", ms: 53247 },
  ],
};
