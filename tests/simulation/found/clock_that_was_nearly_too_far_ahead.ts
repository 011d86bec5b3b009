/** A clock that is set twice: first nearly too far, then by less than what is noticed. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2031020983,
  params: {
    duration: 58982,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: -904,
    serverAhead: 630,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [
    { at: 3030, where: 2, kind: "clientClock", ahead: -3595419 },
    { at: 3608, where: 2, kind: "reset" },
    { at: 6572, where: 2, kind: "clientClock", ahead: -3564044 },
    { at: 18273, where: 2, kind: "clientClock", ahead: -3599669 },
    { at: 57982, where: 2, kind: "clientClock", ahead: -3598806 },
  ],
  steps: [{ at: 4579, kind: "pause", ms: 11294 }],
};
