/**
 * Handmade encrypted messages: a test can break exactly one field.
 */
import { concatBytes, encryptMessage, type Side } from "../../src/crypto/mod.ts";
import {
  AuthKey,
  ClientSession,
  type ClientSessionOptions,
  type Message,
  msgIdAt,
} from "../../src/mtproto/mod.ts";
import { mtprotoSchema, type TlObject } from "../../src/tl/mod.ts";
import { seededRandom } from "./seeded_random.ts";

/** The time of these tests, milliseconds since 1970. */
export const NOW = 1_700_000_000_000;
/** The key of these tests. */
export const AUTH_KEY = new AuthKey(seededRandom(256)(256));

/** The fields and the padding of an encrypted message. */
export interface HandSealed {
  readonly salt?: bigint;
  readonly sessionId: bigint;
  readonly msgId?: bigint;
  readonly seqNo?: number;
  readonly body?: Uint8Array;
  /** A false message_data_length. */
  readonly length?: number;
  /** The length of the padding, bytes; by default 12, rounded up to whole blocks. */
  readonly padding?: number;
  readonly sender?: Side;
  readonly authKey?: AuthKey;
}

/** Encrypts the message, valid or not. */
export function sealByHand(message: HandSealed): Uint8Array {
  const { body = encode({ _: "pong", msgId: 1n, pingId: 2n }), sender = "server" } = message;
  const header = new Uint8Array(32);
  const view = new DataView(header.buffer);
  view.setBigInt64(0, message.salt ?? 0n, true);
  view.setBigInt64(8, message.sessionId, true);
  view.setBigUint64(16, message.msgId ?? idAt(0), true);
  view.setUint32(24, message.seqNo ?? 0, true);
  view.setUint32(28, message.length ?? body.length, true);
  const padding = message.padding ?? 12 + (-(32 + body.length + 12) & 15);
  const plaintext = concatBytes(header, body, seededRandom(padding + 1)(padding));
  return encryptMessage((message.authKey ?? AUTH_KEY).bytes, plaintext, sender);
}

/** Serialises a service message. */
export function encode(object: TlObject): Uint8Array {
  return mtprotoSchema().encode(object);
}

/** Returns a server's msg_id `seconds` after now. */
export function idAt(seconds: number, lowBits = 1): bigint {
  return msgIdAt(NOW + seconds * 1000) | BigInt(lowBits);
}

/** Makes a container; its count and lengths may be false. */
export function containerByHand(
  parts: ReadonlyArray<Message & { readonly length?: number }>,
  lies: { count?: number; trailing?: number } = {},
): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0x73f1f8dc, true);
  view.setUint32(4, lies.count ?? parts.length, true);
  const messages = parts.map(({ msgId, seqNo, body, length }) => {
    const header = new Uint8Array(16);
    const view = new DataView(header.buffer);
    view.setBigUint64(0, msgId, true);
    view.setUint32(8, seqNo, true);
    view.setUint32(12, length ?? body.length, true);
    return concatBytes(header, body);
  });
  return concatBytes(head, ...messages, new Uint8Array(lies.trailing ?? 0));
}

/** Makes a client's session that is synchronized. */
export function clientSession(
  options: Partial<ClientSessionOptions> & { seed?: number } = {},
): ClientSession {
  return new ClientSession({
    authKey: AUTH_KEY,
    random: seededRandom(options.seed ?? 3),
    synchronized: true,
    ...options,
  });
}
