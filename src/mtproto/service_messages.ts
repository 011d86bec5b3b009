/**
 * The service messages of a client: those that wait, and those that went out and may still be refused or answered.
 * https://core.telegram.org/mtproto/service_messages_about_messages
 * Acknowledgments are collected here until a packet goes out anyway.
 */
import { mtprotoSchema, type TlObject } from "../tl/mod.ts";
import type { Message } from "./container.ts";
import type { EncryptedSession } from "./encrypted_session.ts";
import { forgetOldest } from "./forget_oldest.ts";
import { asLong } from "./msg_id.ts";

interface ServiceMessage {
  readonly object: TlObject;
  /** How often the server refused it. */
  readonly refusals: number;
}

const MAX_ACKS = 8192;
const MAX_SENT = 256;
const MAX_REFUSALS = 5;

/** Service messages on their way out. */
export class ServiceMessages {
  readonly #sent = new Map<bigint, ServiceMessage>();
  #queue: ServiceMessage[] = [];
  #acks: bigint[] = [];

  /** How many wait to be sent, without acknowledgments. */
  get length(): number {
    return this.#queue.length;
  }

  /** How many received messages wait to be acknowledged. */
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

  /** Queues requests of `name` about many messages: as many requests as it takes. */
  pushAbout(name: "msgs_state_req" | "msgs_ack", msgIds: readonly bigint[]): void {
    for (let start = 0; start < msgIds.length; start += MAX_ACKS) {
      this.push({ _: name, msgIds: msgIds.slice(start, start + MAX_ACKS).map(asLong) });
    }
  }

  /** All that waits, acknowledgments included, as messages of `session`. */
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

  /** Whether a message went out under this msg_id that may still be refused or answered. */
  wasSent(msgId: bigint): boolean {
    return this.#sent.has(msgId);
  }

  /** The server answered the message of this msg_id: gives the message, if it is one of these. */
  answered(msgId: bigint): TlObject | undefined {
    const sent = this.#sent.get(msgId);
    this.#sent.delete(msgId);
    return sent?.object;
  }

  /** The server refused the message of this msg_id: queues it again, or gives it back if that was tried often enough. */
  refused(msgId: bigint): TlObject | undefined {
    const sent = this.#sent.get(msgId);
    if (sent === undefined) return undefined;
    this.#sent.delete(msgId);
    if (sent.refusals >= MAX_REFUSALS) return sent.object;
    this.#queue.push({ object: sent.object, refusals: sent.refusals + 1 });
    return undefined;
  }

  /** What was asked on a connection that is gone gets no answer any more. */
  reconnected(): void {
    this.#sent.clear();
    this.#queue = this.#queue.filter(({ object }) => object._ !== "msgs_state_req");
  }

  /** Forgets all: the messages were about a session that was left. */
  clear(): void {
    this.#sent.clear();
    this.#queue = [];
    this.#acks = [];
  }
}
