/**
 * AES-256 in counter mode as a stream (NIST SP 800-38A, section 6.5), for the obfuscated transport
 * and for downloads from CDNs.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import type { NodeCipher } from "../runtime/mod.ts";
import { native, plainBytes } from "./native.ts";
import { kernels } from "./wasm.ts";

/** The length of an AES block, bytes. */
const BLOCK = 16;
const NOTHING = new Uint8Array(0);

/**
 * One AES-256-CTR stream. Encryption and decryption are the same operation. Each call continues
 * where the last one stopped, also inside a block.
 *
 * @example
 * ```ts
 * import { AesCtr } from "@tessera/mtproto/crypto";
 *
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const iv = crypto.getRandomValues(new Uint8Array(16));
 * const encrypted = new AesCtr(key, iv).apply(new Uint8Array(5));
 *
 * const stream = new AesCtr(key, iv);
 * stream.apply(encrypted.subarray(0, 2)); // two zeros
 * stream.apply(encrypted.subarray(2)); // three zeros
 * ```
 */
export class AesCtr {
  /** The cipher of the runtime, if that has one: it is faster for every length. */
  readonly #native: NodeCipher | undefined;
  readonly #key: Uint8Array = NOTHING;
  /** The counter of the current block. */
  readonly #counter: Uint8Array = NOTHING;
  /** How many bytes of the current block are used, 0 to 15. */
  #used = 0;

  /**
   * Starts a stream at its beginning.
   *
   * @param key 32 bytes.
   * @param iv 16 bytes, the first counter, big-endian.
   * @throws {RangeError} if one of the two has another length.
   */
  constructor(key: Uint8Array, iv: Uint8Array) {
    if (key.length !== 32) {
      throw new RangeError(
        `Cannot start AES-256-CTR: the key has ${key.length} bytes, expected 32`,
      );
    }
    if (iv.length !== BLOCK) {
      throw new RangeError(
        `Cannot start AES-256-CTR: the IV has ${iv.length} bytes, expected ${BLOCK}`,
      );
    }
    this.#native = native()?.ctr(key, iv);
    if (this.#native !== undefined) return;
    // Not slice(): for a Node Buffer it does not copy.
    this.#key = new Uint8Array(key);
    this.#counter = new Uint8Array(iv);
  }

  /**
   * Encrypts or decrypts the next bytes of the stream.
   *
   * @param data Any number of bytes.
   * @returns as many bytes, in a new array
   */
  apply(data: Uint8Array): Uint8Array {
    if (this.#native !== undefined) return plainBytes(this.#native.update(data));
    const { bytes, DATA, CHUNK_SIZE, KEY, IV, ctrApply } = kernels();
    const result = new Uint8Array(data.length);
    for (let offset = 0; offset < data.length;) {
      // The kernel begins at the start of a block, so the data goes behind the used bytes.
      const piece = data.subarray(offset, offset + CHUNK_SIZE - this.#used);
      const start = DATA + this.#used;
      const length = this.#used + piece.length;
      bytes.set(this.#key, KEY);
      bytes.set(this.#counter, IV);
      bytes.set(piece, start);
      ctrApply(DATA, length);
      result.set(bytes.subarray(start, start + piece.length), offset);
      this.#counter.set(bytes.subarray(IV, IV + BLOCK));
      this.#used = length % BLOCK;
      offset += piece.length;
      bytes.fill(0, DATA, DATA + Math.ceil(length / BLOCK) * BLOCK);
      bytes.fill(0, IV, IV + BLOCK);
    }
    return result;
  }
}
