/**
 * Reads a message of the server: the answer to a call, a service message, or an update.
 * https://core.telegram.org/mtproto/service_messages
 * It changes nothing, so that a malformed message leaves no trace in the session.
 */
import { mtprotoSchema, type TlObject, TlReader } from "../tl/mod.ts";
import { constructorId, type Message } from "./container.ts";
import { asMsgId } from "./msg_id.ts";
import type { Unpacker } from "./unpacker.ts";

/** A message of the server. */
export type ServerMessage =
  | {
    readonly type: "answer";
    /** The msg_id of the call. */
    readonly reqMsgId: bigint;
    /** The serialised result. */
    readonly result: Uint8Array;
    /** The `rpc_error`, if the result is one. */
    readonly error?: TlObject;
  }
  | { readonly type: "service"; readonly object: TlObject; readonly msgId: bigint }
  | { readonly type: "update"; readonly body: Uint8Array };

const RPC_RESULT = 0xf35c6d01;
const RPC_ERROR = 0x2144ca19;
const BAD_MSG_NOTIFICATION = 0xa7eff811;
const BAD_SERVER_SALT = 0xedab447b;
const PONG = 0x347773c5;
/** Messages that begin with the msg_id of the message that they are about. */
const ANSWERS = [RPC_RESULT, BAD_MSG_NOTIFICATION, BAD_SERVER_SALT, PONG];

/**
 * Reads an unpacked message.
 *
 * @throws {SecurityError} if a result in gzip_packed is damaged or too long
 * @throws {TlError} if the message does not fit the schema
 */
export function readServerMessage({ msgId, body }: Message, unpacker: Unpacker): ServerMessage {
  const id = constructorId(body);
  if (id === RPC_RESULT) return readAnswer(body, unpacker);
  if (id === undefined || !mtprotoSchema().hasId(id)) return { type: "update", body };
  return { type: "service", object: mtprotoSchema().decode(body) as TlObject, msgId };
}

function readAnswer(body: Uint8Array, unpacker: Unpacker): ServerMessage {
  const reader = new TlReader(body);
  reader.uint32();
  const reqMsgId = asMsgId(reader.int64());
  const result = unpacker.object(body.subarray(reader.position));
  const error = constructorId(result) === RPC_ERROR
    ? mtprotoSchema().decode(result) as TlObject
    : undefined;
  return { type: "answer", reqMsgId, result, error };
}

/**
 * Returns the msg_id of the message that an unpacked one is about; undefined if it is about none.
 */
export function subjectOf(body: Uint8Array): bigint | undefined {
  const id = constructorId(body);
  if (id === undefined || !ANSWERS.includes(id) || body.length < 12) return undefined;
  const reader = new TlReader(body);
  reader.uint32();
  return asMsgId(reader.int64());
}
