/** GramJS (npm `telegram`): its default, full transport and its two others. */

import { returnBigInt } from "telegram/Helpers.js";
import { TelegramClient } from "telegram/index.js";
import { _serverKeys } from "telegram/crypto/RSA.js";
import { Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import { LogLevel } from "telegram/extensions/Logger.js";
import {
  ConnectionTCPAbridged,
  ConnectionTCPFull,
  ConnectionTCPObfuscated,
} from "telegram/network/index.js";
import { StringSession } from "telegram/sessions/index.js";
import { LAYER } from "telegram/tl/AllTLObjects.js";
import type { GramJs } from "./gramjs_flows.ts";

/** The parts of GramJS. */
export const gramJs: GramJs = {
  name: "GramJS",
  Client: TelegramClient,
  Session: StringSession,
  Socket: PromisedNetSockets,
  Log: Logger,
  noLog: LogLevel.NONE,
  serverKeys: _serverKeys as Map<string, { n: unknown; e: number }>,
  bigInt: returnBigInt,
  layer: LAYER,
  connections: {
    bot: [ConnectionTCPFull, "full"],
    code: [ConnectionTCPAbridged, "abridged"],
    password: [ConnectionTCPObfuscated, "obfuscated abridged"],
  },
};
