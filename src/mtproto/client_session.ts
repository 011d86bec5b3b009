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
 * | in doubt     | an answer to a message that   | synchronized | `time` if our clock lagged     |
 * |              | was sent since, 300 s at most |              |                                |
 * |              | late                          |              |                                |
 * | in doubt     | another message               | in doubt     | `time` if our clock lagged     |
 * | synchronized | a message                     | synchronized | `time` if our clock lagged     |
 * | any          | bad_msg_notification 16, 17   | synchronized | `time` if our clock differs    |
 * | any          | bad_msg_notification 32, 33   | the same     | moves our seq_nos              |
 * | any          | the same for the 4th time     | in doubt     | the same as after `restart()`  |
 * | any          | `restart()`                   | in doubt     | new session_id; resends calls  |
 * | any          | `reconnected()`               | in doubt     | asks about the calls in flight |
 * | any          | `doubtTime()`                 | in doubt     |                                |
 *
 * A synchronized session refuses messages that are more than 300 s old or 30 s ahead, except those
 * about a message of ours; a session in doubt accepts any age. A notification counts only if it is
 * about a message of ours. After a restart, answers in the former sessions still count.
 */
import { type Random, randomLong } from "../runtime/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { handleMessageState } from "./message_state.ts";
import type { AuthKey } from "./auth_key.ts";
import type { ClientEvent } from "./client_event.ts";
import type {
  CallBody,
  ClientSessionOptions,
  HttpWaits,
  SessionCallOptions,
} from "./client_session_options.ts";
import type { Message } from "./container.ts";
import { EncryptedSession, type Examined } from "./encrypted_session.ts";
import type { Envelope } from "./envelope.ts";
import { asMsgId, MsgIds } from "./msg_id.ts";
import { Outbox } from "./outbox.ts";
import { type FutureSalt, Salts } from "./salts.ts";
import { SecurityError } from "./security_error.ts";
import { readServerMessage, type ServerMessage, subjectOf } from "./server_message.ts";
import { Unpacker } from "./unpacker.ts";

const FUTURE_SALTS = 32;
const MAX_FORMER = 8;

/** bad_msg_notification: msg_id too low, msg_id too high, seq_no too low, seq_no too high. */
const BAD_TIME = [16, 17];
const SEQ_NO_TOO_LOW = 32;
const BAD_SEQ_NO = [SEQ_NO_TOO_LOW, 33];
/** By how many content-related messages our count moves up; down by a quarter of it. */
const SEQ_NO_STEP = 32;
const MAX_BAD_SEQ_NOS = 3;

/** The client's half of one session. Times are milliseconds since 1970 by the local clock. */
export class ClientSession {
  readonly #random: Random;
  readonly #outbox: Outbox;
  readonly #salts = new Salts();
  readonly #msgIds = new MsgIds();
  #session: EncryptedSession;
  /** The sessions before the last restarts; answers to their calls may still arrive. */
  #former: EncryptedSession[] = [];
  /** The last msg_id before our clock was in doubt. */
  #lastBeforeDoubt = 0n;
  #heardFromServer = false;
  /** Over HTTP, the http_wait messages of the connection. */
  #waits: HttpWaits | undefined;
  /** The number of notices of a bad seq_no since the last answer. */
  #badSeqNos = 0;
  /** The last msg_id before our seq_nos were moved: a later notice about it tells nothing new. */
  #lastBeforeMove = 0n;
  /** The salt that the caller knows. */
  #toldSalt: bigint;

  constructor(options: ClientSessionOptions) {
    this.#random = options.random;
    this.#outbox = new Outbox(options.wrapFirst, options.wantsUpdates);
    this.#toldSalt = options.serverSalt ?? 0n;
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

  /** The number of calls to send. */
  get callsQueued(): number {
    return this.#outbox.callsQueued;
  }

  /** The number of calls that were sent and have no answer. */
  get callsInFlight(): number {
    return this.#outbox.callsInFlight;
  }

  /** The number of received messages to acknowledge with the next flush. */
  get ackCount(): number {
    return this.#outbox.ackCount;
  }

  /** The number of calls without an answer. */
  get callCount(): number {
    return this.#outbox.callCount;
  }

  /** Whether an answer showed that the server has the data of `initConnection`. */
  get isInitialized(): boolean {
    return this.#outbox.isInitialized;
  }

  /**
   * Wraps `initConnection` around the next calls. Call it if the server may have lost its data.
   */
  forgetInitialization(): void {
    this.#outbox.forgetInitialization();
  }

  /** Queues a method call. Returns its number. */
  call(body: CallBody, options: SessionCallOptions = {}): number {
    return this.#outbox.call(body, options);
  }

  /**
   * Returns whether the server is known to have a call: it acknowledged the call since it was last
   * sent, or said so in msgs_state_info.
   */
  isReceived(callId: number): boolean {
    return this.#outbox.isReceived(callId);
  }

  /** Returns whether a call was sent at least once: the server may have it. */
  wasSent(callId: number): boolean {
    return this.#outbox.wasCallSent(callId);
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
    this.#lastBeforeDoubt = this.#msgIds.last;
    this.#outbox.askAboutCalls();
  }

  /**
   * Doubts the local clock until the server answers a message that is sent from now on: a computer
   * that slept may lag, and what the server sent meanwhile comes late.
   */
  doubtTime(): void {
    this.#session.synchronized = false;
    this.#lastBeforeDoubt = this.#msgIds.last;
  }

  /** Begins a new session with another session_id, and sends the unanswered calls again in it. */
  restart(): void {
    const { authKey, serverSalt, timeOffset, hidesLengths } = this.#session;
    const sessionId = randomLong(this.#random);
    this.#former = [this.#session, ...this.#former].slice(0, MAX_FORMER);
    this.#lastBeforeDoubt = this.#msgIds.last;
    this.#session = new EncryptedSession({
      authKey,
      role: "client",
      random: this.#random,
      sessionId,
      serverSalt,
      timeOffset,
      hidesLengths,
      msgIds: this.#msgIds,
    });
    this.#outbox.restart();
    this.#heardFromServer = false;
    this.#badSeqNos = 0;
  }

  /**
   * Returns the encrypted packets to write, in this order; each is a container or a message.
   *
   * @param limit the most bytes of calls. The first call goes, whatever its length; 0 leaves all
   * @param waits over HTTP, the http_wait of each packet
   */
  flush(now: number, limit?: number, waits?: HttpWaits): Uint8Array[] {
    this.#useRightSalt(now);
    this.#waits = waits;
    return this.#outbox.pack(this.#session, now, limit, waits);
  }

  /**
   * Takes a packet of the server. Returns its events.
   *
   * @throws {SecurityError} if the packet breaks a rule. If {@linkcode isIgnorable} is false for
   * the error, close the connection.
   */
  receive(packet: Uint8Array, now: number): ClientEvent[] {
    const envelope = this.#session.open(packet);
    const former = this.#former.find(({ sessionId }) => sessionId === envelope.sessionId);
    const events = former === undefined
      ? this.#receiveNow(envelope, now)
      : this.#receiveLate(former, envelope, now);
    this.#tellSalt(events);
    return events;
  }

  /** Receives a packet of a former session: only answers to calls count. */
  #receiveLate(former: EncryptedSession, envelope: Envelope, now: number): ClientEvent[] {
    const unpacker = new Unpacker();
    const examined = former.examine(envelope, now, { unpacker });
    const messages = examined.messages.map((message) => readServerMessage(message, unpacker));
    const events = odditiesOf(former.accept(examined));
    for (const message of messages) {
      if (message.type === "answer") this.#answer(message, events);
    }
    return events;
  }

  #receiveNow(envelope: Envelope, now: number): ClientEvent[] {
    const session = this.#session;
    const unpacker = new Unpacker();
    const examined = this.#examine(envelope, now, unpacker);
    // A packet that is refused must not count as received: the server sends it again.
    const messages = examined.messages.map((message) => readServerMessage(message, unpacker));
    const events = odditiesOf(session.accept(examined));
    this.#heardFromServer = true;
    const isFresh = session.synchronized ||
      examined.messages.some((message) => this.#answersUs(message, this.#lastBeforeDoubt));
    if (session.hear(envelope.msgId, now, isFresh)) this.#timeChanged(events);
    for (const part of [...examined.messages, ...examined.repeated]) {
      if (part.seqNo % 2 === 1) this.#outbox.acknowledge(part.msgId);
    }
    for (const message of messages) this.#handle(message, now, events);
    return events;
  }

  #examine(envelope: Envelope, now: number, unpacker: Unpacker): Examined {
    try {
      return this.#session.examine(envelope, now, {
        unpacker,
        takesAnyTime: (messages) => messages.some((message) => this.#answersUs(message)),
      });
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
  #answersUs({ body }: Message, after = 0n): boolean {
    const subject = subjectOf(body);
    return subject !== undefined && subject > after && this.#outbox.wasSent(subject);
  }

  #handle(message: ServerMessage, now: number, events: ClientEvent[]): void {
    if (message.type === "answer") return this.#answer(message, events);
    if (message.type === "update" || message.type === "oddity") {
      events.push(message);
      return;
    }
    const { object, msgId } = message;
    switch (object._) {
      case "pong":
        events.push({ type: "pong", pingId: object.pingId as bigint });
        // Over HTTP, the answer to an earlier question may be lost alone.
        if (this.#waits !== undefined) this.#outbox.askAgain(asMsgId(object.msgId));
        return;
      case "bad_server_salt":
        this.#salts.forget();
        this.#session.serverSalt = object.newServerSalt as bigint;
        return this.#refused(object, events);
      case "bad_msg_notification":
        return this.#badMessage(msgId, object, now, events);
      case "new_session_created":
        return this.#newSession(object, events);
      case "future_salts":
        return this.#salts.add(object.salts as FutureSalt[]);
    }
    // Ignores msgs_all_info and destroy_session_*: only its answer ends a call.
    handleMessageState(object, msgId, { session: this.#session, outbox: this.#outbox });
  }

  #answer(answer: ServerMessage & { type: "answer" }, events: ClientEvent[]): void {
    const { reqMsgId, result, error } = answer;
    const message = error && String(error.errorMessage);
    const call = this.#outbox.answered(reqMsgId, message);
    this.#badSeqNos = 0;
    if (call === undefined) return; // dropped, answered before, or sent again
    const { id, wrapped, isInDoubt } = call;
    const code = Number(error?.errorCode);
    events.push(
      message === undefined
        ? { type: "result", call: id, body: result }
        : { type: "error", call: id, code, message, wrapped, ...(isInDoubt && { isInDoubt }) },
    );
  }

  #badMessage(msgId: bigint, notice: TlObject, now: number, events: ClientEvent[]): void {
    const errorCode = Number(notice.errorCode);
    if (!this.#outbox.wasSent(asMsgId(notice.badMsgId))) return;
    const isTime = BAD_TIME.includes(errorCode);
    if (isTime && this.#session.synchronize(msgId, now)) this.#timeChanged(events);
    this.#refused(notice, events);
    const isMoved = asMsgId(notice.badMsgId) <= this.#lastBeforeMove;
    if (BAD_SEQ_NO.includes(errorCode) && !isMoved) this.#badSeqNo(errorCode);
  }

  /**
   * Moves our seq_nos to where the server may have them. The session goes on, because the server
   * may have carried its other calls out; it begins anew only when that does not help.
   */
  #badSeqNo(errorCode: number): void {
    if (++this.#badSeqNos > MAX_BAD_SEQ_NOS) return this.restart();
    this.#lastBeforeMove = this.#msgIds.last;
    this.#session.skipSeqNos(errorCode === SEQ_NO_TOO_LOW ? SEQ_NO_STEP : -SEQ_NO_STEP / 4);
  }

  /** Sends refused calls again; those that were refused too often fail. */
  #refused(notice: TlObject, events: ClientEvent[]): void {
    const errorCode = Number(notice.errorCode);
    this.#waits?.refused();
    for (const call of this.#outbox.refused(asMsgId(notice.badMsgId))) {
      events.push({ type: "refused", call, errorCode });
    }
  }

  #newSession(object: TlObject, events: ClientEvent[]): void {
    this.#session.serverSalt = object.serverSalt as bigint;
    const isHttp = this.#waits !== undefined;
    this.#outbox.resendBefore(asMsgId(object.firstMsgId), this.#msgIds.last, isHttp);
    events.push({ type: "new_session" });
  }

  /** Tells a change of the salt, also one that `flush()` made by an announced salt. */
  #tellSalt(events: ClientEvent[]): void {
    const { serverSalt } = this.#session;
    if (serverSalt === this.#toldSalt) return;
    this.#toldSalt = serverSalt;
    events.unshift({ type: "salt", serverSalt });
  }

  #useRightSalt(now: number): void {
    const time = this.#session.serverTime(now) / 1000;
    this.#session.serverSalt = this.#salts.at(time) ?? this.#session.serverSalt;
    if (this.#heardFromServer && this.#salts.shouldAsk(time)) {
      this.#outbox.push({ _: "get_future_salts", num: FUTURE_SALTS });
    }
  }
}

function odditiesOf(texts: readonly string[]): ClientEvent[] {
  return texts.map((text) => ({ type: "oddity", text }));
}
