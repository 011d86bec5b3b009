/**
 * The two shipped schemas, each parsed on first use. The handshake uses only the small one.
 * https://core.telegram.org/schema and https://core.telegram.org/schema/mtproto
 */

import { API_LAYER as LAYER, API_SCHEMA } from "./generated/api_schema.ts";
import { MTPROTO_SCHEMA } from "./generated/mtproto_schema.ts";
import { Schema } from "./schema.ts";

/** The layer of {@linkcode apiSchema}. */
export const API_LAYER: number = LAYER;

let api: Schema | undefined;
let mtproto: Schema | undefined;

/**
 * Returns the schema of the Telegram API: its methods and their results.
 *
 * @example
 * ```ts
 * import { API_LAYER, apiSchema } from "@tessera/mtproto/tl";
 *
 * const schema = apiSchema();
 * const peer = { _: "inputPeerSelf" };
 * const bytes = schema.encode({ _: "messages.readHistory", peer, maxId: 5 });
 * console.log(schema.layer === API_LAYER, bytes.length); // true 12
 * console.log(schema.resultType("messages.readHistory")); // messages.AffectedMessages
 * ```
 */
export function apiSchema(): Schema {
  return api ??= new Schema(API_SCHEMA, LAYER, undefined, true);
}

/** Returns the schema of MTProto's own messages: key exchange, acknowledgements, salts, pings. */
export function mtprotoSchema(): Schema {
  return mtproto ??= Schema.parse(MTPROTO_SCHEMA);
}
