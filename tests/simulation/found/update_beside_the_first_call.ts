/**
 * An update that comes in the millisecond of the first call of a session may be sent to nobody.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 905553401,
  params: {
    duration: 150887,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 4,
    jitter: 1,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [
    { at: 30232, where: 2, kind: "restart" },
    { at: 30239, where: 2, kind: "hangUpBeforeAnswer" },
    { at: 76834, where: 2, kind: "refuseMessage", errorCode: 20 },
    { at: 82430, where: 2, kind: "answerWhenAsked" },
    { at: 82441, where: 2, kind: "refuseMessage", errorCode: 17 },
    { at: 91454, where: 2, kind: "answerWhenAsked" },
    { at: 103246, where: 2, kind: "refuseMessage", errorCode: 18 },
    { at: 128451, where: 2, kind: "answerWhenAsked" },
    { at: 132034, where: 2, kind: "slowStore", ms: 18853, more: 15 },
    { at: 133706, where: 2, kind: "halfOpen" },
    { at: 137622, where: 2, kind: "wrongSalt" },
  ],
  steps: [
    { at: 51003, kind: "send", chat: "me", count: 4 },
    { at: 85150, kind: "call", method: "users.getUsers" },
    { at: 94479, kind: "send", chat: "me", count: 2 },
    { at: 102615, kind: "elsewhere" },
    { at: 116277, kind: "send", chat: "@bob_99", count: 4 },
    { at: 126255, kind: "incoming", length: 5 },
    { at: 132190, kind: "call", method: "users.getUsers" },
    { at: 145502, kind: "elsewhere" },
    { at: 146508, kind: "send", chat: "me", count: 3, abortAfter: 5 },
    { at: 147122, kind: "call", method: "users.getUsers", abortAfter: 14056 },
    { at: 147688, kind: "incoming", length: 210 },
    { at: 148089, kind: "call", method: "users.getUsers", abortAfter: 1223 },
    { at: 149745, kind: "pause", ms: 29 },
    { at: 149887, kind: "incoming", length: 144 },
  ],
};
