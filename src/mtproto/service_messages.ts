/**
 * The service messages of a client that wait to be sent, or were sent and may be refused or
 * answered.
 * https://core.telegram.org/mtproto/service_messages_about_messages
 * It collects acknowledgments until the next packet. It remembers a question about calls
 * (msgs_state_req) until its answer, some of the other messages, and the last acknowledgment, which
 * is sent again if the server refuses its salt.
 */
import { mtprotoSchema, type TlObject } from "../tl/mod.ts";
import type { Message } from "./container.ts";
import type { EncryptedSession } from "./encrypted_session.ts";
import { forgetOldest } from "./forget_oldest.ts";
import { asLong } from "./msg_id.ts";

interface ServiceMessage {
  readonly object: TlObject;
  /** How often the server refused the message. */
  readonly refusals: number;
  /** The msg_id of its packet: its own or that of a container. */
  packetMsgId: bigint;
}

const MAX_ACKS = 8192;
/** The most sent messages that are remembered, without the questions about calls. */
const MAX_SENT = 256;
const MAX_REFUSALS = 5;
/** A message that may be lost: the server asks again. */
const NOT_REMEMBERED = "msgs_state_info";

/** Returns a service message as one of `session`. */
export function composeService(session: EncryptedSession, object: TlObject, now: number): Message {
  const contentRelated = object._ === "rpc_drop_answer";
  return session.compose(mtprotoSchema().encode(object), { now, contentRelated });
}

/** The service messages that a client sends. */
export class ServiceMessages {
  readonly #questions = new Map<bigint, ServiceMessage>();
  readonly #others = new Map<bigint, ServiceMessage>();
  #queue: ServiceMessage[] = [];
  #acks: bigint[] = [];
  /** The acknowledgment that was sent last, and its msg_id. */
  #lastAck: [bigint, ServiceMessage] | undefined;

  /** The number of messages to send, without acknowledgments. */
  get length(): number {
    return this.#queue.length;
  }

  /** The number of received messages to acknowledge. */
  get ackCount(): number {
    return this.#acks.length;
  }

  /** Queues a message. */
  push(object: TlObject): void {
    this.#queue.push({ object, refusals: 0, packetMsgId: 0n });
  }

  /** Queues the acknowledgment of a received message. */
  acknowledge(msgId: bigint): void {
    this.#acks.push(msgId);
  }

  /** Queues one or more messages of the type `name` about these msg_ids. */
  pushAbout(name: "msgs_state_req" | "msgs_ack", msgIds: readonly bigint[]): void {
    for (let start = 0; start < msgIds.length; start += MAX_ACKS) {
      this.push({ _: name, msgIds: msgIds.slice(start, start + MAX_ACKS).map(asLong) });
    }
  }

  /** Takes all waiting messages and acknowledgments. Returns them as messages of `session`. */
  compose(session: EncryptedSession, now: number): Message[] {
    this.pushAbout("msgs_ack", this.#acks.splice(0));
    return this.#queue.splice(0).map((service) => {
      const message = composeService(session, service.object, now);
      this.#remember(message.msgId, service);
      return message;
    });
  }

  /** Stores the messages of a container: a refusal of the container refuses all of them. */
  sentTogether(containerMsgId: bigint, messages: readonly Message[]): void {
    for (const { msgId } of messages) {
      const sent = this.#sent(msgId);
      if (sent !== undefined) sent.packetMsgId = containerMsgId;
    }
  }

  /** Returns whether the message or container with this msg_id may still be refused or answered. */
  wasSent(msgId: bigint): boolean {
    return this.#sentAs(msgId).length > 0;
  }

  /** Ends the message with this msg_id, which was answered. Returns it, if it is known. */
  answered(msgId: bigint): TlObject | undefined {
    const sent = this.#sent(msgId);
    this.#forget(msgId);
    return sent?.object;
  }

  /**
   * Queues the refused message with this msg_id again, or all messages of the refused container.
   *
   * @returns the messages that were refused too often, which are given up
   */
  refused(msgId: bigint): TlObject[] {
    const givenUp: TlObject[] = [];
    for (const [id, { object, refusals }] of this.#sentAs(msgId)) {
      this.#forget(id);
      if (refusals >= MAX_REFUSALS) givenUp.push(object);
      else this.#queue.push({ object, refusals: refusals + 1, packetMsgId: 0n });
    }
    return givenUp;
  }

  /** Asks the questions again that were sent before this msg_id. */
  askAgain(before: bigint): void {
    for (const [msgId, { object }] of this.#questions) {
      if (msgId >= before) continue;
      this.#questions.delete(msgId);
      this.push(object);
    }
  }

  /** Forgets sent messages and questions: their answers are lost with the old connection. */
  reconnected(): void {
    this.#questions.clear();
    this.#others.clear();
    this.#lastAck = undefined;
    this.#queue = this.#queue.filter(({ object }) => object._ !== "msgs_state_req");
  }

  /** Forgets everything: the messages belong to a former session. */
  clear(): void {
    this.#questions.clear();
    this.#others.clear();
    this.#lastAck = undefined;
    this.#queue = [];
    this.#acks = [];
  }

  #remember(msgId: bigint, service: ServiceMessage): void {
    const { _ } = service.object;
    if (_ === NOT_REMEMBERED) return;
    service.packetMsgId = msgId;
    if (_ === "msgs_ack") this.#lastAck = [msgId, service];
    else if (_ === "msgs_state_req") this.#questions.set(msgId, service);
    else this.#others.set(msgId, service);
    forgetOldest(this.#others, MAX_SENT);
  }

  #forget(msgId: bigint): void {
    this.#questions.delete(msgId);
    this.#others.delete(msgId);
    if (this.#lastAck?.[0] === msgId) this.#lastAck = undefined;
  }

  #sent(msgId: bigint): ServiceMessage | undefined {
    if (this.#lastAck?.[0] === msgId) return this.#lastAck[1];
    return this.#questions.get(msgId) ?? this.#others.get(msgId);
  }

  /** Returns the message with this msg_id, or the messages of the container with this msg_id. */
  #sentAs(msgId: bigint): [bigint, ServiceMessage][] {
    const acks = this.#lastAck === undefined ? [] : [this.#lastAck];
    return [...this.#questions, ...this.#others, ...acks].filter(([id, { packetMsgId }]) =>
      id === msgId || packetMsgId === msgId
    );
  }
}
