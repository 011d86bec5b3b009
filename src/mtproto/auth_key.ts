/**
 * The authorization key: 256 bytes that a client and a data center share, and what is derived from it.
 * https://core.telegram.org/mtproto/description#terminology
 * It censors itself wherever it might be printed; only `bytes` gives the key.
 */
import { authKeyAuxHash, authKeyId, bytesToHex } from "../crypto/mod.ts";
import { censorAsText } from "../runtime/mod.ts";

/**
 * A 2048-bit authorization key.
 *
 * Printing it (`String(key)`, `JSON.stringify(key)`, `console.log(key)`) shows its public id, never the key.
 */
export class AuthKey {
  static {
    censorAsText(this.prototype);
  }

  readonly #bytes: Uint8Array;

  /** The 64-bit auth_key_id, the low-order 64 bits of the SHA1 of the key, as the 8 bytes that open every encrypted message. */
  readonly id: Uint8Array;

  /** A key from its 256 bytes; throws a `RangeError` for any other length. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes.slice();
    this.id = authKeyId(this.#bytes);
  }

  /** The secret: the 256 bytes of the key. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The auth_key_id in hexadecimal, safe to print. */
  get idHex(): string {
    return bytesToHex(this.id);
  }

  /** The auth_key_aux_hash, the 64 high-order bits of the SHA1 of the key: 8 bytes. */
  get auxHash(): Uint8Array {
    return authKeyAuxHash(this.#bytes);
  }

  /** The public id only. */
  toString(): string {
    return `AuthKey(${this.idHex})`;
  }
}
