/**
 * The check sum that tells damage from a wrong text or secret. It protects against accidents only.
 */
import { sha256 } from "../../crypto/mod.ts";

/** The first `length` bytes of the SHA-256 of `bytes`. */
export function checkSum(bytes: Uint8Array, length: number): Uint8Array {
  return sha256(bytes).subarray(0, length);
}
