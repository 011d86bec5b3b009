/**
 * The plaintext of an encrypted message: salt, session_id, msg_id, seq_no, body, padding.
 * https://core.telegram.org/mtproto/description#encrypted-message-encrypted-data
 * The checks here need only the packet and the key; encrypted_session.ts has those of a session.
 */
import { decryptMessage, encryptMessage, equalBytes } from "../crypto/mod.ts";
import type { Side } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import { FRAME_ROOM } from "../transport/mod.ts";
import type { AuthKey } from "./auth_key.ts";
import { bodyLength, type Message } from "./container.ts";
import { demand } from "./security_error.ts";

/** A message with its salt and session. The body is a multiple of 4 bytes. */
export interface Envelope extends Message {
  /** The server salt, signed 64 bits. */
  readonly salt: bigint;
  /** Signed 64 bits. */
  readonly sessionId: bigint;
}

const HEADER_LENGTH = 32; // salt, session_id, msg_id, seq_no, message_data_length
const MIN_PADDING = 12;
const MAX_PADDING = 1024;
const ENCRYPTED_OVERHEAD = 24; // auth_key_id, msg_key

/** How an envelope is sealed. */
interface Sealing {
  readonly authKey: AuthKey;
  readonly sender: Side;
  readonly random: Random;
  /** Whether the padding has up to 255 bytes more than needed, instead of up to 48. */
  readonly hidesLengths?: boolean;
}

/**
 * Encrypts an envelope of `sender`. The padding has random bytes and a random length. The packet
 * has room for its frame.
 */
export function sealEnvelope(
  envelope: Envelope,
  { authKey, sender, random, hidesLengths }: Sealing,
): Uint8Array {
  const header = new Uint8Array(HEADER_LENGTH);
  const view = new DataView(header.buffer);
  view.setBigUint64(0, BigInt.asUintN(64, envelope.salt), true);
  view.setBigUint64(8, BigInt.asUintN(64, envelope.sessionId), true);
  view.setBigUint64(16, envelope.msgId, true);
  view.setUint32(24, envelope.seqNo, true);
  const length = bodyLength(envelope);
  view.setUint32(28, length, true);
  const [byte] = random(1);
  const most = MIN_PADDING + (hidesLengths ? byte : (byte & 3) * 16);
  const padding = most + (-(HEADER_LENGTH + length + most) & 15);
  const { body, tail = [] } = envelope;
  const parts = [header, body, ...tail, random(padding)];
  return encryptMessage(authKey.bytes, parts, sender, authKey.id, FRAME_ROOM);
}

/**
 * Decrypts a packet of `sender`; a long one in its own memory. Ignores bytes after the last whole
 * block, which padded transports add.
 *
 * @throws {SecurityError} if the auth_key_id, the msg_key, a length or the padding is wrong
 */
export function openEnvelope(
  packet: Uint8Array,
  { authKey, sender }: { authKey: AuthKey; sender: Side },
): Envelope {
  demand(
    equalBytes(packet.subarray(0, 8), authKey.id),
    "auth_key_id",
    () => `Cannot decrypt a message: it has another auth_key_id, expected ${authKey.idHex}`,
  );
  const encryptedLength = (packet.length - ENCRYPTED_OVERHEAD) & ~15;
  demand(
    encryptedLength >= HEADER_LENGTH + MIN_PADDING,
    "message_length",
    () => `Cannot decrypt a message of ${packet.length} bytes: it is too short`,
  );
  const plaintext = decryptMessage(
    authKey.bytes,
    packet.subarray(0, ENCRYPTED_OVERHEAD + encryptedLength),
    sender,
    true,
  );
  demand(
    plaintext !== undefined,
    "msg_key",
    () => "Cannot accept a message: its msg_key does not match its contents",
  );
  return readEnvelope(plaintext);
}

function readEnvelope(plaintext: Uint8Array): Envelope {
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  const length = view.getUint32(28, true);
  demand(
    length % 4 === 0 && length <= plaintext.length - HEADER_LENGTH,
    "message_length",
    () =>
      `Cannot accept a message: it claims ${length} bytes, ` +
      `expected a multiple of 4, at most ${plaintext.length - HEADER_LENGTH}`,
  );
  const padding = plaintext.length - HEADER_LENGTH - length;
  demand(
    padding >= MIN_PADDING && padding <= MAX_PADDING,
    "padding",
    () =>
      `Cannot accept a message: it has ${padding} bytes of padding, ` +
      `expected ${MIN_PADDING} to ${MAX_PADDING}`,
  );
  const envelope: Envelope = {
    salt: view.getBigInt64(0, true),
    sessionId: view.getBigInt64(8, true),
    msgId: view.getBigUint64(16, true),
    seqNo: view.getUint32(24, true),
    body: plaintext.subarray(HEADER_LENGTH, HEADER_LENGTH + length),
  };
  // A program may get a view of this buffer, and pass the buffer on.
  plaintext.fill(0, 0, HEADER_LENGTH);
  return envelope;
}
