/** A call that was sent by a clock that was ahead is sent again when the session is forgotten. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 72_001_181,
  params: {
    duration: 9752,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 1_589_704,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [
    { at: 1673, where: 4, kind: "forgetAnswers" },
    { at: 3943, where: 2, kind: "suspend", ms: 5809 },
  ],
  steps: [{ at: 3774, kind: "elsewhere" }],
};
