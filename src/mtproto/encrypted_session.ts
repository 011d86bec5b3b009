/**
 * The half of a session that both sides share: msg_ids and seq_nos going out, and every check of what comes in.
 * https://core.telegram.org/mtproto/description, https://core.telegram.org/mtproto/security_guidelines
 *
 * Rules: each packet is one encrypted message; containers are opened, one level deep; a packet that breaks a rule throws a
 * SecurityError and counts as not received, with all that it holds. What to answer, and what became of calls, is decided
 * by client_session.ts and by the offline Telegram.
 * The role is a parameter: "client" sends x = 0 and msg_ids divisible by 4, "server" x = 8 and odd ones.
 */
import type { Side } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import type { AuthKey } from "./auth_key.ts";
import {
  constructorId,
  type Message,
  MSG_CONTAINER,
  packContainer,
  unpackContainer,
  unpackGzip,
} from "./container.ts";
import { type Envelope, openEnvelope, sealEnvelope } from "./envelope.ts";
import { type MessageKind, MsgIds, timeOfMsgId } from "./msg_id.ts";
import { ReceivedIds, SeqNoOrder } from "./received_ids.ts";
import { demand, SecurityError } from "./security_error.ts";

/** What an {@linkcode EncryptedSession} is made of. */
export interface EncryptedSessionOptions {
  readonly authKey: AuthKey;
  readonly role: Side;
  readonly random: Random;
  /** Signed 64 bits. */
  readonly sessionId: bigint;
  /** Signed 64 bits; 0n when none is known. */
  readonly serverSalt?: bigint;
  /** Milliseconds to add to the local clock to get the server's. */
  readonly timeOffset?: number;
  /** Where its msg_ids come from: given by who needs them to be unique over several sessions. */
  readonly msgIds?: MsgIds;
}

/** How {@linkcode EncryptedSession.accept} is to treat an envelope. */
export interface AcceptOptions {
  /** Told of each message in a container that came before. */
  readonly onSeen?: (message: Message) => void;
  /** Says whether to take an envelope that seems too old or too far ahead, as it may be our own clock that is wrong. */
  readonly takesAnyTime?: (envelope: Envelope) => boolean;
}

/** A message may be this old, in milliseconds. */
const MAX_AGE = 300_000;
/** A message may be this far ahead, in milliseconds. */
const MAX_AHEAD = 30_000;

const CLOCK_TOLERANCE = 5000; // ms
const MSGS_ACK = 0x62d6b459;
const NEW_SESSION_CREATED = 0x9ec20908;

/** One session of one auth key, as either side sees it. Times are milliseconds since 1970. */
export class EncryptedSession {
  readonly authKey: AuthKey;
  readonly role: Side;
  readonly sessionId: bigint;
  /** The salt of outgoing messages. */
  serverSalt: bigint;
  /** Milliseconds from the local clock to the server's. */
  timeOffset: number;
  /** Whether our clock is known to go as the other side's: until then the age of its messages cannot be judged. */
  synchronized = false;

  readonly #random: Random;
  readonly #msgIds: MsgIds;
  readonly #received = new ReceivedIds();
  readonly #order = new SeqNoOrder();
  #contentRelatedCount = 0;

  constructor(options: EncryptedSessionOptions) {
    this.authKey = options.authKey;
    this.role = options.role;
    this.sessionId = options.sessionId;
    this.serverSalt = options.serverSalt ?? 0n;
    this.timeOffset = options.timeOffset ?? 0;
    this.#random = options.random;
    this.#msgIds = options.msgIds ?? new MsgIds();
  }

  /** The server's time at the local moment `now`. */
  serverTime(now: number): number {
    return now + this.timeOffset;
  }

  /**
   * Learns the server's time from the msg_id of a message that was accepted. A message may come late, or for the second time, but
   * never early: the clock only goes forward by it. Says whether it did.
   */
  hear(msgId: bigint, now: number): boolean {
    const ahead = timeOfMsgId(msgId) - this.serverTime(now);
    const isSlow = ahead > CLOCK_TOLERANCE;
    if (isSlow) this.timeOffset += ahead;
    if (ahead >= -MAX_AGE) this.synchronized = true;
    return isSlow;
  }

  /**
   * Takes the server's time from the msg_id of a notice that ours is wrong, made when it was sent; not if it is only the way
   * through the network that differs. Says whether it did.
   */
  synchronize(msgId: bigint, now: number): boolean {
    const error = timeOfMsgId(msgId) - this.serverTime(now);
    const isWrong = Math.abs(error) > CLOCK_TOLERANCE;
    if (isWrong) this.timeOffset += error;
    this.#msgIds.setBack(this.serverTime(now), CLOCK_TOLERANCE);
    this.synchronized = true;
    return isWrong;
  }

  /** The connection is another one: the clock may have stood still meanwhile, and the other side may have begun to count anew. */
  reconnected(): void {
    this.synchronized = false;
    this.#order.reset();
  }

  /** What is known about a message of the other side, as msgs_state_info says it. */
  stateOf(msgId: bigint): number {
    return this.#received.stateOf(msgId);
  }

  /** Gives a body its msg_id and seq_no: odd for a content-related message, one that the other side must acknowledge. */
  compose(
    body: Uint8Array,
    { now, contentRelated, kind }: { now: number; contentRelated: boolean; kind?: MessageKind },
  ): Message {
    const seqNo = this.#contentRelatedCount * 2 + (contentRelated ? 1 : 0);
    if (contentRelated) this.#contentRelatedCount++;
    return { msgId: this.#msgIds.next(this.serverTime(now), kind), seqNo, body };
  }

  /** Puts messages into a container: a message of its own, with a higher msg_id than theirs. */
  composeContainer(
    messages: readonly Message[],
    { now, kind }: { now: number; kind?: MessageKind },
  ): Message {
    return this.compose(packContainer(messages), { now, contentRelated: false, kind });
  }

  /** Encrypts one message into a packet. */
  seal(message: Message): Uint8Array {
    const { authKey, role: sender, sessionId, serverSalt: salt } = this;
    return sealEnvelope({ ...message, salt, sessionId }, { authKey, sender, random: this.#random });
  }

  /** Decrypts a packet and checks what can be checked without a session. */
  open(packet: Uint8Array): Envelope {
    const sender = this.role === "client" ? "server" : "client";
    return openEnvelope(packet, { authKey: this.authKey, sender });
  }

  /**
   * Checks an envelope against this session and gives its messages, in their order, without those that came before. A repeated
   * envelope throws `msg_id_seen`; a repeated message inside a container is told to `onSeen` and left out.
   */
  accept(envelope: Envelope, now: number, options: AcceptOptions = {}): Message[] {
    demand(
      envelope.sessionId === this.sessionId,
      "session_id",
      () => "Cannot accept a message: its session_id is not that of this session",
    );
    this.#checkMsgId(envelope.msgId);
    this.#checkTime(envelope, now, options);
    this.#checkNew(envelope.msgId);
    const contents = unpackGzip(envelope.body); // any object may come compressed, a container too
    if (constructorId(contents) !== MSG_CONTAINER) {
      this.#checkSeqNos([envelope]);
      this.#received.add(envelope.msgId);
      return [envelope];
    }
    demand(
      envelope.seqNo % 2 === 0,
      "seq_no_parity",
      () => `Cannot accept a container: its seq_no ${envelope.seqNo} is odd`,
    );
    const parts = unpackContainer(contents);
    for (const part of parts) this.#checkMsgId(part.msgId);
    this.#checkSeqNos(parts.filter((part) => this.#received.verdict(part.msgId) === "new"));
    // Nothing can fail from here on: only now is any of it received.
    this.#received.add(envelope.msgId);
    return parts.filter((part) => {
      if (this.#received.add(part.msgId) === "new") return true;
      options.onSeen?.(part);
      return false;
    });
  }

  #checkMsgId(msgId: bigint): void {
    const lowBits = Number(msgId & 3n);
    demand(
      this.role === "client" ? lowBits % 2 === 1 : lowBits === 0,
      "msg_id_parity",
      () =>
        `Cannot accept a message: its msg_id is ${lowBits} modulo 4, expected ${
          this.role === "client" ? "1 or 3 from a server" : "0 from a client"
        }`,
    );
  }

  #checkTime(envelope: Envelope, now: number, { takesAnyTime }: AcceptOptions): void {
    const age = this.serverTime(now) - timeOfMsgId(envelope.msgId);
    const isInTime = age <= MAX_AGE && age >= -MAX_AHEAD;
    if (isInTime || !this.synchronized || takesAnyTime?.(envelope)) return;
    demand(
      age <= MAX_AGE,
      "msg_id_too_low",
      () =>
        `Cannot accept a message: it is ${seconds(age)} s old, expected at most ${
          seconds(MAX_AGE)
        } s`,
    );
    demand(
      age >= -MAX_AHEAD,
      "msg_id_too_high",
      () =>
        `Cannot accept a message: it is ${seconds(-age)} s ahead, expected at most ${
          seconds(MAX_AHEAD)
        } s`,
    );
  }

  #checkNew(msgId: bigint): void {
    const verdict = this.#received.verdict(msgId);
    demand(
      verdict !== "seen",
      "msg_id_seen",
      () => "Cannot accept a message: its msg_id was received before",
    );
    demand(
      verdict !== "too_old",
      "msg_id_too_old",
      () => "Cannot accept a message: its msg_id is below all that are remembered",
    );
  }

  /** Checks the seq_nos of messages that came together and are new. */
  #checkSeqNos(messages: readonly Message[]): void {
    // The server lost this session's state and counts from zero again; it says so somewhere among its first messages.
    const created = messages.find(({ body }) => constructorId(body) === NEW_SESSION_CREATED);
    if (created !== undefined) this.#order.reset(created.msgId);
    for (const message of messages) this.#checkSeqNo(message);
  }

  /**
   * A seq_no is odd for a content-related message; containers and acknowledgments never are one. Messages with higher msg_ids
   * have higher seq_nos: the rules behind bad_msg_notification 32 to 35. Telegram takes odd acknowledgments from its clients all
   * the same: mtcute sends no others.
   */
  #checkSeqNo({ msgId, seqNo, body }: Message): void {
    const contentRelated = seqNo % 2 === 1;
    demand(
      !contentRelated || this.role === "server" || constructorId(body) !== MSGS_ACK,
      "seq_no_parity",
      () => `Cannot accept an acknowledgment: its seq_no ${seqNo} is odd`,
    );
    if (!contentRelated) return;
    const verdict = this.#order.add(msgId, seqNo);
    if (verdict === "in_order") return;
    throw new SecurityError(
      verdict,
      `Cannot accept a message: its seq_no ${seqNo} does not fit those of the messages around it`,
    );
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}
