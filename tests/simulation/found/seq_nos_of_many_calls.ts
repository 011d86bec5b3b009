/** Calls whose seq_nos are all refused for one message are carried out once. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2491,
  params: {
    duration: 130_897,
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
    { at: 97_309, where: 4, kind: "rpcError", code: 500, message: "RPC_CALL_FAIL" },
    { at: 129_897, where: 2, kind: "refuseMessage", errorCode: 33 },
  ],
  steps: [{ at: 129_640, kind: "send", chat: "me", count: 4 }],
};
