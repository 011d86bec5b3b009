/** A clock that was set is noticed some seconds later, and the pauses begin anew then. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2030020828,
  params: {
    duration: 120175,
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
    { at: 3029, where: 2, kind: "portal", ms: 50213, says: "page" },
    { at: 5201, where: 2, kind: "transportError", code: -404 },
    { at: 30437, where: 2, kind: "portal", ms: 2045, says: "page" },
    { at: 34315, where: 2, kind: "suspend", ms: 1657 },
    { at: 35171, where: 2, kind: "transportError", code: -404 },
    { at: 60040, where: 2, kind: "cutAfter", bytes: 39, direction: "toServer" },
    { at: 61581, where: 2, kind: "suspend", ms: 26482 },
    { at: 81538, where: 2, kind: "clientClock", ahead: -3598406 },
    { at: 111708, where: 2, kind: "clientClock", ahead: -3526214 },
    { at: 115217, where: 2, kind: "portal", ms: 4958, says: "error" },
  ],
  steps: [{ at: 11499, kind: "send", chat: "me", count: 3 }, {
    at: 28754,
    kind: "call",
    method: "users.getUsers",
  }, { at: 66255, kind: "elsewhere" }],
};
