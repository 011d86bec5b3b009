/**
 * The service messages of a client that wait to be sent, or were sent and may be refused or
 * answered.
 * https://core.telegram.org/mtproto/service_messages_about_messages
 * It collects acknowledgments until the next packet.
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
}

const MAX_ACKS = 8192;
const MAX_SENT = 256;
const MAX_REFUSALS = 5;

/** The service messages that a client sends. */
export class ServiceMessages {
  readonly #sent = new Map<bigint, ServiceMessage>();
  #queue: ServiceMessage[] = [];
  #acks: bigint[] = [];

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
    this.#queue.push({ object, refusals: 0 });
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
      const contentRelated = service.object._ === "rpc_drop_answer";
      const body = mtprotoSchema().encode(service.object);
      const message = session.compose(body, { now, contentRelated });
      this.#sent.set(message.msgId, service);
      forgetOldest(this.#sent, MAX_SENT);
      return message;
    });
  }

  /** Returns whether the message with this msg_id may still be refused or answered. */
  wasSent(msgId: bigint): boolean {
    return this.#sent.has(msgId);
  }

  /** Ends the message with this msg_id, which was answered. Returns it, if it is known. */
  answered(msgId: bigint): TlObject | undefined {
    const sent = this.#sent.get(msgId);
    this.#sent.delete(msgId);
    return sent?.object;
  }

  /** Queues the refused message with this msg_id again; returns it if it was refused too often. */
  refused(msgId: bigint): TlObject | undefined {
    const sent = this.#sent.get(msgId);
    if (sent === undefined) return undefined;
    this.#sent.delete(msgId);
    if (sent.refusals >= MAX_REFUSALS) return sent.object;
    this.#queue.push({ object: sent.object, refusals: sent.refusals + 1 });
    return undefined;
  }

  /** Forgets sent messages and questions: their answers are lost with the old connection. */
  reconnected(): void {
    this.#sent.clear();
    this.#queue = this.#queue.filter(({ object }) => object._ !== "msgs_state_req");
  }

  /** Forgets everything: the messages belong to a former session. */
  clear(): void {
    this.#sent.clear();
    this.#queue = [];
    this.#acks = [];
  }
}
