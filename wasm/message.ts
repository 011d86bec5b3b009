// One encrypted message of MTProto 2.0, in one call and in place:
// https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector
//
// Most messages are short, and then the calls and copies between seven primitives cost more than the arithmetic does. So
// the auth key goes to KEY, the message to DATA, and one call does the three SHA-256, the key schedule and the IGE.
// The 32 bytes before DATA are the header: the part of the auth key that is hashed before the plaintext, so that both are
// one range; and in a packet the last 24 of them are auth_key_id (8, not touched here) and msg_key (16).
//
// A message longer than DATA goes through the same steps, called one by one.

import { aesDecryptKey, aesEncryptKey } from "./aes";
import { igeDecryptChunk, igeEncryptChunk, igeEnd } from "./ige";
import { DATA, DIGEST, IV, KEY, wipe } from "./memory";
import { sha256Begin, sha256End, sha256Update } from "./sha256";

/** The msg_key of this message: computed by messageEncryptKeys(), or stated by the packet. */
export const MSG_KEY: usize = memory.data(16, 16);

const AES_KEY: usize = memory.data(32, 16);
const SHA_A: usize = memory.data(32, 16);
const SHA_B: usize = memory.data(32, 16);

/** aes_key and aes_iv of MSG_KEY; x is 0 for what a client sends, 8 for what a server sends. */
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

/** Starts the hash that msg_key is the middle of; the plaintext follows by sha256Update(). */
export function messageHashBegin(x: i32): void {
  sha256Begin();
  sha256Update(KEY + 88 + x, 32);
}

/** Ends the hash, and prepares the encryption: igeEncryptChunk() follows. Leaves msg_key in MSG_KEY. */
export function messageEncryptKeys(x: i32): void {
  sha256End(DIGEST);
  v128.store(MSG_KEY, v128.load(DIGEST, 8));
  deriveKeys(x);
  aesEncryptKey(AES_KEY);
}

/** Prepares the decryption with the msg_key in MSG_KEY: igeDecryptChunk() follows. */
export function messageDecryptKeys(x: i32): void {
  deriveKeys(x);
  aesDecryptKey(AES_KEY);
}

/** Ends the hash: 1 if its middle is MSG_KEY, else 0. All 16 bytes are compared at once. */
export function messageMatches(): i32 {
  sha256End(DIGEST);
  return i32(!v128.any_true(v128.xor(v128.load(DIGEST, 8), v128.load(MSG_KEY))));
}

/** Wipes the auth key and all that was computed from it. */
export function messageEnd(): void {
  igeEnd();
  wipe(KEY, 256);
  wipe(AES_KEY, 32);
  wipe(DIGEST, 32);
  wipe(MSG_KEY, 16);
}

/** Encrypts the `length` bytes in DATA with the auth key in KEY, and writes msg_key before them. */
export function messageEncrypt(length: i32, x: i32): void {
  memory.copy(DATA - 32, KEY + 88 + x, 32);
  sha256Begin();
  sha256Update(DATA - 32, 32 + length);
  messageEncryptKeys(x);
  wipe(DATA - 32, 16);
  v128.store(DATA - 16, v128.load(MSG_KEY));
  igeEncryptChunk(DATA, length);
  messageEnd();
}

/**
 * Decrypts the `length` bytes in DATA with the auth key in KEY and the msg_key before them; 1 if that is the right one for
 * the plaintext. If it is not, 0, and the plaintext is wiped.
 */
export function messageDecrypt(length: i32, x: i32): i32 {
  v128.store(MSG_KEY, v128.load(DATA - 16));
  messageDecryptKeys(x);
  igeDecryptChunk(DATA, length);
  memory.copy(DATA - 32, KEY + 88 + x, 32);
  sha256Begin();
  sha256Update(DATA - 32, 32 + length);
  const matches = messageMatches();
  wipe(DATA - 32, 32);
  if (!matches) wipe(DATA, length);
  messageEnd();
  return matches;
}
