/**
 * SHA-1, SHA-256 and SHA-512 (FIPS 180-4), of several byte strings as if they were joined. MTProto names a key by its
 * SHA-1 and derives everything else with SHA-256: https://core.telegram.org/mtproto/description
 */
import { feed, kernels } from "./wasm.ts";

/**
 * SHA-256 of the parts, joined.
 *
 * @returns 32 bytes.
 *
 * @example
 * ```ts
 * import { bytesToHex, encodeUtf8, sha256 } from "@tessera/mtproto/crypto";
 *
 * bytesToHex(sha256(encodeUtf8("a"), encodeUtf8("bc"))); // "ba7816bf8f01cfea…"
 * ```
 */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const { bytes, DATA, DIGEST, sha256Begin, sha256Update, sha256End } = kernels();
  sha256Begin();
  feed(parts, (length) => sha256Update(DATA, length));
  sha256End(DIGEST);
  return bytes.slice(DIGEST, DIGEST + 32);
}
