/**
 * TL, Telegram's language for data: a reader and a writer of its primitives, a codec for objects,
 * the schemas of the API and of MTProto, and the types of the API.
 *
 * @example
 * ```ts
 * import { type Api, apiSchema } from "@tessera/mtproto/tl";
 *
 * const request: Api.Methods["auth.sendCode"]["params"] & { _: "auth.sendCode" } = {
 *   _: "auth.sendCode",
 *   phoneNumber: "+9996621111",
 *   apiId: 1,
 *   apiHash: "",
 *   settings: { _: "codeSettings" },
 * };
 * const bytes = apiSchema().encode(request);
 * console.log(apiSchema().decode(bytes));
 * ```
 *
 * @module
 */

export type * as Api from "./generated/api.ts";
export { toJson } from "./json.ts";
export { TlReader } from "./reader.ts";
export { type DecodeOptions, Schema, type SchemaOptions } from "./schema.ts";
export { API_LAYER, apiSchema, mtprotoSchema } from "./schemas.ts";
export { TlError } from "./tl_error.ts";
export type { TlObject } from "./tl_object.ts";
export { TlWriter } from "./writer.ts";
