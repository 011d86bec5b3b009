/**
 * The home moves away and back while a call is under way there: the client goes on with the same
 * connection. With another one, it would seem to be two programs, whose sign-in Telegram ends.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 474905103,
  params: {
    duration: 1827327,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 1,
    jitter: 1,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 4,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: false, slice: 10, tooLongAfter: null },
  },
  faults: [
    { at: 338554, where: 2, kind: "forgetSessions" },
    { at: 471431, where: 2, kind: "hangUpBeforeAnswer" },
    { at: 483050, where: 2, kind: "crash", ms: 13 },
    { at: 552170, where: 2, kind: "clientClock", ahead: -3599943 },
    { at: 633849, where: 2, kind: "hangUpBeforeAnswer" },
    { at: 664140, where: 2, kind: "rpcError", code: 303, message: "NETWORK_MIGRATE_4" },
    { at: 674153, where: 2, kind: "hangUp" },
    { at: 905354, where: 2, kind: "rpcError", code: 303, message: "NETWORK_MIGRATE_4" },
    { at: 963531, where: 2, kind: "rpcError", code: 500, message: "RPC_CALL_FAIL" },
    { at: 1141028, where: 2, kind: "rpcError", code: -503, message: "Timeout" },
    { at: 1192054, where: 2, kind: "rpcError", code: 500, message: "WORKER_BUSY_TOO_LONG_RETRY" },
    { at: 1330021, where: 2, kind: "forgetSessions" },
    { at: 1478770, where: 4, kind: "rpcError", code: 303, message: "NETWORK_MIGRATE_4" },
    { at: 1493947, where: 2, kind: "hangUp" },
  ],
  steps: [
    { at: 11686, kind: "others", what: "send", chat: "group", count: 8 },
    { at: 17772, kind: "send", chat: "me", count: 2 },
    { at: 26084, kind: "others", what: "edit", chat: "group", count: 1 },
    { at: 155935, kind: "send", chat: "@bob_99", count: 4 },
    { at: 186011, kind: "others", what: "send", chat: "room", count: 1 },
    { at: 213578, kind: "send", chat: "@the_room", count: 3 },
    { at: 277028, kind: "others", what: "send", chat: "bob", count: 3 },
    { at: 607352, kind: "others", what: "delete", chat: "bob", count: 3 },
    { at: 633011, kind: "send", chat: "me", count: 2 },
    { at: 676419, kind: "delete", count: 1 },
    { at: 727351, kind: "call", method: "users.getUsers" },
    { at: 883207, kind: "others", what: "send", chat: "bob", count: 4 },
    { at: 1001552, kind: "incoming", length: 115 },
    { at: 1723642, kind: "send", chat: "@bob_99", count: 2 },
    { at: 1826327, kind: "others", what: "delete", chat: "group", count: 1 },
  ],
};
