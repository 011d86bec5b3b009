/** teleproto uploads and downloads. */
import { CustomFile } from "teleproto/client/uploads.js";
import { _serverKeys } from "teleproto/crypto/RSA.js";
import { Logger, PromisedNetSockets } from "teleproto/extensions/index.js";
import { returnBigInt } from "teleproto/Helpers.js";
import { TelegramClient } from "teleproto/index.js";
import { StringSession } from "teleproto/sessions/index.js";
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
