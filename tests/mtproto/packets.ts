/**
 * The packets of a client's session opened, and answers of a server made by hand.
 */
import {
  asLong,
  type ClientEvent,
  type ClientSession,
  constructorId,
  type Envelope,
  type Message,
  MSG_CONTAINER,
  openEnvelope,
  unpackContainer,
} from "../../src/mtproto/mod.ts";
import { concatBytes } from "../../src/crypto/mod.ts";
import { mtprotoSchema, type TlObject } from "../../src/tl/mod.ts";
import { AUTH_KEY, clientSession, encode, idAt, NOW, sealByHand } from "../helpers/hand_sealed.ts";

/** A call. */
export const BODY = Uint8Array.of(0x11, 0x22, 0x33, 0x44);
/** A result. */
export const RESULT = Uint8Array.of(0x99, 1, 2, 3, 4, 5, 6, 7);

/** Returns the messages of a client's packet, without the container. */
export function open(packet: Uint8Array): { envelope: Envelope; messages: Message[] } {
  const envelope = openEnvelope(packet, { authKey: AUTH_KEY, sender: "client" });
  const isContainer = constructorId(envelope.body) === MSG_CONTAINER;
  return { envelope, messages: isContainer ? unpackContainer(envelope.body) : [envelope] };
}

/** Returns the names of service messages, and "call" for calls. */
export function names(packets: readonly Uint8Array[]): string[][] {
  return packets.map((packet) =>
    open(packet).messages.map(({ body }) =>
      mtprotoSchema().nameOf(constructorId(body) ?? 0) ?? "call"
    )
  );
}

/** Returns the messages of the next packets. */
export function flushed(session: ClientSession, now = NOW): Message[] {
  return session.flush(now).flatMap((packet) => open(packet).messages);
}

/** Returns the messages of the next packets that are {@linkcode BODY}. */
export function flushedCalls(session: ClientSession): Message[] {
  return flushed(session).filter(({ body }) => constructorId(body) === constructorId(BODY));
}

let clock = 0;
let answers = 0;
/** Makes a message of the server, with its own msg_id. */
export function said(session: ClientSession, object: TlObject | Uint8Array, seqNo = 0): Uint8Array {
  const body = object instanceof Uint8Array ? object : encode(object);
  const msgId = idAt(0) + BigInt(4 * ++clock);
  return sealByHand({ sessionId: session.sessionId, msgId, seqNo, body });
}

/** Makes the answer to a call. */
export function rpcResult(reqMsgId: bigint, result: Uint8Array = RESULT): Uint8Array {
  const head = encode({ _: "rpc_result", reqMsgId: asLong(reqMsgId), result: new Uint8Array(0) });
  return concatBytes(head, result);
}

/** Makes a session with one call in flight, and returns the call's msg_id. */
export function withCall(): { session: ClientSession; call: number; msgId: bigint } {
  const session = clientSession({ serverSalt: 5n });
  const call = session.call(BODY);
  const [{ msgId }] = flushed(session);
  return { session, call, msgId };
}

/** Answers a call. Returns the events. */
export function answer(session: ClientSession, msgId: bigint, result?: Uint8Array): ClientEvent[] {
  const packet = said(session, rpcResult(msgId, result), 2 * ++answers - 1);
  return session.receive(packet, NOW);
}

/** Answers a call with an `rpc_error`. Returns the events. */
export function answerError(
  session: ClientSession,
  msgId: bigint,
  errorMessage: string,
): ClientEvent[] {
  return answer(session, msgId, encode({ _: "rpc_error", errorCode: 400, errorMessage }));
}

/** Makes a `bad_msg_notification`. */
export function notice(badMsgId: bigint, errorCode: number): TlObject {
  return { _: "bad_msg_notification", badMsgId: asLong(badMsgId), badMsgSeqno: 1, errorCode };
}

/** Makes the refusal of a salt. */
export function badSalt(badMsgId: bigint, newServerSalt: bigint): TlObject {
  return {
    _: "bad_server_salt",
    badMsgId: asLong(badMsgId),
    badMsgSeqno: 1,
    errorCode: 48,
    newServerSalt,
  };
}

/** One of each service message of a server. */
export function serviceMessages(msgId: bigint): TlObject[] {
  return [
    { _: "pong", msgId, pingId: 7n },
    { _: "bad_server_salt", badMsgId: msgId, badMsgSeqno: 1, errorCode: 48, newServerSalt: 9n },
    { _: "bad_msg_notification", badMsgId: msgId, badMsgSeqno: 1, errorCode: 16 },
    { _: "bad_msg_notification", badMsgId: msgId, badMsgSeqno: 1, errorCode: 32 },
    { _: "bad_msg_notification", badMsgId: msgId, badMsgSeqno: 1, errorCode: 64 },
    { _: "new_session_created", firstMsgId: msgId, uniqueId: 1n, serverSalt: 2n },
    { _: "msgs_ack", msgIds: [msgId] },
    {
      _: "future_salts",
      reqMsgId: msgId,
      now: NOW / 1000,
      salts: [{ _: "future_salt", validSince: 0, validUntil: 0x7fffffff, salt: 3n }],
    },
    { _: "msgs_state_req", msgIds: [msgId, 1n] },
    { _: "msgs_state_info", reqMsgId: msgId, info: Uint8Array.of(1, 4, 255) },
    { _: "msgs_all_info", msgIds: [msgId], info: Uint8Array.of(4) },
    { _: "msg_resend_req", msgIds: [msgId] },
    { _: "msg_detailed_info", msgId, answerMsgId: idAt(0), bytes: 5, status: 0 },
    { _: "msg_new_detailed_info", answerMsgId: idAt(1), bytes: 5, status: 0 },
    { _: "destroy_session_ok", sessionId: 5n },
    {
      _: "rpc_result",
      reqMsgId: msgId,
      result: { _: "rpc_error", errorCode: 400, errorMessage: "X" },
    },
    {
      _: "rpc_result",
      reqMsgId: msgId,
      result: { _: "gzip_packed", packedData: new Uint8Array(30) },
    },
  ];
}
