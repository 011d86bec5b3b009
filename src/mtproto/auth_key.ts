/**
 * The authorization key: 256 bytes that a client and a data center share, and its ids.
 * https://core.telegram.org/mtproto/description#terminology
 * It censors itself in printed text; only `bytes` returns the key.
 */
import { authKeyAuxHash, authKeyId, bytesToHex } from "../crypto/mod.ts";
import { censorAsText } from "../runtime/mod.ts";

/**
 * A 2048-bit authorization key.
 *
 * Printing it (`String(key)`, `JSON.stringify(key)`, `console.log(key)`) shows its public id, never
 * the key.
 */
export class AuthKey {
  static {
    censorAsText(this.prototype);
  }

  readonly #bytes: Uint8Array;

  /** The auth_key_id, which opens every encrypted message: the last 8 bytes of the key's SHA1. */
  readonly id: Uint8Array;

  /**
   * Makes a key from its bytes.
   *
   * @param bytes 256 bytes.
   * @throws {RangeError} if they have another length
   */
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

  /** The auth_key_aux_hash: the first 8 bytes of the key's SHA1. */
  get auxHash(): Uint8Array {
    return authKeyAuxHash(this.#bytes);
  }

  /** Returns the public id only. */
  toString(): string {
    return `AuthKey(${this.idHex})`;
  }
}
