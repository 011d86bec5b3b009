/**
 * Reads a message of the server: the answer to a call, a service message, or an update.
 * https://core.telegram.org/mtproto/service_messages
 *
 * A malformed service message is not an attack, because the message is authentic. It is ignored: if
 * it closed the connection, the server would send it again on the next one, for ever. A malformed
 * rpc_error is a result, which fails its call when it is decoded.
 */
import { mtprotoSchema, TlError, type TlObject, TlReader } from "../tl/mod.ts";
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
  | { readonly type: "update"; readonly body: Uint8Array }
  /** A message that does not fit the schema, as text for the log. */
  | { readonly type: "oddity"; readonly text: string };

const RPC_RESULT = 0xf35c6d01;
const RPC_ERROR = 0x2144ca19;
const BAD_MSG_NOTIFICATION = 0xa7eff811;
const BAD_SERVER_SALT = 0xedab447b;
const PONG = 0x347773c5;
/** Messages that begin with the msg_id of the message that they are about. */
const ANSWERS = [RPC_RESULT, BAD_MSG_NOTIFICATION, BAD_SERVER_SALT, PONG];
/** The bytes up to the end of that msg_id. */
const ABOUT_LENGTH = 12;

/**
 * Reads an unpacked message.
 *
 * @throws {SecurityError} if a result in gzip_packed is damaged or too long
 */
export function readServerMessage({ msgId, body }: Message, unpacker: Unpacker): ServerMessage {
  const id = constructorId(body);
  if (id === RPC_RESULT && body.length >= ABOUT_LENGTH) return readAnswer(body, unpacker);
  if (id === undefined || !mtprotoSchema().hasId(id)) return { type: "update", body };
  const object = decode(body);
  if (object instanceof TlError) {
    return { type: "oddity", text: `Cannot read a message of the server: ${object.message}` };
  }
  return { type: "service", object, msgId };
}

/** Returns the error, if the bytes do not fit the schema. */
function decode(body: Uint8Array): TlObject | TlError {
  try {
    return mtprotoSchema().decode(body) as TlObject;
  } catch (error) {
    if (error instanceof TlError) return error;
    throw error;
  }
}

function readAnswer(body: Uint8Array, unpacker: Unpacker): ServerMessage {
  const reader = new TlReader(body);
  reader.uint32();
  const reqMsgId = asMsgId(reader.int64());
  const result = unpacker.object(body.subarray(reader.position));
  const error = constructorId(result) === RPC_ERROR ? decode(result) : undefined;
  return error === undefined || error instanceof TlError
    ? { type: "answer", reqMsgId, result }
    : { type: "answer", reqMsgId, result, error };
}

/**
 * Returns the msg_id of the message that an unpacked one is about; undefined if it is about none.
 */
export function subjectOf(body: Uint8Array): bigint | undefined {
  const id = constructorId(body);
  if (id === undefined || !ANSWERS.includes(id) || body.length < ABOUT_LENGTH) return undefined;
  const reader = new TlReader(body);
  reader.uint32();
  return asMsgId(reader.int64());
}
