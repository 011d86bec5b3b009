/**
 * The entry of the WASM module. JavaScript can call these exports; src/crypto/wasm.ts has their
 * types.
 */

export { CHUNK_SIZE, DATA, DIGEST, IV, KEY } from "./memory";
export { sha1Begin, sha1End, sha1Update } from "./sha1";
export { sha256Begin, sha256End, sha256Update } from "./sha256";
export { sha512Begin, sha512End, sha512Update } from "./sha512";
export {
  igeDecryptBegin,
  igeDecryptChunk,
  igeEncryptBegin,
  igeEncryptChunk,
  igeEnd,
  igeMask,
  igeUnmask,
} from "./ige";
export { ctrApply } from "./ctr";
export {
  AES_KEY,
  messageCheck,
  messageDecrypt,
  messageDecryptKeys,
  messageDecryptUnchecked,
  messageEncrypt,
  messageEncryptHashed,
  messageEncryptKeys,
  messageEnd,
  messageHashBegin,
  messageMatches,
  MSG_KEY,
} from "./message";
export { pbkdf2HmacSha512 } from "./pbkdf2";
export { MODEXP, modexp } from "./modexp";
export { factorize64, isPrime64 } from "./pq";
