/**
 * The quick acknowledgment of a packet: a token that the server sends before it reads the messages.
 * https://core.telegram.org/mtproto/mtproto-transports#quick-ack
 */
import { decryptMessage, sha256 } from "../crypto/mod.ts";
import type { AuthKey } from "../mtproto/mod.ts";

/** auth_key_id and msg_key. */
const HEADER_LENGTH = 24;

/** Returns the four bytes for a client's packet; undefined if another key encrypted it. */
export function quickAckToken(packet: Uint8Array, authKey: AuthKey): Uint8Array | undefined {
  const padding = (packet.length - HEADER_LENGTH) % 16; // of the transport
  const length = packet.length - padding;
  const plaintext = decryptMessage(authKey.bytes, packet.subarray(0, length), "client");
  if (plaintext === undefined) return undefined;
  // msg_key is the middle of this hash; the token is its first 32 bits, with the highest bit set.
  const token = sha256(authKey.bytes.subarray(88, 120), plaintext).slice(0, 4);
  token[3] |= 0x80;
  return token;
}
