/** A client whose move failed is told that it missed updates while it had no session. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 202495,
  params: {
    duration: 137983,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 1,
    latency: 16,
    jitter: 65,
    clientAhead: 175984,
    serverAhead: 0,
    startsAt: 4,
    hasKeys: true,
  },
  faults: [
    { at: 8409, where: 2, kind: "rpcError", code: 303, message: "NETWORK_MIGRATE_4" },
    { at: 24691, where: 2, kind: "slowStore", ms: 15727, more: 1705 },
    { at: 31238, where: 2, kind: "refused", ms: 62334 },
    { at: 31494, where: 2, kind: "latency", ms: 71663, more: 938 },
    { at: 49088, where: 2, kind: "corrupt", byte: 307, direction: "toServer" },
    { at: 79792, where: 2, kind: "latency", ms: 50737, more: 4932 },
  ],
  steps: [
    { at: 25556, kind: "incoming", length: 53 },
    { at: 27189, kind: "call", method: "messages.getHistory" },
    { at: 34220, kind: "send", chat: "me", count: 3 },
    { at: 36020, kind: "call", method: "help.getNearestDc", abortAfter: 641 },
    { at: 47093, kind: "incoming", length: 44 },
    { at: 54510, kind: "incoming", length: 1 },
    { at: 84792, kind: "call", method: "messages.getHistory" },
    { at: 89156, kind: "send", chat: "me", count: 4 },
    { at: 106207, kind: "incoming", length: 38 },
    { at: 115904, kind: "send", chat: "me", count: 4 },
    { at: 136983, kind: "incoming", length: 69 },
  ],
};
