/**
 * All of a client that waits to go out, or went out and may still be refused: calls, service messages, acknowledgments.
 * https://core.telegram.org/mtproto/service_messages#containers
 * What to send again is decided by what the server says, in client_session.ts; how, is decided here.
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

/** What goes out of a session. */
export class Outbox {
  readonly #calls = new PendingCalls();
  readonly #service = new ServiceMessages();
  /** The msg_ids of the last packets: a notice that names one of them was made after it was sent. */
  readonly #sentIds = new Set<bigint>();

  /** Whether something waits that should be sent at once: calls or service messages. */
  get waits(): boolean {
    return this.#calls.queueLength > 0 || this.#service.length > 0;
  }

  /** How many received messages wait to be acknowledged. */
  get ackCount(): number {
    return this.#service.ackCount;
  }

  /** Queues a serialised method call and gives its number. */
  call(body: Uint8Array): number {
    return this.#calls.add(body);
  }

  /** Forgets a call; if it is on its way, tells the server to drop the answer. */
  drop(callId: number): void {
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    const msgId = call.msgIds.at(-1);
    this.#calls.remove(call);
    if (msgId !== undefined) this.#service.push({ _: "rpc_drop_answer", reqMsgId: asLong(msgId) });
  }

  /** The call that was once sent under this msg_id has its answer: gives its number, if it was still waited for. */
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

  /** The service message of this msg_id was answered: gives what it was. */
  serviceAnswered(msgId: bigint): TlObject | undefined {
    return this.#service.answered(msgId);
  }

  /**
   * The service message of this msg_id was answered as a method is: by an error, or, if it was to drop an answer, by what became of
   * that one.
   */
  serviceAnsweredAsMethod(msgId: bigint): void {
    this.#withoutState(this.#service.answered(msgId));
  }

  /** Whether one of the last packets went out under this msg_id, or something in them that may still be refused or answered. */
  wasSent(msgId: bigint): boolean {
    return this.#sentIds.has(msgId) || this.#calls.byMsgId(msgId) !== undefined ||
      this.#service.wasSent(msgId);
  }

  /** Queues the question which of the unanswered calls the server has. */
  askAboutCalls(): void {
    this.#service.reconnected();
    const msgIds = this.#calls.inFlight().flatMap((call) => call.msgIds.slice(-1));
    this.#service.pushAbout("msgs_state_req", msgIds);
  }

  /** The session was left: its service messages are void, its calls go out again. */
  restart(): void {
    this.#service.clear();
    this.#sentIds.clear();
    for (const call of this.#calls.inFlight()) this.#calls.requeue(call);
  }

  /** Sends the calls again that are still on their way under these msg_ids; says how many there were. */
  resend(msgIds: readonly bigint[]): number {
    const calls = msgIds.flatMap((msgId) => this.#calls.currentlySentAs(msgId));
    for (const call of calls) this.#calls.requeue(call);
    return calls.length;
  }

  /** Sends the calls again whose packets are older than this msg_id, be it that of a container or of a message in it. */
  resendBefore(firstMsgId: bigint): void {
    for (const call of this.#calls.inFlight()) {
      if (call.packetMsgId < firstMsgId) this.#calls.requeue(call);
    }
  }

  /**
   * The server refused the message, or all messages of the container, of this msg_id: they are sent again. What was refused too
   * often is not: gives the numbers of such calls.
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

  /** Without an answer about the calls, they are sent again: better twice than never. */
  #withoutState(request: TlObject | undefined): void {
    if (request?._ === "msgs_state_req") this.resend((request.msgIds as bigint[]).map(asMsgId));
  }

  /** All that waits, as encrypted packets of `session`: one for each container, or for a message alone. */
  pack(session: EncryptedSession, now: number): Uint8Array[] {
    const packets: Uint8Array[] = [];
    const service = this.#service.compose(session, now);
    while (service.length > 0 || this.#calls.queueLength > 0) {
      const messages = this.#addCalls(takeContainer(service), session, now);
      packets.push(this.#seal(messages, session, now));
    }
    return packets;
  }

  /** Adds queued calls to `messages` as long as they fit into one container; one that fits into none goes alone. */
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
