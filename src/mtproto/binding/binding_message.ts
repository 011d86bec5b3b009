/**
 * The message that binds a temporary key to a permanent one: MTProto 1.0 under the permanent key,
 * the only use of that version left. https://core.telegram.org/method/auth.bindTempAuthKey
 *
 * Its msg_key is a hash of the plaintext without the padding; salt and session_id are random. It is
 * of use for one message only: whoever sends the call again with another msg_id makes it anew.
 */
import { concatBytes, equalBytes, igeDecrypt, igeEncrypt, sha1 } from "../../crypto/mod.ts";
import type { Random } from "../../runtime/mod.ts";
import { mtprotoSchema, type TlObject } from "../../tl/mod.ts";
import type { AuthKey } from "../auth_key.ts";
import { asLong } from "../msg_id.ts";

/** What a binding message says. Ids are signed 64 bits. */
export interface Binding {
  readonly nonce: bigint;
  readonly temporaryKey: AuthKey;
  readonly permanentKey: AuthKey;
  /** The session in which the call is made. */
  readonly sessionId: bigint;
  /** When the temporary key expires, in Unix seconds of the server. */
  readonly expiresAt: number;
  /** The msg_id of the call itself, unsigned. */
  readonly msgId: bigint;
}

const RANDOM_LENGTH = 16;
const HEADER_LENGTH = 32; // random (16), msg_id (8), seq_no (4), length (4)
const IDS_LENGTH = 24; // auth_key_id (8), msg_key (16)
const BLOCK = 16;

/** Returns the id of a key as TL's signed `long`. */
export function keyIdAsLong({ id }: AuthKey): bigint {
  return new DataView(id.buffer, id.byteOffset).getBigInt64(0, true);
}

/** Returns the `encrypted_message` of auth.bindTempAuthKey, 104 bytes. */
export function bindingMessage(binding: Binding, random: Random): Uint8Array {
  const { nonce, temporaryKey, permanentKey, sessionId, expiresAt, msgId } = binding;
  const inner = mtprotoSchema().encode({
    _: "bind_auth_key_inner",
    nonce,
    tempAuthKeyId: keyIdAsLong(temporaryKey),
    permAuthKeyId: keyIdAsLong(permanentKey),
    tempSessionId: sessionId,
    expiresAt,
  });
  const header = new Uint8Array(HEADER_LENGTH);
  header.set(random(RANDOM_LENGTH));
  const view = new DataView(header.buffer);
  view.setBigInt64(RANDOM_LENGTH, asLong(msgId), true);
  view.setUint32(28, inner.length, true);
  const plaintext = concatBytes(header, inner);
  const msgKey = sha1(plaintext).subarray(4, 20);
  const { key, iv } = aesOfVersion1(permanentKey, msgKey);
  const padded = concatBytes(plaintext, random(-plaintext.length & (BLOCK - 1)));
  return concatBytes(permanentKey.id, msgKey, igeEncrypt(padded, key, iv));
}

/** What the server reads in a binding message. */
export interface OpenedBinding {
  /** The msg_id of the call, unsigned. */
  readonly msgId: bigint;
  /** The object `bind_auth_key_inner`. */
  readonly inner: TlObject;
}

/** Decrypts a binding message; undefined if `permanentKey` did not encrypt it. */
export function openBindingMessage(
  encrypted: Uint8Array,
  permanentKey: AuthKey,
): OpenedBinding | undefined {
  const { length } = encrypted;
  if (length < IDS_LENGTH + HEADER_LENGTH || (length - IDS_LENGTH) % BLOCK !== 0) return undefined;
  if (!equalBytes(encrypted.subarray(0, 8), permanentKey.id)) return undefined;
  const msgKey = encrypted.subarray(8, IDS_LENGTH);
  const { key, iv } = aesOfVersion1(permanentKey, msgKey);
  const plaintext = igeDecrypt(encrypted.subarray(IDS_LENGTH), key, iv);
  const view = new DataView(plaintext.buffer, plaintext.byteOffset);
  const end = HEADER_LENGTH + view.getUint32(28, true);
  if (end > plaintext.length) return undefined;
  const message = plaintext.subarray(0, end);
  if (!equalBytes(sha1(message).subarray(4, 20), msgKey)) return undefined;
  const inner = mtprotoSchema().decode(message.subarray(HEADER_LENGTH)) as TlObject;
  if (inner._ !== "bind_auth_key_inner") return undefined;
  return { msgId: view.getBigUint64(RANDOM_LENGTH, true), inner };
}

/**
 * Derives aes_key and aes_iv of MTProto 1.0 from a client's msg_key:
 * https://core.telegram.org/mtproto/description_v1#defining-aes-key-and-initialization-vector
 */
function aesOfVersion1(
  { bytes }: AuthKey,
  msgKey: Uint8Array,
): { key: Uint8Array; iv: Uint8Array } {
  const a = sha1(msgKey, bytes.subarray(0, 32));
  const b = sha1(bytes.subarray(32, 48), msgKey, bytes.subarray(48, 64));
  const c = sha1(bytes.subarray(64, 96), msgKey);
  const d = sha1(msgKey, bytes.subarray(96, 128));
  return {
    key: concatBytes(a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)),
    iv: concatBytes(a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)),
  };
}
