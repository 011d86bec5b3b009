/** GramJS uploads and downloads. */
import { CustomFile } from "telegram/client/uploads.js";
import { _serverKeys } from "telegram/crypto/RSA.js";
import { Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import { returnBigInt } from "telegram/Helpers.js";
import { TelegramClient } from "telegram/index.js";
import { StringSession } from "telegram/sessions/index.js";
import { type GramJs, measureGramJs } from "./gramjs_flow.ts";

await measureGramJs({
  Client: TelegramClient,
  File: CustomFile,
  Log: Logger,
  Session: StringSession,
  Socket: PromisedNetSockets,
  bigInt: returnBigInt,
  serverKeys: _serverKeys,
} as unknown as GramJs);
