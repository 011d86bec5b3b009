/**
 * The part of a session that both sides share: msg_ids and seq_nos of sent messages, and all checks
 * of received ones. https://core.telegram.org/mtproto/description,
 * https://core.telegram.org/mtproto/security_guidelines
 *
 * A packet is received in three steps: `open()` decrypts it, `examine()` checks it and changes
 * nothing, `accept()` counts its messages as received. A packet that breaks a rule throws a
 * SecurityError. client_session.ts and the offline Telegram decide what to answer. The role is a
 * parameter: a "client" encrypts with x = 0 and has msg_ids divisible by 4, a "server" has x = 8
 * and odd ones.
 */
import type { Side } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import type { AuthKey } from "./auth_key.ts";
import { constructorId, type Message, packContainer } from "./container.ts";
import { type Envelope, openEnvelope, sealEnvelope } from "./envelope.ts";
import { type MessageKind, MsgIds, timeOfMsgId } from "./msg_id.ts";
import { type OrderVerdict, ReceivedIds, SeqNoOrder } from "./received_ids.ts";
import { demand, type SecurityCheck, SecurityError } from "./security_error.ts";
import { Unpacker } from "./unpacker.ts";

/** The options of an {@linkcode EncryptedSession}. */
export interface EncryptedSessionOptions {
  readonly authKey: AuthKey;
  readonly role: Side;
  readonly random: Random;
  /** Signed 64 bits. */
  readonly sessionId: bigint;
  /** Signed 64 bits; 0n, the default, if it is not known. */
  readonly serverSalt?: bigint;
  /** Milliseconds to add to the local clock to get the server's. */
  readonly timeOffset?: number;
  /** The source of msg_ids; sessions with the same source never use a msg_id twice. */
  readonly msgIds?: MsgIds;
  /** Whether messages are padded so that their lengths tell less; false by default. */
  readonly hidesLengths?: boolean;
}

/** The options of {@linkcode EncryptedSession.examine}. */
export interface ExamineOptions {
  /** Opens the packet, and counts what it unpacks. */
  readonly unpacker?: Unpacker;
  /** Returns whether to accept messages that are too old or too far ahead by our clock. */
  readonly takesAnyTime?: (messages: readonly Message[]) => boolean;
}

/** A packet that passed all checks. */
export interface Examined {
  readonly msgId: bigint;
  /** The new messages, in their order, with unpacked bodies. */
  readonly messages: readonly Message[];
  /** The messages of a container that were received before. */
  readonly repeated: readonly Message[];
}

/** The greatest age of a message, milliseconds. */
const MAX_AGE = 300_000;
/** The greatest lead of a message over our clock, milliseconds. */
const MAX_AHEAD = 30_000;

const CLOCK_TOLERANCE = 5000; // ms
const MSGS_ACK = 0x62d6b459;
const NEW_SESSION_CREATED = 0x9ec20908;

/** One session of one auth key, for either side. Times are milliseconds since 1970. */
export class EncryptedSession {
  readonly authKey: AuthKey;
  readonly role: Side;
  readonly sessionId: bigint;
  /** Whether messages are padded so that their lengths tell less. */
  readonly hidesLengths: boolean;
  /** The salt of sent messages. */
  serverSalt: bigint;
  /** Milliseconds to add to the local clock to get the server's. */
  timeOffset: number;
  /** Whether our clock agrees with the other side's. If not, messages of any age are accepted. */
  synchronized = false;

  readonly #random: Random;
  readonly #msgIds: MsgIds;
  readonly #received = new ReceivedIds();
  readonly #order = new SeqNoOrder();
  #contentRelatedCount = 0;
  /** The last msg_id of another session, or before our seq_nos were moved. */
  #lastForeign: bigint;

  constructor(options: EncryptedSessionOptions) {
    this.authKey = options.authKey;
    this.role = options.role;
    this.sessionId = options.sessionId;
    this.serverSalt = options.serverSalt ?? 0n;
    this.timeOffset = options.timeOffset ?? 0;
    this.#random = options.random;
    this.hidesLengths = options.hidesLengths ?? false;
    this.#msgIds = options.msgIds ?? new MsgIds();
    this.#lastForeign = this.#msgIds.last;
  }

  /** Returns the server's time at the local time `now`. */
  serverTime(now: number): number {
    return now + this.timeOffset;
  }

  /**
   * Learns the server's time from the msg_id of an accepted message. A message may arrive late or
   * twice, but never early. So it can only move the clock forward.
   *
   * @param isFresh whether the message is not older than the doubt in our clock
   * @returns whether it did
   */
  hear(msgId: bigint, now: number, isFresh: boolean): boolean {
    const ahead = timeOfMsgId(msgId) - this.serverTime(now);
    const isSlow = ahead > CLOCK_TOLERANCE;
    if (isSlow) this.timeOffset += ahead;
    if (isFresh && ahead >= -MAX_AGE) this.synchronized = true;
    return isSlow;
  }

  /**
   * Takes the server's time from the msg_id of a notice that our time is wrong. Ignores a
   * difference of up to 5 seconds, which may be the delay of the network.
   *
   * @returns whether the clock changed
   */
  synchronize(msgId: bigint, now: number): boolean {
    const error = timeOfMsgId(msgId) - this.serverTime(now);
    const isWrong = Math.abs(error) > CLOCK_TOLERANCE;
    if (isWrong) this.timeOffset += error;
    this.#msgIds.setBack(this.serverTime(now), CLOCK_TOLERANCE);
    this.synchronized = true;
    return isWrong;
  }

  /** Begins a new connection: our clock may lag, and the other side may count from 0 again. */
  reconnected(): void {
    this.synchronized = false;
    this.#order.reset();
  }

  /** Returns the state of a message of the other side, as in msgs_state_info. */
  stateOf(msgId: bigint): number {
    return this.#received.stateOf(msgId);
  }

  /**
   * Returns a message with the next msg_id and seq_no. The seq_no is odd for a content-related
   * message, which the other side must acknowledge.
   */
  compose(
    body: Uint8Array,
    { now, contentRelated, kind }: { now: number; contentRelated: boolean; kind?: MessageKind },
  ): Message {
    const seqNo = this.#contentRelatedCount * 2 + (contentRelated ? 1 : 0);
    if (contentRelated) this.#contentRelatedCount++;
    return { msgId: this.#msgIds.next(this.serverTime(now), kind), seqNo, body };
  }

  /** Moves the count of content-related messages, by which seq_nos are made; never below 0. */
  skipSeqNos(count: number): void {
    this.#lastForeign = this.#msgIds.last;
    this.#contentRelatedCount = Math.max(0, this.#contentRelatedCount + count);
  }

  /**
   * Returns whether a message that was sent may be sent again with the same msg_id and seq_no: the
   * other side takes it, and carries it out only once.
   */
  mayRepeat(msgId: bigint, now: number): boolean {
    const age = this.serverTime(now) - timeOfMsgId(msgId);
    const isInOrder = msgId > this.#lastForeign && msgId <= this.#msgIds.last;
    return isInOrder && age >= 0 && age < MAX_AGE;
  }

  /** Returns a container of messages. Its own msg_id is higher than theirs. */
  composeContainer(
    messages: readonly Message[],
    { now, kind }: { now: number; kind?: MessageKind },
  ): Message {
    return this.compose(packContainer(messages), { now, contentRelated: false, kind });
  }

  /** Encrypts one message into a packet. */
  seal(message: Message): Uint8Array {
    const { authKey, role: sender, sessionId, serverSalt: salt, hidesLengths } = this;
    return sealEnvelope({ ...message, salt, sessionId }, {
      authKey,
      sender,
      random: this.#random,
      hidesLengths,
    });
  }

  /** Decrypts a packet, with the checks that need no session. */
  open(packet: Uint8Array): Envelope {
    const sender = this.role === "client" ? "server" : "client";
    return openEnvelope(packet, { authKey: this.authKey, sender });
  }

  /**
   * Checks an envelope against this session. None of its messages counts as received yet.
   *
   * @throws {SecurityError} if the envelope breaks a rule; `msg_id_seen` for a repeated envelope
   */
  examine(envelope: Envelope, now: number, options: ExamineOptions = {}): Examined {
    const { unpacker = new Unpacker(), takesAnyTime } = options;
    demand(
      envelope.sessionId === this.sessionId,
      "session_id",
      () => "Cannot accept a message: its session_id is not that of this session",
    );
    this.#checkMsgId(envelope.msgId);
    this.#checkNew(envelope.msgId);
    const untimely = this.#timeError(envelope.msgId, now);
    if (untimely !== undefined && takesAnyTime === undefined) throw untimely;
    const { isContainer, messages } = unpacker.open(envelope);
    if (untimely !== undefined && takesAnyTime?.(messages) !== true) throw untimely;
    demand(
      !isContainer || envelope.seqNo % 2 === 0,
      "seq_no_parity",
      () => `Cannot accept a container: its seq_no ${envelope.seqNo} is odd, expected even`,
    );
    const examined = isContainer
      ? this.#sift(envelope.msgId, messages)
      : { messages, repeated: [] };
    for (const message of examined.messages) this.#checkSeqNo(message);
    if (this.role === "server") {
      this.#checkOrder(examined.messages, ({ seqNo }, verdict) => {
        const text = `Cannot accept a message: its seq_no ${seqNo} is out of order`;
        throw new SecurityError(verdict, text);
      });
    }
    return { msgId: envelope.msgId, ...examined };
  }

  /** Separates the new messages of a container from repeated ones. */
  #sift(container: bigint, parts: readonly Message[]): Omit<Examined, "msgId"> {
    const seen = new Set([container]);
    const messages: Message[] = [];
    const repeated: Message[] = [];
    for (const part of parts) {
      this.#checkMsgId(part.msgId);
      const isNew = !seen.has(part.msgId) && this.#received.verdict(part.msgId) === "new";
      seen.add(part.msgId);
      (isNew ? messages : repeated).push(part);
    }
    return { messages, repeated };
  }

  /**
   * Counts the messages of a packet as received.
   *
   * @returns a line for each message of a server whose seq_no is out of order. It breaks nothing:
   * the order is counted anew from there.
   */
  accept({ msgId, messages }: Examined): string[] {
    for (const message of messages) this.#received.add(message.msgId);
    this.#received.add(msgId); // the highest of them comes last: it is put at the end
    const oddities: string[] = [];
    if (this.role === "server") return oddities;
    this.#checkOrder(messages, (message) => {
      this.#order.reset(message.msgId);
      oddities.push(`A message of the server has the seq_no ${message.seqNo}, out of order.`);
    });
    return oddities;
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

  #timeError(msgId: bigint, now: number): SecurityError | undefined {
    const age = this.serverTime(now) - timeOfMsgId(msgId);
    if (!this.synchronized || (age <= MAX_AGE && age >= -MAX_AHEAD)) return undefined;
    const [check, what, most]: [SecurityCheck, string, number] = age > MAX_AGE
      ? ["msg_id_too_low", `${seconds(age)} s old`, MAX_AGE]
      : ["msg_id_too_high", `${seconds(-age)} s ahead`, MAX_AHEAD];
    const text = `Cannot accept a message: it is ${what}, expected at most ${seconds(most)} s`;
    return new SecurityError(check, text);
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
      () => "Cannot accept a message: its msg_id is too old to be checked for a repetition",
    );
  }

  /**
   * Checks the rule behind bad_msg_notification 34 and 35. A seq_no is odd for a content-related
   * message; acknowledgments are never content-related. A server accepts odd acknowledgments, as
   * Telegram does: mtcute sends them.
   */
  #checkSeqNo({ seqNo, body }: Message): void {
    demand(
      seqNo % 2 === 0 || this.role === "server" || constructorId(body) !== MSGS_ACK,
      "seq_no_parity",
      () => `Cannot accept an acknowledgment: its seq_no ${seqNo} is odd, expected even`,
    );
  }

  /**
   * Checks the rule behind bad_msg_notification 32 and 33: content-related messages with higher
   * msg_ids have higher seq_nos. Calls `broken` for each message that breaks it.
   */
  #checkOrder(
    messages: readonly Message[],
    broken: (message: Message, verdict: Exclude<OrderVerdict, "in_order">) => void,
  ): void {
    // A server that lost this session counts from 0 again. It sends this message among the first.
    const created = messages.find(({ body }) => constructorId(body) === NEW_SESSION_CREATED);
    if (created !== undefined) this.#order.reset(created.msgId);
    for (const message of messages) {
      if (message.seqNo % 2 === 0) continue;
      const verdict = this.#order.add(message.msgId, message.seqNo);
      if (verdict !== "in_order") broken(message, verdict);
    }
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}
