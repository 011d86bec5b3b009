/**
 * The token by which a server acknowledges a packet before it has looked into the messages.
 * https://core.telegram.org/mtproto/mtproto-transports#quick-ack
 */
import { decryptMessage, sha256 } from "../crypto/mod.ts";
import type { AuthKey } from "../mtproto/mod.ts";

const ENCRYPTED_OVERHEAD = 24; // auth_key_id, msg_key

/** The four bytes for a client's packet; undefined if it is not encrypted with this key. */
export function quickAckToken(packet: Uint8Array, authKey: AuthKey): Uint8Array | undefined {
  const length = packet.length - (packet.length - ENCRYPTED_OVERHEAD) % 16; // without a transport's padding
  const plaintext = decryptMessage(authKey.bytes, packet.subarray(0, length), "client");
  if (plaintext === undefined) return undefined;
  // The hash that msg_key is the middle of, its first 32 bits with the highest of them set.
  const token = sha256(authKey.bytes.subarray(88, 120), plaintext).slice(0, 4);
  token[3] |= 0x80;
  return token;
}
