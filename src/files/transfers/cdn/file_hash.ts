/**
 * SHA-256 of parts of files, which are long and no secrets: by the runtime, which is several times
 * faster than the WASM module, where it has it. https://core.telegram.org/cdn#verifying-files
 */
import { sha256 } from "../../../crypto/mod.ts";
import { nativeCrypto } from "../../../runtime/mod.ts";

/** Computes the SHA-256 of a part of a file. */
export function fileHash(bytes: Uint8Array): Uint8Array {
  return nativeCrypto()?.crypto.createHash("sha256").update(bytes).digest() ?? sha256(bytes);
}
