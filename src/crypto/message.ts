/**
 * Encrypted messages of MTProto 2.0:
 * auth_key_id (8 bytes) ‖ msg_key (16) ‖ AES-256-IGE of the plaintext.
 * https://core.telegram.org/mtproto/description#encrypted-message
 *
 * The session builds and checks the plaintext (salt, session id, msg_id, seq_no, length, body,
 * padding); this file does not look into it.
 */
import type { NodeCipher, NodeHash } from "../runtime/mod.ts";
import { type Native, nativeFor } from "./native.ts";
import { sha1 } from "./sha.ts";
import { type Kernels, kernels } from "./wasm.ts";

/** The sender of a message: the two directions have different keys. */
export type Side = "client" | "server";

/** The length of an auth key, bytes (2048 bits). */
export const AUTH_KEY_LENGTH = 256;

/** The length of auth_key_id and msg_key, bytes. */
const HEADER_LENGTH = 24;
const BLOCK = 16;
/** The part of the auth key that is hashed before the plaintext, bytes. */
const HASHED_KEY = 32;

function checkAuthKey(what: string, authKey: Uint8Array): void {
  if (authKey.length !== AUTH_KEY_LENGTH) {
    throw new RangeError(
      `Cannot ${what}: the auth key has ${authKey.length} bytes, expected ${AUTH_KEY_LENGTH}`,
    );
  }
}

/** Returns the spec's x: the offset in the auth key of a direction's keys. */
function keyOffset(sender: Side): number {
  return sender === "client" ? 0 : 8;
}

/**
 * Returns the auth_key_id, which opens every packet: the last 8 bytes of the key's SHA-1.
 *
 * @param authKey 256 bytes.
 * @throws {RangeError} if the key has another length
 */
export function authKeyId(authKey: Uint8Array): Uint8Array {
  checkAuthKey("name an auth key", authKey);
  return sha1(authKey).slice(12);
}

/**
 * Returns the auth_key_aux_hash, which the key exchange compares: the first 8 bytes of the key's
 * SHA-1.
 *
 * @param authKey 256 bytes.
 * @throws {RangeError} if the key has another length
 */
export function authKeyAuxHash(authKey: Uint8Array): Uint8Array {
  checkAuthKey("hash an auth key", authKey);
  return sha1(authKey).slice(0, 8);
}

/**
 * Encrypts one message.
 *
 * @param authKey 256 bytes.
 * @param plaintext From the salt to the end of the padding: a multiple of 16 bytes, not empty; in
 * one part or several.
 * @param sender The side that sends it.
 * @param keyId The key's {@linkcode authKeyId}. Passing it saves about a quarter of the time of a
 * short message.
 * @param room The free bytes before and after the packet in its buffer, where a frame may go; 0 by
 * default.
 * @returns the packet: auth_key_id, msg_key, encrypted data
 * @throws {RangeError} if the key, the plaintext or the key id has another length
 *
 * @example
 * ```ts
 * import { decryptMessage, encryptMessage } from "@tessera/mtproto/crypto";
 *
 * const authKey = crypto.getRandomValues(new Uint8Array(256));
 * const packet = encryptMessage(authKey, new Uint8Array(64), "client"); // 88 bytes
 * decryptMessage(authKey, packet, "client"); // 64 zeros
 * decryptMessage(authKey, packet, "server"); // undefined
 * ```
 */
export function encryptMessage(
  authKey: Uint8Array,
  plaintext: Uint8Array | readonly Uint8Array[],
  sender: Side,
  keyId: Uint8Array = authKeyId(authKey),
  room = 0,
): Uint8Array {
  checkAuthKey("encrypt a message", authKey);
  if (keyId.length !== 8) {
    throw new RangeError(
      `Cannot encrypt a message: the auth key id has ${keyId.length} bytes, expected 8`,
    );
  }
  const parts = plaintext instanceof Uint8Array ? [plaintext] : plaintext;
  let length = 0;
  for (const part of parts) length += part.length;
  if (length === 0 || length % BLOCK !== 0) {
    throw new RangeError(
      `Cannot encrypt a message: its plaintext has ${length} bytes, ` +
        `expected a multiple of ${BLOCK} above 0`,
    );
  }
  const module = kernels();
  const { bytes, DATA, KEY, CHUNK_SIZE } = module;
  const own = nativeFor(length);
  const x = keyOffset(sender);
  bytes.set(authKey, KEY);
  if (length > CHUNK_SIZE || (own && length >= own.ige)) {
    return encryptLong(module, parts, packetWithRoom(length, room), x, keyId);
  }
  for (let offset = DATA, i = 0; i < parts.length; offset += parts[i++].length) {
    bytes.set(parts[i], offset);
  }
  if (own && length >= own.hash) {
    bytes.copyWithin(DATA - HASHED_KEY, KEY + 88 + x, KEY + 88 + x + HASHED_KEY);
    bytes.set(own.sha256(bytes.subarray(DATA - HASHED_KEY, DATA + length)), module.DIGEST);
    module.messageEncryptHashed(length, x);
  } else {
    module.messageEncrypt(length, x);
  }
  bytes.set(keyId, DATA - HEADER_LENGTH);
  const packet = packetWithRoom(length, room);
  packet.set(bytes.subarray(DATA - HEADER_LENGTH, DATA + length));
  bytes.fill(0, DATA - HEADER_LENGTH, DATA + length);
  return packet;
}

/** Returns an empty packet for a plaintext of that length, with free bytes around it. */
function packetWithRoom(length: number, room: number): Uint8Array {
  const end = room + HEADER_LENGTH + length;
  return new Uint8Array(end + room).subarray(room, end);
}

/**
 * Decrypts one message, and checks msg_key over the whole plaintext in constant time.
 *
 * @param authKey 256 bytes.
 * @param packet auth_key_id (not checked: the caller chose the key by it), msg_key, encrypted data.
 * @param sender The side that sent it.
 * @param mayOverwrite Whether a long packet may be decrypted in its own memory; false by default.
 * @returns the plaintext with its padding; undefined if msg_key does not match or the length is
 * impossible, and then the plaintext is wiped
 * @throws {RangeError} if the auth key has another length
 */
export function decryptMessage(
  authKey: Uint8Array,
  packet: Uint8Array,
  sender: Side,
  mayOverwrite = false,
): Uint8Array | undefined {
  checkAuthKey("decrypt a message", authKey);
  const length = packet.length - HEADER_LENGTH;
  if (length <= 0 || length % BLOCK !== 0) return undefined;
  const module = kernels();
  const { bytes, DATA, KEY, CHUNK_SIZE } = module;
  const own = nativeFor(length);
  const x = keyOffset(sender);
  bytes.set(authKey, KEY);
  if (length > CHUNK_SIZE) {
    const encrypted = packet.subarray(HEADER_LENGTH);
    return decryptLong(module, packet, x, mayOverwrite ? encrypted : new Uint8Array(length));
  }
  bytes.set(packet, DATA - HEADER_LENGTH);
  let matches: number;
  if (own && length >= own.hash) {
    module.messageDecryptUnchecked(length, x);
    bytes.set(own.sha256(bytes.subarray(DATA - HASHED_KEY, DATA + length)), module.DIGEST);
    matches = module.messageCheck(length);
  } else {
    matches = module.messageDecrypt(length, x);
  }
  if (matches === 0) return undefined;
  const plaintext = bytes.slice(DATA, DATA + length);
  bytes.fill(0, DATA, DATA + length);
  return plaintext;
}

/** Encrypts a message in chunks: one that is longer, or for which the runtime has CBC. */
function encryptLong(
  module: Kernels,
  parts: readonly Uint8Array[],
  packet: Uint8Array,
  x: number,
  keyId: Uint8Array,
): Uint8Array {
  const { bytes, DATA, DIGEST, CHUNK_SIZE, MSG_KEY } = module;
  const length = packet.length - HEADER_LENGTH;
  const own = nativeFor(length);
  if (own) {
    const hash = startHash(own, module, x);
    for (const part of parts) hash.update(part);
    bytes.set(hash.digest(), DIGEST);
  } else {
    module.messageHashBegin(x);
    for (let offset = 0; offset < length; offset += CHUNK_SIZE) {
      module.sha256Update(DATA, copyRange(parts, offset, CHUNK_SIZE, bytes, DATA));
    }
    module.sha256End(DIGEST);
  }
  module.messageEncryptKeys(x);
  packet.set(keyId);
  packet.set(bytes.subarray(MSG_KEY, MSG_KEY + BLOCK), 8);
  const cbc = own && length >= own.ige ? startCbc(own, module) : undefined;
  const step = cbc ? CHUNK_SIZE / 2 : CHUNK_SIZE;
  for (let offset = 0; offset < length; offset += step) {
    const copied = copyRange(parts, offset, step, bytes, DATA);
    let result = DATA;
    if (cbc) {
      result += step;
      module.igeMask(DATA, result, copied);
      bytes.set(cbc.update(bytes.subarray(result, result + copied)), result);
      module.igeUnmask(DATA, result, copied);
    } else {
      module.igeEncryptChunk(DATA, copied);
    }
    packet.set(bytes.subarray(result, result + copied), HEADER_LENGTH + offset);
  }
  module.messageEnd();
  // The last piece may be short, with plaintext of the first loop behind it.
  bytes.fill(0, DATA, DATA + (cbc ? CHUNK_SIZE : Math.min(length, CHUNK_SIZE)));
  return packet;
}

/** Begins the hash whose middle is msg_key, with the part of the auth key that comes first. */
function startHash(own: Native, { bytes, KEY }: Kernels, x: number): NodeHash {
  return own.sha256Parts().update(bytes.subarray(KEY + 88 + x, KEY + 88 + x + HASHED_KEY));
}

/** Begins the CBC between igeMask() and igeUnmask(), with the key and the IV of a message. */
function startCbc(own: Native, { bytes, AES_KEY, IV }: Kernels): NodeCipher {
  const cbc = own.cbc(bytes.subarray(AES_KEY, AES_KEY + 32), bytes.subarray(IV, IV + BLOCK));
  bytes.fill(0, IV, IV + BLOCK); // the block before the first two of the plaintext
  return cbc;
}

/** Copies `length` bytes from `offset` on, or all that are left. Returns their number. */
function copyRange(
  parts: readonly Uint8Array[],
  offset: number,
  length: number,
  into: Uint8Array,
  at: number,
): number {
  let copied = 0;
  let start = 0;
  for (const part of parts) {
    const from = Math.max(0, offset + copied - start);
    if (from < part.length && copied < length) {
      const piece = part.subarray(from, from + length - copied);
      into.set(piece, at + copied);
      copied += piece.length;
    }
    start += part.length;
  }
  return copied;
}

/**
 * Decrypts and hashes a packet longer than a chunk, into `plaintext`. Wipes it if msg_key differs.
 */
function decryptLong(
  module: Kernels,
  packet: Uint8Array,
  x: number,
  plaintext: Uint8Array,
): Uint8Array | undefined {
  const { bytes, DATA, DIGEST, CHUNK_SIZE, MSG_KEY } = module;
  const encrypted = packet.subarray(HEADER_LENGTH);
  const own = nativeFor(encrypted.length);
  bytes.set(packet.subarray(8, HEADER_LENGTH), MSG_KEY);
  module.messageDecryptKeys(x);
  const hash = own && startHash(own, module, x);
  if (!hash) module.messageHashBegin(x);
  for (let offset = 0; offset < encrypted.length; offset += CHUNK_SIZE) {
    const piece = encrypted.subarray(offset, offset + CHUNK_SIZE);
    bytes.set(piece, DATA);
    module.igeDecryptChunk(DATA, piece.length);
    const decrypted = bytes.subarray(DATA, DATA + piece.length);
    if (hash) hash.update(decrypted);
    else module.sha256Update(DATA, piece.length);
    plaintext.set(decrypted, offset);
  }
  if (hash) bytes.set(hash.digest(), DIGEST);
  else module.sha256End(DIGEST);
  const matches = module.messageMatches() === 1;
  module.messageEnd();
  bytes.fill(0, DATA, DATA + CHUNK_SIZE);
  if (matches) return plaintext;
  plaintext.fill(0);
  return undefined;
}
