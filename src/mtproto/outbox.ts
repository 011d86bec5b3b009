/**
 * The messages of a client that wait to be sent, or were sent and may be refused: calls, service
 * messages, acknowledgments. https://core.telegram.org/mtproto/service_messages#containers
 * client_session.ts reads the server's messages and calls these methods. The life of a call is:
 *
 * | state       | event                                   | next state  | what is sent           |
 * | ----------- | --------------------------------------- | ----------- | ---------------------- |
 * | -           | `call()`                                | queued      |                        |
 * | queued      | `pack()`, in the order of the numbers   | in flight   | the call, a new msg_id |
 * | queued      | an answer to an earlier msg_id          | settled     |                        |
 * | in flight   | an answer to any of its msg_ids         | settled     |                        |
 * | in flight   | `refused()`, at most 5 times            | queued      |                        |
 * | in flight   | `refused()` for the 6th time            | failed      |                        |
 * | in flight   | `resend()`: msg_resend_req              | queued      | the same message again |
 * | in flight   | `resendBefore()`: new_session_created   | queued      | over HTTP, the same    |
 * |             |                                         |             | message again          |
 * | in flight   | `restart()`                             | queued      |                        |
 * | in flight   | `askAboutCalls()`, after a reconnection | asked about | msgs_state_req         |
 * | asked about | msgs_state_info: the server has it      | in flight   |                        |
 * | asked about | msgs_state_info: the server lacks it    | queued      | the same message again |
 * | asked about | no answer to the question (see below)   | queued      |                        |
 * | asked about | `askAboutCalls()`, after a reconnection | asked about | a new msgs_state_req   |
 * | in flight   | invokeAfterMsg failed (see below)       | waiting     |                        |
 * | queued      | `pack()`, its predecessor is asked      | waiting     |                        |
 * |             | about or waits                          |             |                        |
 * | waiting     | its predecessor is sent, received by    | queued      |                        |
 * |             | the server, or ends                     |             |                        |
 * | any         | `drop()`, sent before                   | dropped     | rpc_drop_answer        |
 * | any         | `drop()`, never sent                    | dropped     |                        |
 *
 * A call asked about is also in flight: all events of that state apply to it. A refusal is
 * bad_server_salt or bad_msg_notification. A refusal, a msg_resend_req and the msgs_state_info
 * count only for the call's last msg_id, or for its container. There is no answer to the question
 * if the server refuses it 6 times, or answers it with an rpc_result, like an unknown method.
 * Refusals are counted on one connection.
 *
 * The same message is sent again for 300 s, in the same session: with the same msg_id the server
 * carries it out once, also if an earlier connection delivers it late. The msgs_state_info may be
 * older than that. Later the server takes no earlier copy, and the call gets a new msg_id.
 *
 * An rpc_error fails a call. Failed, settled and dropped are final: the call is forgotten.
 *
 * A call can name a predecessor, which the server must carry out before. The call is packed in
 * invokeAfterMsg, unless the predecessor is settled. That fails if the predecessor is sent again
 * with another msg_id, takes too long, or fails. If it failed, the caller gets the error. Otherwise
 * the call is sent again, at most 5 times. The predecessor of a dropped call takes its place.
 */
import type { TlObject } from "../tl/mod.ts";
import type { CallBody } from "./client_session_options.ts";
import {
  MAX_CONTAINER_BYTES,
  MAX_CONTAINER_MESSAGES,
  type Message,
  sizeInContainer,
  takeContainer,
} from "./container.ts";
import type { HttpWaits, SessionCallOptions } from "./client_session_options.ts";
import type { EncryptedSession } from "./encrypted_session.ts";
import { RecentIds } from "./id_lists.ts";
import { asLong, asMsgId } from "./msg_id.ts";
import { currentMsgId, type PendingCall, PendingCalls, predecessorOf } from "./pending_calls.ts";
import {
  isNotInitialized,
  isWaitFailed,
  QueryWrappers,
  type WrappedQuery,
} from "./query_wrappers.ts";
import { composeService, ServiceMessages } from "./service_messages.ts";

/** A call that an answer ends. */
export interface AnsweredCall {
  readonly id: number;
  /** Whether the call was last sent with `initConnection` around it. */
  readonly wrapped: boolean;
  /** Whether a session that the server has forgotten may have carried it out before. */
  readonly isInDoubt: boolean;
}

const MAX_SENT_IDS = 1000;
const MAX_REFUSALS = 5;

/** The messages that a client sends. */
export class Outbox {
  readonly #calls = new PendingCalls();
  readonly #service = new ServiceMessages();
  readonly #wrappers: QueryWrappers;
  /** The msg_ids of the last packets: a notice about one of them is newer than the packet. */
  readonly #sentIds = new RecentIds(MAX_SENT_IDS);

  /** `wrapFirst` wraps `initConnection` around a query; see {@linkcode QueryWrappers}. */
  constructor(wrapFirst?: (query: Uint8Array) => Uint8Array, wantsUpdates?: () => boolean) {
    this.#wrappers = new QueryWrappers(wrapFirst, wantsUpdates);
  }

  /** Whether calls or service messages wait to be sent at once. */
  get waits(): boolean {
    return this.#calls.queueLength > 0 || this.#service.length > 0;
  }

  /** The number of calls to send. */
  get callsQueued(): number {
    return this.#calls.queueLength;
  }

  /** The number of calls that were sent and have no answer. */
  get callsInFlight(): number {
    return this.#calls.inFlightCount;
  }

  /** The number of received messages to acknowledge. */
  get ackCount(): number {
    return this.#service.ackCount;
  }

  /** The number of calls without an answer. */
  get callCount(): number {
    return this.#calls.count;
  }

  /** Whether the server has the data of `initConnection`, as far as we know. */
  get isInitialized(): boolean {
    return this.#wrappers.isInitialized;
  }

  /** Wraps `initConnection` around the next calls. */
  forgetInitialization(): void {
    this.#wrappers.forget();
  }

  /** Queues a method call. Returns its number. */
  call(body: CallBody, options: SessionCallOptions = {}): number {
    return this.#calls.add(body, options);
  }

  /** Forgets a call. If it was sent, tells the server to drop the answer. */
  drop(callId: number): void {
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    const msgId = currentMsgId(call);
    this.#calls.remove(call, "dropped");
    if (msgId !== undefined) this.#service.push({ _: "rpc_drop_answer", reqMsgId: asLong(msgId) });
  }

  /**
   * Handles an answer to a message with this msg_id.
   *
   * @param error The text of an rpc_error.
   * @returns the call that it ends; undefined if it ends none
   */
  answered(msgId: bigint, error?: string): AnsweredCall | undefined {
    const call = this.#calls.byMsgId(msgId);
    if (call === undefined) {
      // A service message that the server treats as a method: an error, or a dropped answer.
      this.#withoutState(this.#service.answered(msgId));
      return undefined;
    }
    const sending = call.sendings.find((sending) => sending.msgId === msgId);
    this.#wrappers.answered(sending?.generation, error);
    const isLast = currentMsgId(call) === msgId;
    const isCurrent = call.state === "in flight" && isLast;
    if (isLast) call.isRepeat = false; // the server has done with this message
    if (isNotInitialized(error) && (!isCurrent || sending?.isRepeat)) {
      if (isCurrent) this.#calls.requeue(call); // the server had an earlier copy
      return undefined; // the later sending goes on
    }
    if (isWaitFailed(error) && sending?.afterMsgId !== undefined) {
      if (!isCurrent || this.#sendAfter(call, sending.afterMsgId)) return undefined;
    }
    this.#calls.remove(call, error === undefined ? "settled" : "failed");
    const { id, isInDoubt } = call;
    return { id, wrapped: sending?.generation !== undefined, isInDoubt };
  }

  /** Sends a call again whose invokeAfterMsg failed. Returns false if the call fails. */
  #sendAfter(call: PendingCall, afterMsgId: bigint): boolean {
    const after = predecessorOf(call);
    if (after === undefined) {
      this.#calls.requeue(call); // it was dropped
      return true;
    }
    if (after.state === "failed" || call.failedWaits >= MAX_REFUSALS) {
      return false;
    }
    call.failedWaits++;
    const isUnchanged = after.state !== "settled" && currentMsgId(after) === afterMsgId;
    if (isUnchanged) this.#calls.wait(call); // it would fail again
    else this.#calls.requeue(call);
    return true;
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

  /** Returns whether a recent packet, a call or an open service message has this msg_id. */
  wasSent(msgId: bigint): boolean {
    return this.#sentIds.has(msgId) || this.#calls.byMsgId(msgId) !== undefined ||
      this.#calls.hasContainer(msgId) || this.#service.wasSent(msgId);
  }

  /** Notes that the server has the messages with these msg_ids. */
  received(msgIds: readonly bigint[]): void {
    for (const msgId of msgIds) {
      const call = this.#calls.byMsgId(msgId);
      if (call !== undefined && currentMsgId(call) === msgId) this.#calls.received(call);
    }
  }

  /** Returns whether a call was sent at least once. */
  wasCallSent(callId: number): boolean {
    return (this.#calls.get(callId)?.sendings.length ?? 0) > 0;
  }

  /** Returns whether the server is known to have the last sending of a call. */
  isReceived(callId: number): boolean {
    return this.#calls.get(callId)?.isReceived ?? false;
  }

  /** Asks the server which of the unanswered calls it has. */
  askAboutCalls(): void {
    this.#wrappers.forget();
    this.#service.reconnected();
    const msgIds = this.#calls.reconnected().flatMap((call) => currentMsgId(call) ?? []);
    this.#service.pushAbout("msgs_state_req", msgIds);
  }

  /** Asks the questions about calls again that were sent before this msg_id. */
  askAgain(before: bigint): void {
    this.#service.askAgain(before);
  }

  /** Begins a new session: forgets the service messages, and sends the calls again. */
  restart(): void {
    this.#wrappers.forget();
    this.#service.clear();
    this.#sentIds.clear();
    this.#calls.requeueAll();
  }

  /**
   * Sends the messages with these msg_ids again, if they are the last ones of their calls, and
   * returns their number. They keep their msg_ids: if the server gets an earlier copy late, it
   * carries out only one.
   *
   * @param isForgotten whether the server may have had them, and knows no more
   */
  resend(msgIds: readonly bigint[], isForgotten = false): number {
    const calls = msgIds.flatMap((msgId) => this.#calls.currentlySentAs(msgId));
    for (const call of calls) {
      if (isForgotten) this.#calls.sendAnew(call, true);
      else this.#calls.requeue(call, true);
    }
    return calls.length;
  }

  /**
   * Sends the calls again that were sent before this msg_id: their last packet has a lower one, or
   * a higher one than `last`, the last of all, from before our clock was set back.
   *
   * @param mayOvertake over HTTP, a packet may have overtaken an earlier one, which comes yet: the
   * calls keep their msg_ids, so that the server carries out one of the two
   */
  resendBefore(firstMsgId: bigint, last: bigint, mayOvertake = false): void {
    // A message that was sent again may be the first: its packet is newer.
    const first = this.#calls.byMsgId(firstMsgId)?.packetMsgId ?? firstMsgId;
    for (const call of this.#calls.inFlight()) {
      const isBefore = call.packetMsgId < first || call.packetMsgId > last;
      if (isBefore) this.#calls.sendAnew(call, mayOvertake);
    }
  }

  /**
   * Sends the refused message with this msg_id again, or all messages of the refused container.
   *
   * @returns the numbers of the calls that were refused too often, which are given up
   */
  refused(msgId: bigint): number[] {
    for (const request of this.#service.refused(msgId)) this.#withoutState(request);
    const givenUp: PendingCall[] = [];
    for (const call of this.#calls.currentlySentAs(msgId)) {
      if (++call.refusals <= MAX_REFUSALS) this.#calls.requeue(call);
      else givenUp.push(call);
    }
    for (const call of givenUp) this.#calls.remove(call, "failed");
    return givenUp.map((call) => call.id);
  }

  /** Without an answer about the calls, sends them again: twice is better than never. */
  #withoutState(request: TlObject | undefined): void {
    if (request?._ !== "msgs_state_req") return;
    for (const msgId of request.msgIds as bigint[]) {
      for (const call of this.#calls.currentlySentAs(asMsgId(msgId))) this.#calls.sendAnew(call);
    }
  }

  /**
   * Returns the waiting messages as encrypted packets; each is a container or a message.
   *
   * @param limit the most bytes of calls. The first call goes, whatever its length; 0 leaves all
   * @param waits over HTTP, the http_wait of each packet
   */
  pack(session: EncryptedSession, now: number, limit = Infinity, waits?: HttpWaits): Uint8Array[] {
    const packets: Uint8Array[] = [];
    const service = this.#service.compose(session, now);
    let left = limit;
    while (service.length > 0 || this.#calls.queueLength > 0 || waits?.isDue) {
      const most = MAX_CONTAINER_MESSAGES - (waits === undefined ? 0 : 1);
      const messages = takeContainer(service, most);
      const calls = left > 0 ? this.#addCalls(messages, session, now, left, most) : [];
      if (messages.length === 0 && !waits?.isDue) break;
      if (waits !== undefined) {
        messages.push(composeService(session, waits.next(calls.length > 0), now));
      }
      left -= messages.reduce((sum, message) => sum + sizeInContainer(message), 0);
      packets.push(this.#seal(messages, calls, session, now));
    }
    return packets;
  }

  /**
   * Adds queued calls that fit into one container. A call that fits into no container goes alone.
   */
  #addCalls(
    messages: Message[],
    session: EncryptedSession,
    now: number,
    limit: number,
    most: number,
  ): PendingCall[] {
    const calls: PendingCall[] = [];
    const maxBytes = Math.min(limit, MAX_CONTAINER_BYTES);
    let size = messages.reduce((sum, message) => sum + sizeInContainer(message), 0);
    for (let call = this.#calls.next; call !== undefined; call = this.#calls.next) {
      const after = predecessorOf(call);
      if (after?.isAskedAbout || after?.state === "waiting") {
        this.#calls.wait(call); // the msg_id of its predecessor may change
        continue;
      }
      const last = call.sendings.at(-1);
      const isRepeat = call.isRepeat && last !== undefined && session.mayRepeat(last.msgId, now);
      const { body, generation, afterMsgId } = this.#wrap(call, after);
      const { tail } = call;
      size += sizeInContainer({ body, tail });
      const isFull = messages.length >= most || size > maxBytes;
      if (isFull && messages.length > 0) break;
      const { msgId, seqNo } = isRepeat
        ? last
        : session.compose(body, { now, contentRelated: true });
      this.#calls.sent(call, { msgId, seqNo, generation, afterMsgId, isRepeat });
      const made = typeof call.body === "function" ? call.body(msgId) : body;
      messages.push({ msgId, seqNo, body: made, tail });
      calls.push(call);
    }
    return calls;
  }

  #wrap({ body }: PendingCall, after: PendingCall | undefined): WrappedQuery {
    if (typeof body === "function") return { body: body(0n) };
    // A predecessor has a lower number, so it is already packed.
    const isNeeded = after !== undefined && after.state !== "settled";
    return this.#wrappers.wrap(body, isNeeded ? currentMsgId(after) : undefined);
  }

  #seal(
    messages: readonly Message[],
    calls: readonly PendingCall[],
    session: EncryptedSession,
    now: number,
  ): Uint8Array {
    const [message] = messages.length === 1
      ? messages
      : [session.composeContainer(messages, { now })];
    if (messages.length > 1) {
      this.#calls.sentTogether(message.msgId, calls);
      this.#service.sentTogether(message.msgId, messages);
    }
    this.#sentIds.add(message.msgId);
    return session.seal(message);
  }
}
