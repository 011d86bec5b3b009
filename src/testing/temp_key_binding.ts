/**
 * The server's half of auth.bindTempAuthKey: it reads `bind_auth_key_inner`, which the client
 * encrypted with its permanent key by MTProto 1.0, the only use of that version left.
 * https://core.telegram.org/method/auth.bindTempAuthKey
 */
import { concatBytes, equalBytes, igeDecrypt, sha1 } from "../crypto/mod.ts";
import type { AuthKey } from "../mtproto/mod.ts";
import { mtprotoSchema, type TlObject } from "../tl/mod.ts";

const HEADER_LENGTH = 32; // random (16), msg_id (8), seq_no (4), length (4)

/** Decrypts a binding message; undefined if `permanentKey` did not encrypt it. */
export function openBinding(encrypted: Uint8Array, permanentKey: AuthKey): TlObject | undefined {
  if (encrypted.length < 24 + HEADER_LENGTH || encrypted.length % 16 !== 8) return undefined;
  if (!equalBytes(encrypted.subarray(0, 8), permanentKey.id)) return undefined;
  const msgKey = encrypted.subarray(8, 24);
  const { key, iv } = aesOfVersion1(permanentKey.bytes, msgKey);
  const plaintext = igeDecrypt(encrypted.subarray(24), key, iv);
  const length = new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(28, true);
  if (length > plaintext.length - HEADER_LENGTH) return undefined;
  const message = plaintext.subarray(0, HEADER_LENGTH + length);
  if (!equalBytes(sha1(message).subarray(4, 20), msgKey)) return undefined;
  const inner = mtprotoSchema().decode(message.subarray(HEADER_LENGTH)) as TlObject;
  return inner._ === "bind_auth_key_inner" ? inner : undefined;
}

/**
 * Derives aes_key and aes_iv of MTProto 1.0:
 * https://core.telegram.org/mtproto/description_v1#defining-aes-key-and-initialization-vector
 */
function aesOfVersion1(
  authKey: Uint8Array,
  msgKey: Uint8Array,
): { key: Uint8Array; iv: Uint8Array } {
  const a = sha1(msgKey, authKey.subarray(0, 32));
  const b = sha1(authKey.subarray(32, 48), msgKey, authKey.subarray(48, 64));
  const c = sha1(authKey.subarray(64, 96), msgKey);
  const d = sha1(msgKey, authKey.subarray(96, 128));
  return {
    key: concatBytes(a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)),
    iv: concatBytes(a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)),
  };
}
