// The two schemas that this module ships, each parsed on first use. The handshake uses only the small one.
// https://core.telegram.org/schema and https://core.telegram.org/schema/mtproto

import { writeOut } from "./abbreviations.ts";
import { API_LAYER as LAYER, API_SCHEMA } from "./generated/api_schema.ts";
import { MTPROTO_SCHEMA } from "./generated/mtproto_schema.ts";
import { Schema } from "./schema.ts";

/** The layer of {@linkcode apiSchema}. */
export const API_LAYER: number = LAYER;

let api: Schema | undefined;
let mtproto: Schema | undefined;

/**
 * The schema of the Telegram API: what is called and what is answered.
 *
 * @example
 * ```ts
 * import { API_LAYER, apiSchema } from "@tessera/mtproto/tl";
 *
 * const bytes = apiSchema().encode({ _: "auth.bindTempAuthKey", permAuthKeyId: 1n, nonce: 2n, expiresAt: 3,
 *   encryptedMessage: new Uint8Array(4) });
 * console.log(apiSchema().layer === API_LAYER, bytes.length, apiSchema().resultType("auth.bindTempAuthKey"));
 * ```
 */
export function apiSchema(): Schema {
  return api ??= Schema.parse(writeOut(API_SCHEMA));
}

/** The schema of MTProto's own messages: the key exchange, acknowledgements, salts, pings. */
export function mtprotoSchema(): Schema {
  return mtproto ??= Schema.parse(MTPROTO_SCHEMA);
}
