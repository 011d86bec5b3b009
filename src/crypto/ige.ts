/**
 * AES-256 in Infinite Garble Extension mode, which MTProto encrypts with:
 * https://core.telegram.org/mtproto/description#protocol-description
 * It hides, but it does not authenticate: that is msg_key's part (message.ts). There is no padding here.
 */
import { type Kernels, kernels } from "./wasm.ts";

/** Bytes of an AES block. */
const BLOCK = 16;

function checkInput(what: string, data: Uint8Array, key: Uint8Array, iv: Uint8Array): void {
  if (key.length !== 32) {
    throw new RangeError(
      `Cannot ${what} with AES-256-IGE: the key has ${key.length} bytes, expected 32`,
    );
  }
  if (iv.length !== 32) {
    throw new RangeError(
      `Cannot ${what} with AES-256-IGE: the initialization vector has ${iv.length} bytes, expected 32`,
    );
  }
  if (data.length % BLOCK !== 0) {
    throw new RangeError(
      `Cannot ${what} with AES-256-IGE: the data has ${data.length} bytes, expected a multiple of ${BLOCK}`,
    );
  }
}

/** Runs one chunk kernel over data of any length, between a begin that was called and igeEnd(). */
function applyChunks(
  { bytes, DATA, CHUNK_SIZE, igeEnd }: Kernels,
  data: Uint8Array,
  chunk: (address: number, length: number) => void,
): Uint8Array {
  const { length } = data;
  if (length <= CHUNK_SIZE) {
    bytes.set(data, DATA);
    chunk(DATA, length);
    igeEnd();
    const result = bytes.slice(DATA, DATA + length);
    bytes.fill(0, DATA, DATA + length);
    return result;
  }
  const result = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += CHUNK_SIZE) {
    const piece = data.subarray(offset, offset + CHUNK_SIZE);
    bytes.set(piece, DATA);
    chunk(DATA, piece.length);
    result.set(bytes.subarray(DATA, DATA + piece.length), offset);
  }
  igeEnd();
  bytes.fill(0, DATA, DATA + CHUNK_SIZE);
  return result;
}

/**
 * Encrypts with AES-256-IGE.
 *
 * @param data A multiple of 16 bytes.
 * @param key 32 bytes.
 * @param iv 32 bytes: first what stands for the ciphertext before the first block, then for the plaintext before it.
 * @returns As many bytes as `data`, the caller's own.
 * @throws {RangeError} if one of them has another length.
 *
 * @example
 * ```ts
 * import { igeDecrypt, igeEncrypt } from "@tessera/mtproto/crypto";
 *
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const iv = crypto.getRandomValues(new Uint8Array(32));
 * const encrypted = igeEncrypt(new Uint8Array(64), key, iv);
 * igeDecrypt(encrypted, key, iv); // 64 zeros
 * ```
 */
export function igeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  checkInput("encrypt", data, key, iv);
  const module = kernels();
  module.bytes.set(key, module.KEY);
  module.bytes.set(iv, module.IV);
  module.igeEncryptBegin();
  return applyChunks(module, data, module.igeEncryptChunk);
}

/**
 * Decrypts what {@linkcode igeEncrypt} made with the same key and initialization vector.
 *
 * @throws {RangeError} if `data` is no multiple of 16 bytes, or `key` or `iv` is not 32 bytes.
 */
export function igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  checkInput("decrypt", data, key, iv);
  const module = kernels();
  module.bytes.set(key, module.KEY);
  module.bytes.set(iv, module.IV);
  module.igeDecryptBegin();
  return applyChunks(module, data, module.igeDecryptChunk);
}
