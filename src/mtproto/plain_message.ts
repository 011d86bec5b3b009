/**
 * The unencrypted message, for the creation of an authorization key only.
 * https://core.telegram.org/mtproto/description#unencrypted-message
 * auth_key_id = 0 (8 bytes), msg_id (8), length (4), data. Padded transports add bytes after the
 * data.
 */
import { concatBytes } from "../crypto/mod.ts";
import { SecurityError } from "./security_error.ts";

/** An unencrypted message. */
export interface PlainMessage {
  /** The msg_id. */
  readonly msgId: bigint;
  /** The serialised TL object. */
  readonly body: Uint8Array;
}

const HEADER_LENGTH = 20;

/** Serialises an unencrypted message. */
export function packPlainMessage({ msgId, body }: PlainMessage): Uint8Array {
  const header = new Uint8Array(HEADER_LENGTH);
  const view = new DataView(header.buffer);
  view.setBigUint64(8, msgId, true);
  view.setUint32(16, body.length, true);
  return concatBytes(header, body);
}

/** Returns whether a packet is an unencrypted message: its auth_key_id, the first 8 bytes, is 0. */
export function isPlainMessage(packet: Uint8Array): boolean {
  return packet.length >= 8 && packet.subarray(0, 8).every((byte) => byte === 0);
}

/**
 * Reads an unencrypted message.
 *
 * @throws {SecurityError} if the packet is encrypted or shorter than the message
 */
export function unpackPlainMessage(packet: Uint8Array): PlainMessage {
  if (!isPlainMessage(packet)) {
    throw new SecurityError(
      "auth_key_id",
      "Cannot read an unencrypted message: it has an auth_key_id, expected 0",
    );
  }
  if (packet.length < HEADER_LENGTH) {
    throw new SecurityError(
      "message_length",
      `Cannot read an unencrypted message of ${packet.length} bytes: ` +
        `expected at least ${HEADER_LENGTH}`,
    );
  }
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const length = view.getUint32(16, true);
  if (length > packet.length - HEADER_LENGTH) {
    throw new SecurityError(
      "message_length",
      `Cannot read an unencrypted message: it claims ${length} bytes, ` +
        `expected at most ${packet.length - HEADER_LENGTH}`,
    );
  }
  return {
    msgId: view.getBigUint64(8, true),
    body: packet.subarray(HEADER_LENGTH, HEADER_LENGTH + length),
  };
}
