/**
 * The client's half of a session: sends calls, receives answers and updates, and handles all
 * service messages. https://core.telegram.org/mtproto/service_messages,
 * https://core.telegram.org/mtproto/service_messages_about_messages
 *
 * A state machine without sockets, clocks and promises: `call()` queues, `flush()` returns packets
 * to write, `receive()` turns a packet into events. It sends a call again if the server refused its
 * salt, time or number. outbox.ts has the life of a call. The life of a session is:
 *
 * | state        | event                         | next state   | what happens                   |
 * | ------------ | ----------------------------- | ------------ | ------------------------------ |
 * | -            | created, `synchronized: true` | synchronized |                                |
 * | -            | created, otherwise            | in doubt     |                                |
 * | in doubt     | a message, at most 300 s late | synchronized | `time` if our clock lagged     |
 * | synchronized | a message                     | synchronized | `time` if our clock lagged     |
 * | any          | bad_msg_notification 16, 17   | synchronized | `time` if our clock differs    |
 * | any          | bad_msg_notification 32, 33   | in doubt     | the same as after `restart()`  |
 * | any          | `restart()`                   | in doubt     | new session_id; resends calls  |
 * | any          | `reconnected()`               | in doubt     | asks about the calls in flight |
 * | any          | `doubtTime()`                 | in doubt     |                                |
 *
 * A synchronized session refuses messages that are more than 300 s old or 30 s ahead, except those
 * about a message of ours; a session in doubt accepts any age. A notification counts only if it is
 * about a message of ours. After a restart, answers in the former session still count.
 */
import { type Random, randomLong } from "../runtime/mod.ts";
import { mtprotoSchema, TlReader } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { handleMessageState } from "./message_state.ts";
import type { AuthKey } from "./auth_key.ts";
import type { ClientEvent } from "./client_event.ts";
import {
  constructorId,
  type Message,
  MSG_CONTAINER,
  unpackContainer,
  unpackGzip,
} from "./container.ts";
import { EncryptedSession } from "./encrypted_session.ts";
import type { Envelope } from "./envelope.ts";
import { asMsgId, MsgIds } from "./msg_id.ts";
import { Outbox } from "./outbox.ts";
import { type FutureSalt, Salts } from "./salts.ts";
import { demand, SecurityError } from "./security_error.ts";

/** The options of a {@linkcode ClientSession}. */
export interface ClientSessionOptions {
  readonly authKey: AuthKey;
  readonly random: Random;
  /** Signed 64 bits. With 0n, the default, the first answer takes one more round trip. */
  readonly serverSalt?: bigint;
  /** Milliseconds to add to the local clock to get the server's. */
  readonly timeOffset?: number;
  /** Whether `timeOffset` is from a key exchange in this process, not from an old file. */
  readonly synchronized?: boolean;
}

const RPC_RESULT = 0xf35c6d01;
const BAD_MSG_NOTIFICATION = 0xa7eff811;
const BAD_SERVER_SALT = 0xedab447b;
const RPC_ERROR = 0x2144ca19;
const PONG = 0x347773c5;
/** Messages that begin with the msg_id of the message that they are about. */
const ANSWERS = [RPC_RESULT, BAD_MSG_NOTIFICATION, BAD_SERVER_SALT, PONG];

const FUTURE_SALTS = 32;

/** bad_msg_notification: msg_id too low, msg_id too high, seq_no too low, seq_no too high. */
const BAD_TIME = [16, 17];
const BAD_SEQ_NO = [32, 33];

/** The client's half of one session. Times are milliseconds since 1970 by the local clock. */
export class ClientSession {
  readonly #random: Random;
  readonly #outbox = new Outbox();
  readonly #salts = new Salts();
  readonly #msgIds = new MsgIds();
  #session: EncryptedSession;
  /** The session before the last restart; answers to its calls may still arrive. */
  #former: EncryptedSession | undefined;
  #heardFromServer = false;

  constructor(options: ClientSessionOptions) {
    this.#random = options.random;
    this.#session = new EncryptedSession({
      ...options,
      role: "client",
      sessionId: randomLong(options.random),
      msgIds: this.#msgIds,
    });
    this.#session.synchronized = options.synchronized ?? false;
  }

  /** A random number that distinguishes the sessions of one key; signed 64 bits. */
  get sessionId(): bigint {
    return this.#session.sessionId;
  }

  /** The auth key of the session. */
  get authKey(): AuthKey {
    return this.#session.authKey;
  }

  /** The salt of the next packet. */
  get serverSalt(): bigint {
    return this.#session.serverSalt;
  }

  /** Milliseconds to add to the local clock to get the server's. */
  get timeOffset(): number {
    return this.#session.timeOffset;
  }

  /** Whether calls or service messages wait to be sent at once. */
  get wantsFlush(): boolean {
    return this.#outbox.waits;
  }

  /** The number of calls that were sent and have no answer. */
  get callsInFlight(): number {
    return this.#outbox.callsInFlight;
  }

  /** The number of received messages to acknowledge with the next flush. */
  get ackCount(): number {
    return this.#outbox.ackCount;
  }

  /** Queues a serialised method call. Returns its number. */
  call(body: Uint8Array): number {
    return this.#outbox.call(body);
  }

  /** Forgets a call. If it was sent, tells the server to drop the answer. */
  drop(callId: number): void {
    this.#outbox.drop(callId);
  }

  /**
   * Queues a ping. Returns its ping_id.
   *
   * @param disconnectDelay Seconds after which the server disconnects if no other ping arrives.
   */
  ping(disconnectDelay?: number): bigint {
    const pingId = randomLong(this.#random);
    this.#outbox.push(
      disconnectDelay === undefined
        ? { _: "ping", pingId }
        : { _: "ping_delay_disconnect", pingId, disconnectDelay },
    );
    return pingId;
  }

  /**
   * Continues the session on a new connection: asks the server which of the unanswered calls it
   * has. Call it before the first flush.
   */
  reconnected(): void {
    this.#session.reconnected();
    this.#outbox.askAboutCalls();
  }

  /** Doubts the local clock until the server's next message: a computer that slept may lag. */
  doubtTime(): void {
    this.#session.synchronized = false;
  }

  /** Begins a new session with another session_id, and sends the unanswered calls again in it. */
  restart(): void {
    const { authKey, serverSalt, timeOffset } = this.#session;
    const sessionId = randomLong(this.#random);
    this.#former = this.#session;
    this.#session = new EncryptedSession({
      authKey,
      role: "client",
      random: this.#random,
      sessionId,
      serverSalt,
      timeOffset,
      msgIds: this.#msgIds,
    });
    this.#outbox.restart();
    this.#heardFromServer = false;
  }

  /** Returns the encrypted packets to write, in this order; each is a container or a message. */
  flush(now: number): Uint8Array[] {
    this.#useRightSalt(now);
    return this.#outbox.pack(this.#session, now);
  }

  /**
   * Takes a packet of the server. Returns its events.
   *
   * @throws {SecurityError} if the packet breaks a rule. If {@linkcode isIgnorable} is false for
   * the error, close the connection.
   */
  receive(packet: Uint8Array, now: number): ClientEvent[] {
    const envelope = this.#session.open(packet);
    const events: ClientEvent[] = [];
    const former = this.#former;
    if (envelope.sessionId === former?.sessionId) {
      for (const message of former.accept(envelope, now)) {
        const body = unpackGzip(message.body);
        if (constructorId(body) === RPC_RESULT) this.#rpcResult(body, events);
      }
      return events;
    }
    for (const message of this.#accept(envelope, now, events)) {
      if (message.seqNo % 2 === 1) this.#outbox.acknowledge(message.msgId);
      this.#handle(message, now, events);
    }
    return events;
  }

  #accept(envelope: Envelope, now: number, events: ClientEvent[]): Message[] {
    const session = this.#session;
    try {
      const messages = session.accept(envelope, now, {
        onSeen: ({ msgId, seqNo }) => {
          if (seqNo % 2 === 1) this.#outbox.acknowledge(msgId);
        },
        takesAnyTime: ({ body }) => this.#answersUs(body),
      });
      this.#heardFromServer = true;
      if (session.hear(envelope.msgId, now)) this.#timeChanged(events);
      return messages;
    } catch (error) {
      const isOld = error instanceof SecurityError &&
        (error.check === "msg_id_seen" || error.check === "msg_id_too_old");
      if (isOld && envelope.seqNo % 2 === 1) this.#outbox.acknowledge(envelope.msgId);
      throw error;
    }
  }

  #timeChanged(events: ClientEvent[]): void {
    events.push({ type: "time", timeOffset: this.#session.timeOffset });
  }

  /**
   * Returns whether a message is about one of ours, by its first field. Such a message counts at
   * any time, because our clock may be wrong:
   * https://core.telegram.org/mtproto/security_guidelines#checking-msg-id
   */
  #answersUs(message: Uint8Array): boolean {
    const body = unpackGzip(message);
    const id = constructorId(body);
    if (id === MSG_CONTAINER) {
      return unpackContainer(body).some((part) => this.#answersUs(part.body));
    }
    if (id === undefined || !ANSWERS.includes(id) || body.length < 12) return false;
    const reader = new TlReader(body);
    reader.uint32();
    return this.#outbox.wasSent(asMsgId(reader.int64()));
  }

  #handle(message: Message, now: number, events: ClientEvent[]): void {
    const body = unpackGzip(message.body);
    const id = constructorId(body);
    demand(
      id !== MSG_CONTAINER,
      "container",
      () => "Cannot open a container: it is inside another one, expected messages only",
    );
    if (id === RPC_RESULT) return this.#rpcResult(body, events);
    if (id === undefined || !mtprotoSchema().hasId(id)) {
      events.push({ type: "update", body });
      return;
    }
    const object = mtprotoSchema().decode(body) as TlObject;
    switch (object._) {
      case "pong":
        events.push({ type: "pong", pingId: object.pingId as bigint });
        return;
      case "bad_server_salt":
        this.#salts.forget();
        this.#setSalt(object.newServerSalt as bigint, events);
        return this.#refused(object, events);
      case "bad_msg_notification":
        return this.#badMessage(message, object, now, events);
      case "new_session_created":
        return this.#newSession(object, events);
      case "future_salts":
        return this.#salts.add(object.salts as FutureSalt[]);
    }
    // Ignores msgs_ack, msgs_all_info and destroy_session_*: only its answer ends a call.
    handleMessageState(object, message.msgId, { session: this.#session, outbox: this.#outbox });
  }

  #rpcResult(body: Uint8Array, events: ClientEvent[]): void {
    const reader = new TlReader(body);
    reader.uint32();
    const msgId = asMsgId(reader.int64());
    const result = unpackGzip(body.subarray(reader.position));
    const call = this.#outbox.answered(msgId);
    // A dropped call, a second answer, or a service message that the server treats as a method.
    if (call === undefined) return this.#outbox.serviceAnsweredAsMethod(msgId);
    if (constructorId(result) !== RPC_ERROR) {
      events.push({ type: "result", call, body: result });
      return;
    }
    const error = mtprotoSchema().decode(result) as TlObject;
    events.push({
      type: "error",
      call,
      code: Number(error.errorCode),
      message: String(error.errorMessage),
    });
  }

  #badMessage(message: Message, notice: TlObject, now: number, events: ClientEvent[]): void {
    const errorCode = Number(notice.errorCode);
    if (!this.#outbox.wasSent(asMsgId(notice.badMsgId))) return;
    const isTime = BAD_TIME.includes(errorCode);
    if (isTime && this.#session.synchronize(message.msgId, now)) this.#timeChanged(events);
    this.#refused(notice, events);
    if (BAD_SEQ_NO.includes(errorCode)) this.restart();
  }

  /** Sends refused calls again; those that were refused too often fail. */
  #refused(notice: TlObject, events: ClientEvent[]): void {
    const errorCode = Number(notice.errorCode);
    for (const call of this.#outbox.refused(asMsgId(notice.badMsgId))) {
      events.push({ type: "refused", call, errorCode });
    }
  }

  #newSession(object: TlObject, events: ClientEvent[]): void {
    this.#setSalt(object.serverSalt as bigint, events);
    this.#outbox.resendBefore(asMsgId(object.firstMsgId));
    events.push({ type: "new_session" });
  }

  #setSalt(serverSalt: bigint, events: ClientEvent[]): void {
    if (this.#session.serverSalt === serverSalt) return;
    this.#session.serverSalt = serverSalt;
    events.push({ type: "salt", serverSalt });
  }

  #useRightSalt(now: number): void {
    const time = this.#session.serverTime(now) / 1000;
    this.#session.serverSalt = this.#salts.at(time) ?? this.#session.serverSalt;
    if (this.#heardFromServer && this.#salts.shouldAsk(time)) {
      this.#outbox.push({ _: "get_future_salts", num: FUTURE_SALTS });
    }
  }
}
