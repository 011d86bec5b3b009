/**
 * The messages of a client that wait to be sent, or were sent and may be refused: calls, service
 * messages, acknowledgments. https://core.telegram.org/mtproto/service_messages#containers
 * client_session.ts reads the server's messages and calls these methods. The life of a call is:
 *
 * | state       | event                                   | next state  | what is sent           |
 * | ----------- | --------------------------------------- | ----------- | ---------------------- |
 * | -           | `call()`                                | queued      |                        |
 * | queued      | `pack()`                                | in flight   | the call, a new msg_id |
 * | queued      | an answer to an earlier msg_id          | answered    |                        |
 * | queued      | `drop()`, never sent                    | dropped     |                        |
 * | queued      | `drop()`, sent before                   | dropped     | rpc_drop_answer        |
 * | in flight   | an answer to any of its msg_ids         | answered    |                        |
 * | in flight   | `refused()`, at most 5 times            | queued      |                        |
 * | in flight   | `refused()` for the 6th time            | given up    |                        |
 * | in flight   | `resend()`: msg_resend_req              | queued      |                        |
 * | in flight   | `resendBefore()`: new_session_created   | queued      |                        |
 * | in flight   | `restart()`                             | queued      |                        |
 * | in flight   | `drop()`                                | dropped     | rpc_drop_answer        |
 * | in flight   | `askAboutCalls()`, after a reconnection | asked about | msgs_state_req         |
 * | asked about | msgs_state_info: the server has it      | in flight   |                        |
 * | asked about | msgs_state_info: the server lacks it    | queued      |                        |
 * | asked about | no answer to the question (see below)   | queued      |                        |
 * | asked about | `askAboutCalls()`, after a reconnection | asked about | a new msgs_state_req   |
 *
 * A call asked about is also in flight: all events of that state apply to it. A refusal is
 * bad_server_salt or bad_msg_notification. A refusal, a msg_resend_req and the msgs_state_info
 * count only for the call's last msg_id, or for its container. There is no answer to the question
 * if the server refuses it 6 times, or answers it with an rpc_result, like an unknown method.
 * Answered, dropped and given up are final: the call is forgotten.
 */
import type { TlObject } from "../tl/mod.ts";
import {
  MAX_CONTAINER_BYTES,
  MAX_CONTAINER_MESSAGES,
  type Message,
  sizeInContainer,
  takeContainer,
} from "./container.ts";
import type { EncryptedSession } from "./encrypted_session.ts";
import { forgetOldest } from "./forget_oldest.ts";
import { asLong, asMsgId } from "./msg_id.ts";
import { type PendingCall, PendingCalls } from "./pending_calls.ts";
import { ServiceMessages } from "./service_messages.ts";

const MAX_SENT_IDS = 1000;
const MAX_REFUSALS = 5;

/** The messages that a client sends. */
export class Outbox {
  readonly #calls = new PendingCalls();
  readonly #service = new ServiceMessages();
  /** The msg_ids of the last packets: a notice about one of them is newer than the packet. */
  readonly #sentIds = new Set<bigint>();

  /** Whether calls or service messages wait to be sent at once. */
  get waits(): boolean {
    return this.#calls.queueLength > 0 || this.#service.length > 0;
  }

  /** The number of calls that were sent and have no answer. */
  get callsInFlight(): number {
    return this.#calls.inFlightCount;
  }

  /** The number of received messages to acknowledge. */
  get ackCount(): number {
    return this.#service.ackCount;
  }

  /** Queues a serialised method call. Returns its number. */
  call(body: Uint8Array): number {
    return this.#calls.add(body);
  }

  /** Forgets a call. If it was sent, tells the server to drop the answer. */
  drop(callId: number): void {
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    const msgId = call.msgIds.at(-1);
    this.#calls.remove(call);
    if (msgId !== undefined) this.#service.push({ _: "rpc_drop_answer", reqMsgId: asLong(msgId) });
  }

  /**
   * Ends the call that was once sent with this msg_id. Returns its number; undefined if unknown.
   */
  answered(msgId: bigint): number | undefined {
    const call = this.#calls.byMsgId(msgId);
    if (call !== undefined) this.#calls.remove(call);
    return call?.id;
  }

  /** Queues a service message. */
  push(object: TlObject): void {
    this.#service.push(object);
  }

  /** Queues the acknowledgment of a received message. */
  acknowledge(msgId: bigint): void {
    this.#service.acknowledge(msgId);
  }

  /** Ends the service message with this msg_id, which was answered. Returns it, if it is known. */
  serviceAnswered(msgId: bigint): TlObject | undefined {
    return this.#service.answered(msgId);
  }

  /**
   * Ends the service message with this msg_id, which has an rpc_result: an error, or the outcome of
   * rpc_drop_answer.
   */
  serviceAnsweredAsMethod(msgId: bigint): void {
    this.#withoutState(this.#service.answered(msgId));
  }

  /** Returns whether a recent packet, a call or an open service message has this msg_id. */
  wasSent(msgId: bigint): boolean {
    return this.#sentIds.has(msgId) || this.#calls.byMsgId(msgId) !== undefined ||
      this.#service.wasSent(msgId);
  }

  /** Asks the server which of the unanswered calls it has. */
  askAboutCalls(): void {
    this.#service.reconnected();
    const msgIds = this.#calls.inFlight().flatMap((call) => call.msgIds.slice(-1));
    this.#service.pushAbout("msgs_state_req", msgIds);
  }

  /** Begins a new session: forgets the service messages, and sends the calls again. */
  restart(): void {
    this.#service.clear();
    this.#sentIds.clear();
    for (const call of this.#calls.inFlight()) this.#calls.requeue(call);
  }

  /** Sends the calls again whose last msg_id is one of these. Returns their number. */
  resend(msgIds: readonly bigint[]): number {
    const calls = msgIds.flatMap((msgId) => this.#calls.currentlySentAs(msgId));
    for (const call of calls) this.#calls.requeue(call);
    return calls.length;
  }

  /** Sends the calls again whose last packet has a lower msg_id than this. */
  resendBefore(firstMsgId: bigint): void {
    for (const call of this.#calls.inFlight()) {
      if (call.packetMsgId < firstMsgId) this.#calls.requeue(call);
    }
  }

  /**
   * Sends the refused message with this msg_id again, or all messages of the refused container.
   *
   * @returns the numbers of the calls that were refused too often, which are given up
   */
  refused(msgId: bigint): number[] {
    for (const part of this.#calls.partsOf(msgId)) {
      this.#withoutState(this.#service.refused(part));
    }
    const givenUp: PendingCall[] = [];
    for (const call of this.#calls.currentlySentAs(msgId)) {
      if (++call.refusals <= MAX_REFUSALS) this.#calls.requeue(call);
      else givenUp.push(call);
    }
    for (const call of givenUp) this.#calls.remove(call);
    return givenUp.map((call) => call.id);
  }

  /** Without an answer about the calls, sends them again: twice is better than never. */
  #withoutState(request: TlObject | undefined): void {
    if (request?._ === "msgs_state_req") this.resend((request.msgIds as bigint[]).map(asMsgId));
  }

  /** Returns the waiting messages as encrypted packets; each is a container or a message. */
  pack(session: EncryptedSession, now: number): Uint8Array[] {
    const packets: Uint8Array[] = [];
    const service = this.#service.compose(session, now);
    while (service.length > 0 || this.#calls.queueLength > 0) {
      const messages = this.#addCalls(takeContainer(service), session, now);
      packets.push(this.#seal(messages, session, now));
    }
    return packets;
  }

  /**
   * Adds queued calls that fit into one container. A call that fits into no container goes alone.
   */
  #addCalls(messages: Message[], session: EncryptedSession, now: number): Message[] {
    let size = messages.reduce((sum, message) => sum + sizeInContainer(message.body), 0);
    let count = messages.length;
    const calls = this.#calls.take((call) => {
      size += sizeInContainer(call.body);
      return ++count === 1 || (count <= MAX_CONTAINER_MESSAGES && size <= MAX_CONTAINER_BYTES);
    });
    for (const call of calls) {
      const message = session.compose(call.body, { now, contentRelated: true });
      this.#calls.sent(call, message.msgId);
      messages.push(message);
    }
    return messages;
  }

  #seal(messages: readonly Message[], session: EncryptedSession, now: number): Uint8Array {
    const [message] = messages.length === 1
      ? messages
      : [session.composeContainer(messages, { now })];
    if (messages.length > 1) {
      this.#calls.sentTogether(message.msgId, messages.map(({ msgId }) => msgId));
    }
    this.#sentIds.add(message.msgId);
    forgetOldest(this.#sentIds, MAX_SENT_IDS);
    return session.seal(message);
  }
}
