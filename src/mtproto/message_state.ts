/**
 * What a server asks and tells about messages, heeded by the client: which of its messages have arrived here, and which of ours
 * there. https://core.telegram.org/mtproto/service_messages_about_messages
 * Acknowledgments are not here: service_messages.ts collects them, and client_session.ts says when.
 */
import type { TlObject } from "../tl/mod.ts";
import type { EncryptedSession } from "./encrypted_session.ts";
import { asLong, asMsgId } from "./msg_id.ts";
import type { Outbox } from "./outbox.ts";
import { MESSAGE_STATE } from "./received_ids.ts";

/** What a client has received and sent. */
export interface Correspondence {
  readonly session: EncryptedSession;
  readonly outbox: Outbox;
}

/** Heeds a service message about messages, which came under `msgId`; ignores any other. */
export function handleMessageState(object: TlObject, msgId: bigint, ours: Correspondence): void {
  switch (object._) {
    case "msgs_state_req":
      return tellState(msgId, object.msgIds as bigint[], ours);
    case "msgs_state_info":
      return stateInfo(object, ours);
    case "msg_resend_req":
      return resendRequested(msgId, object.msgIds as bigint[], ours);
    case "msg_detailed_info":
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

/** The answer to our question which calls have arrived: those that have not are sent again. */
function stateInfo(answer: TlObject, { outbox }: Correspondence): void {
  const request = outbox.serviceAnswered(asMsgId(answer.reqMsgId));
  if (request?._ !== "msgs_state_req") return;
  const info = answer.info as Uint8Array;
  const asked = (request.msgIds as bigint[]).map(asMsgId);
  outbox.resend(asked.filter((_, index) => (info[index] & 7) !== MESSAGE_STATE.received));
}

/** Sends again what can be; where something cannot, the server is told which of its own messages have arrived. */
function resendRequested(
  reqMsgId: bigint,
  msgIds: readonly bigint[],
  ours: Correspondence,
): void {
  const resent = msgIds.map((msgId) => ours.outbox.resend([asMsgId(msgId)]));
  if (resent.includes(0)) tellState(reqMsgId, msgIds, ours);
}

/** The server has an answer for us: asks for it, unless it is here already. */
function detailedInfo(answerMsgId: bigint, { session, outbox }: Correspondence): void {
  if (session.stateOf(answerMsgId) === MESSAGE_STATE.received) outbox.acknowledge(answerMsgId);
  else outbox.push({ _: "msg_resend_req", msgIds: [asLong(answerMsgId)] });
}
