/**
 * The server's half of a session: checks like Telegram's, and answers to all service messages.
 * https://core.telegram.org/mtproto/service_messages, https://core.telegram.org/mtproto/service_messages_about_messages
 *
 * The counterpart of mtproto/client_session.ts, on the same EncryptedSession. Where the client's half gives up on a message that
 * breaks a rule, this one tells the client with `bad_msg_notification`. Strict: what Telegram would refuse is refused here.
 */
import {
  asLong,
  asMsgId,
  type AuthKey,
  constructorId,
  EncryptedSession,
  type Envelope,
  forgetOldest,
  type Message,
  type MessageKind,
  type MsgIds,
  type SecurityCheck,
  SecurityError,
  takeContainer,
  unpackGzip,
} from "../mtproto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import { mtprotoSchema, type TlObject, TlWriter } from "../tl/mod.ts";
import type { SaltSchedule } from "./salt_schedule.ts";

/** What a session needs of the data center that it is on. */
export interface ServerSessionOptions {
  readonly authKey: AuthKey;
  /** Signed 64 bits. */
  readonly sessionId: bigint;
  readonly salts: SaltSchedule;
  readonly random: Random;
  /** Where its msg_ids come from: one for all sessions of a key, so that a session that was forgotten and begun anew repeats none. */
  readonly msgIds: MsgIds;
  /** Answers a serialised call with a serialised result, or `rpc_error`. */
  readonly answer: (body: Uint8Array, session: ServerSession) => Uint8Array;
  /** Leaves a session of the same key; says whether there was one. */
  readonly destroy: (sessionId: bigint) => boolean;
  /** Forgets the key: what comes under it from now on is answered -404. */
  readonly destroyKey: () => void;
}

/** The numbers of `bad_msg_notification`, by the rule that was broken. */
const ERROR_CODES: Partial<Record<SecurityCheck, number>> = {
  msg_id_too_low: 16,
  msg_id_too_high: 17,
  msg_id_parity: 18,
  msg_id_too_old: 20,
  seq_no_too_low: 32,
  seq_no_too_high: 33,
  seq_no_parity: 34,
  container: 64,
  gzip_packed: 64,
};
const ODD_SEQ_NO_EXPECTED = 35;
const BAD_SERVER_SALT = 48;

const RPC_RESULT = 0xf35c6d01;
const KEPT_ANSWERS = 2000;
/** Service messages that are not acknowledged; every other message has to have an odd seq_no. */
const NOT_CONTENT_RELATED: readonly string[] = ["msgs_ack", "http_wait"];

interface Outgoing {
  readonly body: Uint8Array;
  readonly contentRelated: boolean;
  readonly kind: MessageKind;
  /** For an answer: the call's msg_id. */
  readonly answerTo?: bigint;
}

/** One session of one auth key, on the server. Times are milliseconds since 1970. */
export class ServerSession {
  /** What `invokeWithLayer` said last. */
  layer: number | undefined;
  /** What `initConnection` said last. */
  apiId: number | undefined;
  /** When the client's last `ping_delay_disconnect` runs out. */
  disconnectAt = Infinity;

  readonly #options: ServerSessionOptions;
  readonly #session: EncryptedSession;
  /** Content-related messages without acknowledgment, to be sent again after a new connection. */
  readonly #unacknowledged = new Map<bigint, Message>();
  /** The answers to calls, by the calls' msg_ids, as long as they are not acknowledged. */
  readonly #answers = new Map<bigint, Message>();
  #outgoing: Outgoing[] = [];
  #again: Message[] = [];
  #announced = false;

  constructor(options: ServerSessionOptions) {
    this.#options = options;
    this.#session = new EncryptedSession({ ...options, role: "server" });
    this.#session.synchronized = true; // this clock is the one that counts
  }

  /** The key of this session. */
  get authKey(): AuthKey {
    return this.#options.authKey;
  }

  /** The client's random number; signed 64 bits. */
  get sessionId(): bigint {
    return this.#options.sessionId;
  }

  /** Takes a decrypted message; the answers wait for `flush`. */
  receive(envelope: Envelope, now: number): void {
    const { salts, random } = this.#options;
    if (!salts.accepts(envelope.salt, now / 1000)) {
      const newServerSalt = salts.current(now / 1000);
      this.#notify({
        _: "bad_server_salt",
        badMsgId: asLong(envelope.msgId),
        badMsgSeqno: envelope.seqNo,
        errorCode: BAD_SERVER_SALT,
        newServerSalt,
      });
      return;
    }
    let messages: Message[];
    try {
      messages = this.#session.accept(envelope, now, {
        onSeen: ({ msgId }) => this.#repeat(msgId),
      });
    } catch (error) {
      return this.#refuse(envelope, error);
    }
    if (!this.#announced) {
      this.#announced = true;
      const uniqueId = new DataView(random(8).slice().buffer).getBigInt64(0, true);
      const firstMsgId = asLong(
        messages.reduce((low, { msgId }) => msgId < low ? msgId : low, envelope.msgId),
      );
      const serverSalt = salts.current(now / 1000);
      this.#queue({ _: "new_session_created", firstMsgId, uniqueId, serverSalt }, "notification");
    }
    for (const message of messages) this.#handle(message, now);
  }

  /** Queues an update, already serialised. */
  push(body: Uint8Array): void {
    this.#outgoing.push({ body, contentRelated: true, kind: "notification" });
  }

  /** After a new connection: all that was not acknowledged is sent again, under the same msg_ids. */
  reconnected(): void {
    this.disconnectAt = Infinity;
    this.#again.push(...this.#unacknowledged.values());
  }

  /** All that waits, as encrypted packets. */
  flush(now: number): Uint8Array[] {
    this.#session.serverSalt = this.#options.salts.current(now / 1000);
    const again = new Set(this.#again.splice(0));
    const messages = [...again, ...this.#compose(now)];
    const packets: Uint8Array[] = [];
    while (messages.length > 0) {
      const together = takeContainer(messages);
      // What is sent again keeps its msg_id, which may be too old to travel alone.
      packets.push(this.#session.seal(
        together.length === 1 && !again.has(together[0])
          ? together[0]
          : this.#session.composeContainer(together, { now, kind: "response" }),
      ));
    }
    return packets;
  }

  #compose(now: number): Message[] {
    return this.#outgoing.splice(0).map(({ body, contentRelated, kind, answerTo }) => {
      const message = this.#session.compose(body, { now, contentRelated, kind });
      if (contentRelated) keep(this.#unacknowledged, message.msgId, message);
      if (answerTo !== undefined) keep(this.#answers, answerTo, message);
      return message;
    });
  }

  #handle(message: Message, now: number): void {
    let body: Uint8Array;
    try {
      body = unpackGzip(message.body);
    } catch (error) {
      return this.#refuse(message, error);
    }
    const id = constructorId(body);
    if (id !== undefined && mtprotoSchema().hasId(id)) {
      return this.#service(message, mtprotoSchema().decode(body) as TlObject, now);
    }
    if (message.seqNo % 2 === 0) return this.#badMessage(message, ODD_SEQ_NO_EXPECTED);
    this.#result(message.msgId, this.#options.answer(message.body, this));
  }

  #service(message: Message, request: TlObject, now: number): void {
    switch (request._) {
      case "ping_delay_disconnect":
        this.disconnectAt = now + Number(request.disconnectDelay) * 1000;
        return this.#notify({ _: "pong", msgId: asLong(message.msgId), pingId: request.pingId });
      case "ping":
        return this.#notify({ _: "pong", msgId: asLong(message.msgId), pingId: request.pingId });
      case "msgs_ack":
        return this.#acknowledged(request.msgIds as bigint[]);
      case "get_future_salts": {
        const seconds = Math.floor(now / 1000);
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
    // The rest asks for nothing, but what is content-related is acknowledged.
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

  /** Calls are answered at once here, so there is either an answer to forget or nothing. */
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

  /** A message came a second time: it is not carried out again, its answer is sent again. */
  #repeat(msgId: bigint): void {
    const answer = this.#answers.get(msgId);
    if (answer !== undefined) this.#again.push(answer);
  }

  #refuse(message: Message, error: unknown): void {
    if (!(error instanceof SecurityError)) throw error;
    if (error.check === "msg_id_seen") return this.#repeat(message.msgId);
    const errorCode = ERROR_CODES[error.check];
    if (errorCode === undefined) throw error;
    this.#badMessage(message, errorCode);
  }

  #badMessage({ msgId, seqNo }: Message, errorCode: number): void {
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

/** Adds to a map that must not grow for ever: the oldest entry makes room. */
function keep<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.set(key, value);
  forgetOldest(map, KEPT_ANSWERS);
}
