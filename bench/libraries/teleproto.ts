/** teleproto: all of AES and the hashes are those of `node:crypto`. */
import { CTR } from "teleproto/crypto/CTR.js";
import { Factorizator } from "teleproto/crypto/Factorizator.js";
import { IGE } from "teleproto/crypto/IGE.js";
import { _serverKeys } from "teleproto/crypto/RSA.js";
import { BinaryReader, Logger, PromisedNetSockets } from "teleproto/extensions/index.js";
import * as helpers from "teleproto/Helpers.js";
import { Api, TelegramClient } from "teleproto/index.js";
import { MTProtoState } from "teleproto/network/MTProtoState.js";
import { StringSession } from "teleproto/sessions/index.js";
import { LAYER } from "teleproto/tl/AllTLObjects.js";
import { type GramJs, gramJsLibrary } from "./gramjs_flow.ts";
import { serve } from "./meter.ts";

await serve(gramJsLibrary({
  ...{ Api, BinaryReader, Client: TelegramClient, CTR, Factorizator, helpers, IGE },
  ...{ layer: LAYER, Log: Logger, Session: StringSession, Socket: PromisedNetSockets },
  ...{ serverKeys: _serverKeys, State: MTProtoState },
} as unknown as GramJs));
