/**
 * Handles the service messages about the state of messages: which of the server's messages we have,
 * and which of ours the server has.
 * https://core.telegram.org/mtproto/service_messages_about_messages
 * Our own acknowledgments are elsewhere: client_session.ts decides on them, service_messages.ts
 * collects them.
 */
import type { TlObject } from "../tl/mod.ts";
import type { EncryptedSession } from "./encrypted_session.ts";
import { asLong, asMsgId } from "./msg_id.ts";
import type { Outbox } from "./outbox.ts";
import { MESSAGE_STATE } from "./received_ids.ts";

/** The received messages (session) and the sent ones (outbox) of a client. */
export interface Correspondence {
  readonly session: EncryptedSession;
  readonly outbox: Outbox;
}

/** Handles a service message about messages, received with `msgId`. Ignores any other message. */
export function handleMessageState(object: TlObject, msgId: bigint, ours: Correspondence): void {
  switch (object._) {
    case "msgs_state_req":
      return tellState(msgId, object.msgIds as bigint[], ours);
    case "msgs_state_info":
      return stateInfo(object, ours);
    case "msg_resend_req":
      return resendRequested(msgId, object.msgIds as bigint[], ours);
    case "msgs_ack":
      return ours.outbox.received((object.msgIds as bigint[]).map(asMsgId));
    case "msg_detailed_info":
      ours.outbox.received([asMsgId(object.msgId)]);
      return detailedInfo(asMsgId(object.answerMsgId), ours);
    case "msg_new_detailed_info":
      return detailedInfo(asMsgId(object.answerMsgId), ours);
  }
}

function tellState(
  reqMsgId: bigint,
  msgIds: readonly bigint[],
  { session, outbox }: Correspondence,
): void {
  const info = Uint8Array.from(msgIds, (id) => session.stateOf(asMsgId(id)));
  outbox.push({ _: "msgs_state_info", reqMsgId: asLong(reqMsgId), info });
}

/** Handles the answer to our question about calls: sends those again that the server lacks. */
function stateInfo(answer: TlObject, { outbox }: Correspondence): void {
  const request = outbox.serviceAnswered(asMsgId(answer.reqMsgId));
  if (request?._ !== "msgs_state_req") return;
  const info = answer.info as Uint8Array;
  const asked = (request.msgIds as bigint[]).map(asMsgId);
  const { received, notReceived, notYetReceived } = MESSAGE_STATE;
  const known = [received, notReceived, notYetReceived] as readonly number[];
  const inState = (isMeant: (state: number) => boolean): bigint[] =>
    asked.filter((_, index) => isMeant(info[index] & 7));
  const lacks = inState((state) => state === notReceived || state === notYetReceived);
  outbox.received(inState((state) => state === received));
  outbox.resend(lacks);
  // The server may have carried these out, and forgotten it.
  outbox.resend(inState((state) => !known.includes(state)), true);
}

/**
 * Sends calls again. For a msg_id that is not a call in flight, tells the server which of its own
 * messages we have.
 */
function resendRequested(
  reqMsgId: bigint,
  msgIds: readonly bigint[],
  ours: Correspondence,
): void {
  const resent = msgIds.map((msgId) => ours.outbox.resend([asMsgId(msgId)]));
  if (resent.includes(0)) tellState(reqMsgId, msgIds, ours);
}

/** Handles the notice of an answer: asks for it, or acknowledges it if we have it. */
function detailedInfo(answerMsgId: bigint, { session, outbox }: Correspondence): void {
  if (session.stateOf(answerMsgId) === MESSAGE_STATE.received) outbox.acknowledge(answerMsgId);
  else outbox.push({ _: "msg_resend_req", msgIds: [asLong(answerMsgId)] });
}
