/**
 * The server's half of a session: it checks messages as Telegram does, and answers all service
 * messages. https://core.telegram.org/mtproto/service_messages and
 * https://core.telegram.org/mtproto/service_messages_about_messages
 *
 * It is the counterpart of mtproto/client_session.ts on the same EncryptedSession. It is strict: it
 * answers a message that breaks a rule with `bad_msg_notification`, where the client gives up.
 */
import {
  asLong,
  asMsgId,
  type AuthKey,
  constructorId,
  EncryptedSession,
  type Envelope,
  type Examined,
  forgetOldest,
  type Message,
  MESSAGE_STATE,
  type MessageKind,
  type MsgIds,
  type SecurityCheck,
  SecurityError,
  takeContainer,
  timeOfMsgId,
} from "../mtproto/mod.ts";
import { type Random, randomLong } from "../runtime/mod.ts";
import { mtprotoSchema, type TlObject, TlWriter } from "../tl/mod.ts";
import { AwayUpdates } from "./away_updates.ts";
import { DEFAULT_WAIT, type HttpWait } from "./http_wait.ts";
import type { SaltSchedule } from "./salt_schedule.ts";
import type { Troubles } from "./troubles.ts";

/** The parts of its data center that a session needs. */
export interface ServerSessionOptions {
  readonly authKey: AuthKey;
  /** Signed 64 bits. */
  readonly sessionId: bigint;
  readonly salts: SaltSchedule;
  readonly random: Random;
  /** The source of its msg_ids. All sessions of a key share it, so that a new one repeats none. */
  readonly msgIds: MsgIds;
  /** The troubles of its data center. */
  readonly troubles?: Troubles;
  /** Answers a serialised call with a serialised result, or `rpc_error`. Never rejects. */
  readonly answer: (call: Message, session: ServerSession) => Uint8Array | Promise<Uint8Array>;
  /** Called when an answer that was a promise waits to be sent. */
  readonly onLateAnswer?: (session: ServerSession) => void;
  /** Forgets a session of the same key; returns whether it existed. */
  readonly destroy: (sessionId: bigint) => boolean;
  /** Forgets the key: later packets with it are answered by -404. */
  readonly destroyKey: () => void;
}

const MSG_ID_TOO_OLD = 20;
/** The error codes of `bad_msg_notification`, by the broken rule. */
const ERROR_CODES: Partial<Record<SecurityCheck, number>> = {
  msg_id_too_low: 16,
  msg_id_too_high: 17,
  msg_id_parity: 18,
  msg_id_too_old: MSG_ID_TOO_OLD,
  seq_no_too_low: 32,
  seq_no_too_high: 33,
  seq_no_parity: 34,
  container: 64,
  gzip_packed: 64,
};
const ODD_SEQ_NO_EXPECTED = 35;
const BAD_SERVER_SALT = 48;

const RPC_RESULT = 0xf35c6d01;
const RPC_ERROR = 0x2144ca19;
const KEPT_ANSWERS = 2000;
/** Service messages that are not acknowledged. Every other message must have an odd seq_no. */
const NOT_CONTENT_RELATED: readonly string[] = ["msgs_ack", "http_wait"];

interface Outgoing {
  readonly body: Uint8Array;
  readonly contentRelated: boolean;
  readonly kind: MessageKind;
  /** For an answer: the call's msg_id. */
  readonly answerTo?: bigint;
}

/** One session of one auth key, on the server. Times are Unix milliseconds. */
export class ServerSession {
  /** The layer of the last `invokeWithLayer`. */
  layer: number | undefined;
  /** The api id of the last `initConnection`. */
  apiId: number | undefined;
  /** Whether it has called a method other than by `invokeWithoutUpdates`. */
  wantsUpdates = false;
  /** Packets that found no request, over HTTP. */
  readonly packets: Uint8Array[] = [];
  /** The waits that the last packet asked for, over HTTP. */
  httpWait: HttpWait = DEFAULT_WAIT;
  /** The updates that come while no connection is open. */
  readonly away = new AwayUpdates();
  /** When the client's last `ping_delay_disconnect` runs out, in Unix milliseconds. */
  disconnectAtMs = Infinity;

  readonly #options: ServerSessionOptions;
  readonly #session: EncryptedSession;
  /** Content-related messages without acknowledgment: a new connection gets them again. */
  readonly #unacknowledged = new Map<bigint, Message>();
  /** The answers that are not acknowledged, by the msg_ids of their calls. */
  readonly #answers = new Map<bigint, Message>();
  /** Whether the last calls succeeded, by their msg_ids. */
  readonly #outcomes = new Map<bigint, boolean>();
  /** Updates that come after the next one. */
  readonly #held: Uint8Array[] = [];
  /** When messages were repeated over HTTP, in Unix milliseconds. */
  readonly #repeatedAt = new Map<bigint, number>();
  #outgoing: Outgoing[] = [];
  #again: Message[] = [];
  #announced = false;

  constructor(options: ServerSessionOptions) {
    this.#options = options;
    this.#session = new EncryptedSession({ ...options, role: "server" });
    this.#session.synchronized = true; // the server's clock is the reference
  }

  /** The key of this session. */
  get authKey(): AuthKey {
    return this.#options.authKey;
  }

  /** The random number that the client chose; signed 64 bits. */
  get sessionId(): bigint {
    return this.#options.sessionId;
  }

  /** The number of messages that the client has not acknowledged. */
  get unacknowledgedCount(): number {
    return this.#unacknowledged.size;
  }

  /** Handles a decrypted message; the answers wait for `flush`. */
  receive(envelope: Envelope, nowMs: number): void {
    this.httpWait = DEFAULT_WAIT;
    const { salts, random } = this.#options;
    if (!salts.accepts(envelope.salt, nowMs / 1000)) {
      const newServerSalt = salts.current(nowMs / 1000);
      this.#notify({
        _: "bad_server_salt",
        badMsgId: asLong(envelope.msgId),
        badMsgSeqno: envelope.seqNo,
        errorCode: BAD_SERVER_SALT,
        newServerSalt,
      });
      return;
    }
    const refusal = this.#options.troubles?.take("refuseMessage");
    if (refusal !== undefined) return this.#notifyBadMessage(envelope, refusal.errorCode);
    let examined: Examined;
    try {
      examined = this.#session.examine(envelope, nowMs);
    } catch (error) {
      return this.#refuse(envelope, error);
    }
    this.#session.accept(examined);
    const { messages, repeated } = examined;
    for (const part of repeated) {
      if (this.#session.stateOf(part.msgId) === MESSAGE_STATE.received) this.#repeat(part.msgId);
      else this.#notifyBadMessage(part, MSG_ID_TOO_OLD);
    }
    if (!this.#announced) {
      this.#announced = true;
      const uniqueId = randomLong(random);
      const firstMsgId = asLong(
        messages.reduce((low, { msgId }) => msgId < low ? msgId : low, envelope.msgId),
      );
      const serverSalt = salts.current(nowMs / 1000);
      this.#queue({ _: "new_session_created", firstMsgId, uniqueId, serverSalt }, "notification");
    }
    for (const message of messages) this.#handle(message, nowMs);
  }

  /** Whether the call with this msg_id succeeded; undefined if it is not known. */
  hasSucceeded(msgId: bigint): boolean | undefined {
    return this.#outcomes.get(msgId);
  }

  /** Queues an update, already serialised. Those that were held back follow it. */
  push(body: Uint8Array): void {
    for (const one of [body, ...this.#held.splice(0)]) {
      this.#outgoing.push({ body: one, contentRelated: true, kind: "notification" });
    }
  }

  /** Holds an update back until the next one is pushed. */
  holdBack(body: Uint8Array): void {
    this.#held.push(body);
  }

  /** Forgets what waits to be sent: the server has lost the session. */
  forget(): void {
    this.#outgoing = [];
    this.#again = [];
    this.packets.length = 0;
  }

  /** Repeats all unacknowledged messages on a new connection, with the same msg_ids. */
  reconnected(): void {
    this.disconnectAtMs = Infinity;
    this.away.end();
    this.#again.push(...this.#unacknowledged.values());
  }

  /** The number of messages to send. */
  get waitingCount(): number {
    return this.#outgoing.length + this.#again.length;
  }

  /** Repeats the messages that are not acknowledged for so many milliseconds: over HTTP. */
  repeatOlder(nowMs: number, ms: number): void {
    for (const message of this.#unacknowledged.values()) {
      const sentAt = this.#repeatedAt.get(message.msgId) ?? timeOfMsgId(message.msgId);
      if (nowMs - sentAt < ms) continue;
      keep(this.#repeatedAt, message.msgId, nowMs);
      this.#again.push(message);
    }
  }

  /** Returns a packet that tells nothing: the end of a wait over HTTP. */
  emptyPacket(nowMs: number): Uint8Array {
    const options = { now: nowMs, kind: "response" } as const;
    return this.#session.seal(this.#session.composeContainer([], options));
  }

  /** Returns all waiting messages as encrypted packets. */
  flush(nowMs: number): Uint8Array[] {
    this.#session.serverSalt = this.#options.salts.current(nowMs / 1000);
    const again = new Set(this.#again.splice(0));
    const messages = [...again, ...this.#compose(nowMs)];
    const packets: Uint8Array[] = [];
    const isSplit = messages.length > 1 && this.#options.troubles?.take("splitAnswers");
    while (messages.length > 0) {
      const together = isSplit ? messages.splice(0, 1) : takeContainer(messages);
      // A repeated message keeps its msg_id, which may be too old outside of a container.
      packets.push(this.#session.seal(
        together.length === 1 && !again.has(together[0])
          ? together[0]
          : this.#session.composeContainer(together, { now: nowMs, kind: "response" }),
      ));
    }
    return packets;
  }

  #compose(nowMs: number): Message[] {
    const outgoing = this.#outgoing.splice(0);
    const hasAnswers = outgoing.some(({ answerTo }) => answerTo !== undefined);
    const isAnnounced = hasAnswers && this.#options.troubles?.take("answerWhenAsked");
    const messages = this.#composeAll(outgoing, nowMs);
    if (!isAnnounced) return messages;
    const answers = messages.filter((_, index) => outgoing[index].answerTo !== undefined);
    const notices = outgoing.flatMap(({ answerTo }, index): Outgoing[] =>
      answerTo === undefined ? [] : [announcement(answerTo, messages[index])]
    );
    const others = messages.filter((message) => !answers.includes(message));
    return [...others, ...this.#composeAll(notices, nowMs)];
  }

  #composeAll(outgoing: readonly Outgoing[], nowMs: number): Message[] {
    return outgoing.map(({ body, contentRelated, kind, answerTo }) => {
      const message = this.#session.compose(body, { now: nowMs, contentRelated, kind });
      if (contentRelated) keep(this.#unacknowledged, message.msgId, message);
      if (answerTo !== undefined) keep(this.#answers, answerTo, message);
      return message;
    });
  }

  #handle(message: Message, nowMs: number): void {
    const id = constructorId(message.body);
    if (id !== undefined && mtprotoSchema().hasId(id)) {
      return this.#service(message, mtprotoSchema().decode(message.body) as TlObject, nowMs);
    }
    if (message.seqNo % 2 === 0) return this.#notifyBadMessage(message, ODD_SEQ_NO_EXPECTED);
    const result = this.#options.answer(message, this);
    if (result instanceof Uint8Array) return this.#answered(message.msgId, result);
    void result.then((late) => {
      this.#answered(message.msgId, late);
      this.#options.onLateAnswer?.(this);
    });
  }

  #answered(msgId: bigint, result: Uint8Array): void {
    keep(this.#outcomes, msgId, constructorId(result) !== RPC_ERROR);
    this.#result(msgId, result);
  }

  #service(message: Message, request: TlObject, nowMs: number): void {
    switch (request._) {
      case "http_wait":
        this.httpWait = {
          maxDelay: Number(request.maxDelay),
          waitAfter: Number(request.waitAfter),
          maxWait: Number(request.maxWait),
        };
        return;
      case "ping_delay_disconnect":
        this.disconnectAtMs = nowMs + Number(request.disconnectDelay) * 1000;
        return this.#notify({ _: "pong", msgId: asLong(message.msgId), pingId: request.pingId });
      case "ping":
        return this.#notify({ _: "pong", msgId: asLong(message.msgId), pingId: request.pingId });
      case "msgs_ack":
        return this.#acknowledged(request.msgIds as bigint[]);
      case "get_future_salts": {
        const seconds = Math.floor(nowMs / 1000);
        const count = Math.min(Math.max(Number(request.num), 1), 64);
        const salts = this.#options.salts.upcoming(seconds, count)
          .map((salt) => ({ _: "future_salt", ...salt }));
        return this.#notify({
          _: "future_salts",
          reqMsgId: asLong(message.msgId),
          now: seconds,
          salts,
        });
      }
      case "msgs_state_req": {
        const ids = (request.msgIds as bigint[]).map((id) => asMsgId(id));
        const info = Uint8Array.from(ids, (id) => this.#session.stateOf(id));
        return this.#notify({ _: "msgs_state_info", reqMsgId: asLong(message.msgId), info });
      }
      case "msg_resend_req":
        for (const id of request.msgIds as bigint[]) {
          const kept = this.#unacknowledged.get(asMsgId(id));
          if (kept !== undefined) this.#again.push(kept);
        }
        return;
      case "rpc_drop_answer":
        return this.#result(message.msgId, mtprotoSchema().encode(this.#dropAnswer(request)));
      case "destroy_session": {
        const sessionId = request.sessionId as bigint;
        const known = this.#options.destroy(sessionId);
        return this.#notify({
          _: known ? "destroy_session_ok" : "destroy_session_none",
          sessionId,
        });
      }
      case "destroy_auth_key":
        this.#options.destroyKey();
        return this.#notify({ _: "destroy_auth_key_ok" });
    }
    // Other service messages need no answer; content-related ones are acknowledged.
    if (message.seqNo % 2 === 1 && !NOT_CONTENT_RELATED.includes(request._)) {
      this.#notify({ _: "msgs_ack", msgIds: [asLong(message.msgId)] });
    }
  }

  #result(reqMsgId: bigint, result: Uint8Array): void {
    const writer = new TlWriter();
    writer.uint32(RPC_RESULT);
    writer.int64(asLong(reqMsgId));
    writer.raw(result);
    const body = writer.finish();
    this.#outgoing.push({ body, contentRelated: true, kind: "response", answerTo: reqMsgId });
  }

  /** Forgets an answer. No call is ever running: calls are answered at once. */
  #dropAnswer(request: TlObject): TlObject {
    const reqMsgId = asMsgId(request.reqMsgId);
    const answer = this.#answers.get(reqMsgId);
    if (answer === undefined) return { _: "rpc_answer_unknown" };
    this.#answers.delete(reqMsgId);
    this.#unacknowledged.delete(answer.msgId);
    const { msgId, seqNo, body } = answer;
    return { _: "rpc_answer_dropped", msgId: asLong(msgId), seqNo, bytes: body.length };
  }

  #acknowledged(msgIds: readonly bigint[]): void {
    for (const id of msgIds) this.#unacknowledged.delete(asMsgId(id));
    for (const [call, { msgId }] of this.#answers) {
      if (!this.#unacknowledged.has(msgId)) this.#answers.delete(call);
    }
  }

  /** Handles a repeated message: it is not carried out again, its answer is sent again. */
  #repeat(msgId: bigint): void {
    const answer = this.#answers.get(msgId);
    if (answer !== undefined) this.#again.push(answer);
  }

  #refuse(message: Message, error: unknown): void {
    if (!(error instanceof SecurityError)) throw error;
    if (error.check === "msg_id_seen") return this.#repeat(message.msgId);
    const errorCode = ERROR_CODES[error.check];
    if (errorCode === undefined) throw error;
    this.#notifyBadMessage(message, errorCode);
  }

  #notifyBadMessage({ msgId, seqNo }: Message, errorCode: number): void {
    this.#notify({
      _: "bad_msg_notification",
      badMsgId: asLong(msgId),
      badMsgSeqno: seqNo,
      errorCode,
    });
  }

  #notify(object: TlObject): void {
    const body = mtprotoSchema().encode(object);
    this.#outgoing.push({ body, contentRelated: false, kind: "response" });
  }

  #queue(object: TlObject, kind: MessageKind): void {
    this.#outgoing.push({ body: mtprotoSchema().encode(object), contentRelated: true, kind });
  }
}

/** Returns the notice that an answer is ready, which the client must ask for. */
function announcement(call: bigint, { msgId, body }: Message): Outgoing {
  const notice = mtprotoSchema().encode({
    _: "msg_detailed_info",
    msgId: asLong(call),
    answerMsgId: asLong(msgId),
    bytes: body.length,
    status: 0,
  });
  return { body: notice, contentRelated: false, kind: "response" };
}

/** Adds an entry to a map of limited size, in place of the oldest one. */
function keep<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.set(key, value);
  forgetOldest(map, KEPT_ANSWERS);
}
