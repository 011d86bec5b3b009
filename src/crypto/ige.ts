/**
 * AES-256 in Infinite Garble Extension mode, the encryption of MTProto:
 * https://core.telegram.org/mtproto/description#protocol-description
 * It does not authenticate; msg_key does (message.ts). It does not pad.
 */
import { type Kernels, kernels } from "./wasm.ts";

/** The length of an AES block, bytes. */
const BLOCK = 16;

function checkInput(what: string, data: Uint8Array, key: Uint8Array, iv: Uint8Array): void {
  if (key.length !== 32) {
    throw new RangeError(
      `Cannot ${what} with AES-256-IGE: the key has ${key.length} bytes, expected 32`,
    );
  }
  if (iv.length !== 32) {
    throw new RangeError(
      `Cannot ${what} with AES-256-IGE: the IV has ${iv.length} bytes, expected 32`,
    );
  }
  if (data.length % BLOCK !== 0) {
    throw new RangeError(
      `Cannot ${what} with AES-256-IGE: the data has ${data.length} bytes, ` +
        `expected a multiple of ${BLOCK}`,
    );
  }
}

/** Runs a chunk kernel over data of any length, then igeEnd(). The caller has run the begin. */
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
 * @param iv 32 bytes: a ciphertext block, then a plaintext block, as before the first block.
 * @returns as many bytes as `data`, in a new array
 * @throws {RangeError} if one of the three has another length
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
 * Decrypts with AES-256-IGE, the inverse of {@linkcode igeEncrypt}.
 *
 * @param data A multiple of 16 bytes.
 * @param key 32 bytes.
 * @param iv 32 bytes, the same as for encryption.
 * @returns as many bytes as `data`, in a new array
 * @throws {RangeError} if one of the three has another length
 */
export function igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  checkInput("decrypt", data, key, iv);
  const module = kernels();
  module.bytes.set(key, module.KEY);
  module.bytes.set(iv, module.IV);
  module.igeDecryptBegin();
  return applyChunks(module, data, module.igeDecryptChunk);
}
