/** GramJS: AES-IGE in plain JavaScript, hashes and AES-CTR of `node:crypto`. */
import { CTR } from "telegram/crypto/CTR.js";
import { Factorizator } from "telegram/crypto/Factorizator.js";
import { IGE } from "telegram/crypto/IGE.js";
import { _serverKeys } from "telegram/crypto/RSA.js";
import { BinaryReader, Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import * as helpers from "telegram/Helpers.js";
import { Api, TelegramClient } from "telegram/index.js";
import { MTProtoState } from "telegram/network/MTProtoState.js";
import { StringSession } from "telegram/sessions/index.js";
import { LAYER } from "telegram/tl/AllTLObjects.js";
import { type GramJs, gramJsLibrary } from "./gramjs_flow.ts";
import { serve } from "./meter.ts";

await serve(gramJsLibrary({
  ...{ Api, BinaryReader, Client: TelegramClient, CTR, Factorizator, helpers, IGE },
  ...{ layer: LAYER, Log: Logger, Session: StringSession, Socket: PromisedNetSockets },
  ...{ serverKeys: _serverKeys, State: MTProtoState },
} as unknown as GramJs));
