/**
 * The cryptography of MTProto 2.0: bytes in, bytes out, synchronous. The arithmetic runs in one
 * WASM module without imports, which is compiled on first use. Importing this runs nothing.
 *
 * @example Hash something
 * ```ts
 * import { bytesToHex, encodeUtf8, sha256 } from "@tessera/mtproto/crypto";
 *
 * console.log(bytesToHex(sha256(encodeUtf8("abc"))));
 * ```
 *
 * @module
 */
export type { Random } from "../runtime/mod.ts";
export { hmacSha256, hmacSha512 } from "./hmac.ts";
export * from "./mod.ts";
export { pbkdf2HmacSha512 } from "./pbkdf2.ts";
export { formatRsaPublicKey, parseRsaPublicKey } from "./rsa_pem.ts";
export * from "./srp.ts";
