/**
 * teleproto (npm), of a newer layer than GramJS. Its obfuscated transport is not tested:
 * it asks for the cipher "AES-256-CTR", in capitals, which Deno's node:crypto does not know.
 */

import { returnBigInt } from "teleproto/Helpers.js";
import { TelegramClient } from "teleproto/index.js";
import { _serverKeys } from "teleproto/crypto/RSA.js";
import { Logger, PromisedNetSockets } from "teleproto/extensions/index.js";
import { LogLevel } from "teleproto/extensions/Logger.js";
import { ConnectionTCPAbridged, ConnectionTCPFull } from "teleproto/network/index.js";
import { StringSession } from "teleproto/sessions/index.js";
import { LAYER } from "teleproto/tl/AllTLObjects.js";
import type { GramJs } from "./gramjs_flows.ts";

/** The parts of teleproto. */
export const teleproto = {
  name: "teleproto",
  Client: TelegramClient,
  Session: StringSession,
  Socket: PromisedNetSockets,
  Log: Logger,
  noLog: LogLevel.NONE,
  serverKeys: _serverKeys,
  bigInt: returnBigInt,
  layer: LAYER,
  connections: {
    bot: [ConnectionTCPAbridged, "abridged"],
    code: [ConnectionTCPFull, "full"],
    password: [ConnectionTCPAbridged, "abridged"],
  },
} as unknown as GramJs; // The same classes, declared a second time: to TypeScript they are others.
