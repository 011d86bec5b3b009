/**
 * One encrypted message of MTProto 2.0, in one call and in place:
 * https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector
 *
 * Most messages are short, and for these the calls and copies between seven primitives would cost
 * more than the arithmetic. So JavaScript writes the auth key to KEY and the message to DATA, and
 * one call does the three SHA-256, the key schedule and the IGE. The 32 bytes before DATA take the
 * part of the auth key that is hashed before the plaintext, so that both are one range. In a packet
 * the last 24 of them are auth_key_id (8 bytes, not used here) and msg_key (16).
 *
 * Where the runtime hashes faster than this module, JavaScript hashes the same range natively, and
 * calls the two kernels that do not hash. For a message longer than DATA, or encrypted natively, it
 * calls the same steps one by one.
 */

import { aesDecryptKey, aesEncryptKey } from "./aes";
import { igeDecryptChunk, igeEncryptChunk, igeEnd } from "./ige";
import { DATA, DIGEST, IV, KEY, wipe } from "./memory";
import { sha256Begin, sha256End, sha256Update } from "./sha256";

/** The msg_key of the message: computed by messageEncryptKeys(), or read from the packet. */
export const MSG_KEY: usize = memory.data(16, 16);

/** The key of a message, for AES of the runtime's own; IV has the other half of that secret. */
export const AES_KEY: usize = memory.data(32, 16);

const SHA_A: usize = memory.data(32, 16);
const SHA_B: usize = memory.data(32, 16);

/** Derives aes_key and aes_iv from MSG_KEY. x is 0 if a client sends, 8 if a server does. */
function deriveKeys(x: i32): void {
  const key = KEY + x;
  sha256Begin();
  sha256Update(MSG_KEY, 16);
  sha256Update(key, 36);
  sha256End(SHA_A);
  sha256Begin();
  sha256Update(key + 40, 36);
  sha256Update(MSG_KEY, 16);
  sha256End(SHA_B);
  store<u64>(AES_KEY, load<u64>(SHA_A));
  v128.store(AES_KEY, v128.load(SHA_B, 8), 8);
  store<u64>(AES_KEY, load<u64>(SHA_A, 24), 24);
  store<u64>(IV, load<u64>(SHA_B));
  v128.store(IV, v128.load(SHA_A, 8), 8);
  store<u64>(IV, load<u64>(SHA_B, 24), 24);
  wipe(SHA_A, 32);
  wipe(SHA_B, 32);
}

/** Starts the hash whose middle is msg_key. sha256Update() of the plaintext follows. */
export function messageHashBegin(x: i32): void {
  sha256Begin();
  sha256Update(KEY + 88 + x, 32);
}

/** Writes the middle of the hash in DIGEST to MSG_KEY, and prepares igeEncryptChunk(). */
export function messageEncryptKeys(x: i32): void {
  v128.store(MSG_KEY, v128.load(DIGEST, 8));
  deriveKeys(x);
  aesEncryptKey(AES_KEY);
}

/** Prepares igeDecryptChunk() with the msg_key in MSG_KEY. */
export function messageDecryptKeys(x: i32): void {
  deriveKeys(x);
  aesDecryptKey(AES_KEY);
}

/** Returns 1 if the middle of the hash in DIGEST is MSG_KEY, else 0. Compares 16 bytes at once. */
export function messageMatches(): i32 {
  return i32(!v128.any_true(v128.xor(v128.load(DIGEST, 8), v128.load(MSG_KEY))));
}

/** Wipes the auth key and all values computed from it. */
export function messageEnd(): void {
  igeEnd();
  wipe(KEY, 256);
  wipe(AES_KEY, 32);
  wipe(DIGEST, 32);
  wipe(MSG_KEY, 16);
}

/** Copies the hashed part of the auth key before DATA, so that one range is what is hashed. */
function prependHashedKey(x: i32): void {
  memory.copy(DATA - 32, KEY + 88 + x, 32);
}

/** Hashes the auth key's part and the `length` bytes in DATA, into DIGEST. */
function hashMessage(length: i32): void {
  sha256Begin();
  sha256Update(DATA - 32, 32 + length);
  sha256End(DIGEST);
}

/** Encrypts the `length` bytes in DATA with the auth key in KEY, and writes msg_key before them. */
export function messageEncrypt(length: i32, x: i32): void {
  prependHashedKey(x);
  hashMessage(length);
  messageEncryptHashed(length, x);
}

/** The same, when the hash is in DIGEST already. */
export function messageEncryptHashed(length: i32, x: i32): void {
  messageEncryptKeys(x);
  wipe(DATA - 32, 16);
  v128.store(DATA - 16, v128.load(MSG_KEY));
  igeEncryptChunk(DATA, length);
  messageEnd();
}

/**
 * Decrypts the `length` bytes in DATA with the auth key in KEY and the msg_key before them. Returns
 * 1 if the msg_key matches the plaintext. If not, wipes the plaintext and returns 0.
 */
export function messageDecrypt(length: i32, x: i32): i32 {
  messageDecryptUnchecked(length, x);
  hashMessage(length);
  return messageCheck(length);
}

/**
 * Decrypts like messageDecrypt(), and leaves the range to hash before and in DATA. The hash goes to
 * DIGEST, and messageCheck() follows.
 */
export function messageDecryptUnchecked(length: i32, x: i32): void {
  v128.store(MSG_KEY, v128.load(DATA - 16));
  messageDecryptKeys(x);
  igeDecryptChunk(DATA, length);
  prependHashedKey(x);
}

/** Compares the hash in DIGEST, ends and returns like messageDecrypt(). */
export function messageCheck(length: i32): i32 {
  const matches = messageMatches();
  wipe(DATA - 32, 32);
  if (!matches) wipe(DATA, length);
  messageEnd();
  return matches;
}
