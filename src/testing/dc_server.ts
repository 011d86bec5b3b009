/**
 * One data center of the offline Telegram: its auth keys, their sessions, and the connections of
 * its clients. https://core.telegram.org/mtproto
 *
 * The methods of the API are in api/; offline_telegram.ts makes a data center listen.
 */
import { bytesToHex, concatBytes } from "../crypto/mod.ts";
import type { RsaPrivateKey } from "../crypto/mod.ts";
import {
  type AcceptedKey,
  AuthKey,
  forgetOldest,
  isPlainMessage,
  type KeyExchangeBehaviour,
  KeyExchangeServer,
  MsgIds,
  openEnvelope,
  packPlainMessage,
  SecurityError,
  unpackPlainMessage,
} from "../mtproto/mod.ts";
import type { ByteStream } from "../net/mod.ts";
import type { Clock, Random } from "../runtime/mod.ts";
import { TlError, type TlObject } from "../tl/mod.ts";
import {
  acceptTransport,
  AUTH_KEY_NOT_FOUND,
  FramingError,
  type ServerTransport,
} from "../transport/mod.ts";
import { CallAnswerer, type KnownKey } from "./call_answerer.ts";
import type { OfflineApi } from "./api/mod.ts";
import { HttpConnection, type HttpEnds } from "./http_connection.ts";
import {
  httpAnswer,
  HttpError,
  type HttpRequest,
  HttpRequests,
  isApiPath,
  isHttp,
} from "./http_requests.ts";
import { canRead, fitAnswer } from "./layers/mod.ts";
import { ParallelUse } from "./parallel_use.ts";
import { quickAckToken } from "./quick_ack.ts";
import { SaltSchedule } from "./salt_schedule.ts";
import { ServerSession } from "./server_session.ts";
import { type Trouble, Troubles } from "./troubles.ts";
import { type Fate, UpdateTroubles } from "./update_troubles.ts";

/** A packet to or from a data center, for tests that count or watch packets. */
export interface ObservedPacket {
  /** The data center. */
  readonly dcId: number;
  /** `in` for a packet from a client, `out` for a packet to one. */
  readonly direction: "in" | "out";
  /** Whether it is an unencrypted message: a step of a key exchange. */
  readonly plain: boolean;
  /** The transport of its connection. */
  readonly transport: string;
}

/** A decrypted message of a client, which may be a container. */
export interface ObservedMessage {
  /** The data center. */
  readonly dcId: number;
  /** The id of its auth key, hex. */
  readonly authKeyId: string;
  /** Signed 64 bits. */
  readonly sessionId: bigint;
  /** The salt that the client used, signed 64 bits. */
  readonly salt: bigint;
  /** Its msg_id, unsigned. */
  readonly msgId: bigint;
  /** Its seq_no. */
  readonly seqNo: number;
  /** The serialised TL object. */
  readonly body: Uint8Array;
}

/** The parts of a data center. */
export interface DcServerOptions {
  /** Its number. */
  readonly id: number;
  /** The API, which carries out the calls. */
  readonly api: OfflineApi;
  /** The RSA keys with which it proves its identity. */
  readonly rsaKeys: readonly RsaPrivateKey[];
  /** Its clock. */
  readonly clock: Clock;
  /** The source of its random bytes. */
  readonly random: Random;
  /** Compresses answers for `gzip_packed`; without it no answer is compressed. */
  readonly gzip?: (bytes: Uint8Array) => Uint8Array;
  /** The seconds after which it hangs up on a client that is silent; Infinity by default. */
  readonly idleTimeout?: number;
  /** Changes the key exchange: another `pq` or `g`, wrong values, retries. */
  readonly keyExchange?: KeyExchangeBehaviour;
  /** Receives every packet. */
  readonly onPacket?: (packet: ObservedPacket) => void;
  /** Receives every message of a client, decrypted, before it is checked. */
  readonly onMessage?: (message: ObservedMessage) => void;
  /** Receives every trouble when it is made. */
  readonly onTrouble?: (trouble: Trouble) => void;
  /** Receives the error that ended a connection: the client broke it, or the protocol. */
  readonly onFailure?: (error: unknown) => void;
}

/** The most key exchanges over HTTP at a time. */
const MAX_EXCHANGES = 1000;

/** One connection of a client; over HTTP, all requests of a session. */
interface Connection {
  /** Sends what waits in a session. */
  readonly flush: (session: ServerSession) => Promise<void>;
  /** Closes it. */
  readonly close: () => void;
  /** Whether its address is for files only. */
  readonly mediaOnly: boolean;
  readonly sessions: Set<ServerSession>;
  /** When the last `ping_delay_disconnect` runs out, in Unix milliseconds. */
  disconnectAtMs: number;
  /** Aborted when the connection is closed. */
  readonly ended: AbortController;
}

/** A connection over a stream of bytes. */
interface StreamConnection extends Connection {
  readonly stream: ByteStream;
  readonly framing: ServerTransport;
  readonly exchange: KeyExchangeServer;
  readonly msgIds: MsgIds;
  /** When the client last sent something, in milliseconds of the monotonic clock. */
  heardAt: number;
}

/** One data center of the offline Telegram. */
export class DcServer {
  /** Its number. */
  readonly id: number;
  readonly #options: DcServerOptions;
  readonly #keys = new Map<string, KnownKey>();
  readonly #answerer: CallAnswerer;
  readonly #connections = new Set<Connection>();
  /** The connections that carry HTTP. */
  readonly #httpStreams = new Set<ByteStream>();
  /** The key exchanges over HTTP, by their nonces, hex. */
  readonly #httpExchanges = new Map<string, KeyExchangeServer>();
  readonly #httpMsgIds = new MsgIds();
  readonly #troubles: Troubles;
  readonly #updateTroubles: UpdateTroubles;
  /** The connection on which each session sent its last message. */
  readonly #current = new Map<ServerSession, Connection>();
  /** The sessions whose messages wait for each other, as a trouble says. */
  readonly #held = new Set<ServerSession>();

  /** Makes a data center without connections. */
  constructor(options: DcServerOptions) {
    this.id = options.id;
    this.#options = options;
    const troubles = this.#troubles = new Troubles(options.onTrouble);
    this.#answerer = new CallAnswerer({ ...options, keys: this.#keys, troubles });
    this.#updateTroubles = new UpdateTroubles(this.#troubles);
  }

  /** The number of connected clients. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Returns the number of messages that the client of a session has not acknowledged. */
  unacknowledgedIn(sessionId: bigint): number {
    for (const { sessions } of this.#keys.values()) {
      const session = sessions.get(sessionId);
      if (session !== undefined) return session.unacknowledgedCount;
    }
    return 0;
  }

  /**
   * Serves a client until either side closes. Never rejects.
   *
   * @param options whether the address is for files only
   */
  async serve(
    stream: ByteStream,
    { mediaOnly = false }: { readonly mediaOnly?: boolean } = {},
  ): Promise<void> {
    const { random } = this.#options;
    const framing = acceptTransport({ random });
    const connection: StreamConnection = {
      stream,
      framing,
      flush: (session) => this.#flushStream(session, connection),
      close: () => stream.close(),
      exchange: this.#newExchange(),
      mediaOnly,
      msgIds: new MsgIds(),
      sessions: new Set(),
      disconnectAtMs: Infinity,
      ended: new AbortController(),
      heardAt: this.#options.clock.monotonic(),
    };
    this.#connections.add(connection);
    this.#hangUpWhenIdle(connection).catch(() => {}); // ends with the connection
    try {
      const first = await this.#firstBytes(stream);
      if (first !== undefined && isHttp(first)) {
        this.#connections.delete(connection);
        connection.ended.abort();
        return await this.#serveHttp(stream, first, mediaOnly);
      }
      for (let chunk = first; chunk !== undefined; chunk = await stream.read()) {
        connection.heardAt = this.#options.clock.monotonic();
        await this.#receive(connection, chunk);
      }
    } catch (error) {
      // The client broke the connection or the protocol. Other clients are not affected.
      this.#options.onFailure?.(error);
    } finally {
      stream.close();
      this.#ended(connection);
    }
  }

  #ended(connection: Connection): void {
    connection.ended.abort();
    this.#connections.delete(connection);
    for (const session of connection.sessions) {
      if (this.#current.get(session) === connection) this.#current.delete(session);
    }
  }

  /** Reads so much that HTTP can be told from the transports. */
  async #firstBytes(stream: ByteStream): Promise<Uint8Array | undefined> {
    let first = await stream.read();
    while (first !== undefined && isHttp(first) === undefined) {
      const more = await stream.read();
      if (more === undefined) break;
      first = concatBytes(first, more);
    }
    return first;
  }

  #newExchange(): KeyExchangeServer {
    const { random, rsaKeys: keys, keyExchange } = this.#options;
    return new KeyExchangeServer({ ...keyExchange, keys, random });
  }

  /**
   * Serves requests until the client closes. They are answered in their order; one ends the wait of
   * the one before.
   */
  async #serveHttp(stream: ByteStream, first: Uint8Array, mediaOnly: boolean): Promise<void> {
    const parser = new HttpRequests();
    const gone = new AbortController();
    const end = (): void => stream.close();
    this.#httpStreams.add(stream);
    let answered = Promise.resolve();
    let wait = new AbortController();
    try {
      for (let chunk: Uint8Array | undefined = first; chunk; chunk = await stream.read()) {
        for (const request of parser.receive(chunk)) {
          wait.abort();
          wait = new AbortController();
          const ends = { gone: gone.signal, wait: wait.signal };
          const answering = this.#answerHttp(request, mediaOnly, ends);
          answering.catch(() => {}); // reported below, in its turn
          answered = answered.then(async () => {
            const answer = await answering;
            if (answer === undefined) return end();
            await stream.write(answer);
            if (!request.keepsAlive) end();
          }).catch((error) => {
            if (!gone.signal.aborted) this.#options.onFailure?.(error);
            end();
          });
        }
      }
    } catch (error) {
      this.#options.onFailure?.(error);
      const status = error instanceof HttpError ? error.status : 400;
      await stream.write(httpAnswer(status, new Uint8Array(0))).catch(() => {});
    } finally {
      gone.abort();
      stream.close();
      this.#httpStreams.delete(stream);
      await answered;
    }
  }

  /** Returns the answer to a request; undefined to hang up. */
  async #answerHttp(
    { method, path, body }: HttpRequest,
    mediaOnly: boolean,
    ends: HttpEnds,
  ): Promise<Uint8Array | undefined> {
    const answer = (status: number, packet?: Uint8Array): Uint8Array =>
      httpAnswer(status, packet ?? new Uint8Array(0), path);
    if (!isApiPath(path)) return answer(404);
    if (method === "OPTIONS") return answer(200);
    if (method !== "POST") return answer(405);
    this.#observe("http", "in", body);
    try {
      if (isPlainMessage(body)) return answer(200, this.#answerPlainHttp(body));
      const error = this.#troubles.take("transportError");
      if (error !== undefined) return answer(-error.code);
      if (this.#troubles.take("hangUp")) return undefined;
      const session = this.#receiveEncrypted((one) => this.#httpOf(one, mediaOnly), body);
      if (this.#troubles.take("hangUpBeforeAnswer")) return undefined;
      return answer(
        200,
        await this.#httpOf(session, mediaOnly).answer(
          session,
          session.httpWait,
          ends,
        ),
      );
    } catch (error) {
      if (!(error instanceof SecurityError || error instanceof TlError)) throw error;
      this.#options.onFailure?.(error);
      return answer(-AUTH_KEY_NOT_FOUND);
    }
  }

  /** Returns the connection of a session, which has it until its client makes no more requests. */
  #httpOf(session: ServerSession, mediaOnly: boolean): HttpConnection {
    const known = this.#current.get(session);
    if (known instanceof HttpConnection) return known;
    const connection = new HttpConnection({
      clock: this.#options.clock,
      mediaOnly,
      onPacket: (packet) => this.#observe("http", "out", packet),
    });
    this.#connections.add(connection);
    connection.ended.signal.addEventListener("abort", () => this.#ended(connection));
    return connection;
  }

  /** Answers a step of a key exchange. Its steps may come over several connections. */
  #answerPlainHttp(packet: Uint8Array): Uint8Array {
    const { body } = unpackPlainMessage(packet);
    const nonce = bytesToHex(body.subarray(4, 20)); // the first field of each step
    const exchange = this.#httpExchanges.get(nonce) ?? this.#newExchange();
    this.#httpExchanges.set(nonce, exchange);
    forgetOldest(this.#httpExchanges, MAX_EXCHANGES);
    return this.#answerStep(exchange, this.#httpMsgIds, body, "http");
  }

  /** Cuts all connections, as a restart of the data center would. */
  disconnectAll(): void {
    for (const connection of this.#connections) connection.close();
    for (const stream of this.#httpStreams) stream.close();
  }

  /** Invalidates every salt that clients know. */
  expireSalts(): void {
    for (const { salts } of this.#keys.values()) salts.expire(this.#nowMs() / 1000);
  }

  /** Forgets all sessions, but no keys: clients receive `new_session_created`. */
  forgetSessions(): void {
    for (const { sessions } of this.#keys.values()) {
      for (const session of sessions.values()) session.forget();
      sessions.clear();
    }
  }

  /** Forgets all auth keys: clients receive -404. */
  forgetKeys(): void {
    this.#keys.clear();
  }

  /** Forgets all temporary keys: clients receive -404. */
  forgetTemporaryKeys(): void {
    for (const [id, { expiresAtSeconds }] of this.#keys) {
      if (expiresAtSeconds !== undefined) this.#keys.delete(id);
    }
  }

  /** Forgets to what temporary keys are bound: clients receive AUTH_KEY_PERM_EMPTY. */
  unbindTemporaryKeys(): void {
    for (const key of this.#keys.values()) key.permanentId = undefined;
  }

  /**
   * Returns the id of the permanent key behind a key, hex: the key itself, or the one to which it
   * is bound; undefined for a temporary key that is not bound, or a key that is unknown.
   */
  permanentKeyOf(authKeyId: string): string | undefined {
    const key = this.#keys.get(authKeyId);
    return key?.expiresAtSeconds === undefined ? key?.authKey.idHex : key.permanentId;
  }

  /**
   * Adds an auth key, as if a client had made it earlier. Returns its id, hex.
   *
   * @param authKey 256 bytes
   * @param options the salt that the client knows, and the layer of its last `invokeWithLayer`
   */
  addAuthKey(
    authKey: Uint8Array,
    { serverSalt, layer }: { readonly serverSalt: bigint; readonly layer?: number },
  ): string {
    const key = this.#addKey({ authKey: new AuthKey(authKey), serverSalt });
    key.layer = layer;
    return key.authKey.idHex;
  }

  /** Makes a trouble once, at the next occasion; `badUpdates` lasts. */
  makeTrouble(trouble: Trouble): void {
    this.#troubles.add(trouble);
  }

  /** Forgets the troubles that had no occasion yet, and ends lasting ones. */
  endTroubles(): void {
    this.#troubles.clear();
  }

  /**
   * Sends updates to the sessions of a permanent auth key that have called a method, without
   * `invokeWithoutUpdates`.
   */
  push(authKeyId: string, updates: TlObject, exceptSession?: bigint): void {
    for (const [id, key] of this.#keys) {
      if ((key.permanentId ?? id) !== authKeyId) continue;
      for (const session of key.sessions.values()) {
        if (!session.wantsUpdates || session.sessionId === exceptSession) continue;
        void this.#push(session, key, updates);
      }
    }
  }

  /** Sends an update to all sessions. Resolves when it is written. */
  async pushToAll(updates: TlObject): Promise<void> {
    const sessions = [...this.#keys.values()].flatMap((key) =>
      [...key.sessions.values()].map((session) => this.#push(session, key, updates))
    );
    await Promise.all(sessions);
  }

  async #push(session: ServerSession, key: KnownKey, updates: TlObject): Promise<void> {
    const layer = session.layer ?? key.layer;
    if (layer === undefined || !canRead(updates, layer)) return;
    const isAway = !this.#current.has(session);
    const sent = isAway ? session.away.instead(updates) : updates;
    if (sent === undefined) return;
    const fate: Fate = isAway ? { kind: "send" } : this.#updateTroubles.next();
    if (fate.kind === "drop") return;
    if (fate.kind === "loseSession") {
      session.forget();
      key.sessions.delete(session.sessionId);
      return;
    }
    const body = this.#options.api.schemaFor(layer).encode(fitAnswer(sent, layer));
    if (fate.kind === "hold") return session.holdBack(body);
    if (fate.kind === "delay") await this.#sleep(session, fate.ms);
    session.push(body);
    if (fate.kind === "twice") session.push(body);
    await Promise.resolve();
    await this.#flushCurrent(session);
  }

  async #receive(connection: StreamConnection, chunk: Uint8Array): Promise<void> {
    const { framing: transport, stream } = connection;
    let failure: unknown;
    let packets;
    try {
      packets = transport.receive(chunk);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      packets = error.packets;
      failure = error;
    }
    const active = new Set<ServerSession>();
    for (const { payload, quickAck } of packets) {
      this.#observe(transport.name, "in", payload);
      try {
        if (isPlainMessage(payload)) {
          await this.#answerPlain(connection, payload);
          continue;
        }
        if (await this.#hangsUp(connection)) return;
        const session = this.#receiveEncrypted(() => connection, payload);
        active.add(session);
        const token = quickAck ? quickAckToken(payload, session.authKey) : undefined;
        if (token !== undefined) await stream.write(transport.packQuickAck(token));
      } catch (error) {
        if (!(error instanceof SecurityError || error instanceof TlError)) throw error;
        await stream.write(transport.packError(AUTH_KEY_NOT_FOUND));
        throw error;
      }
    }
    if (active.size > 0 && this.#troubles.take("hangUpBeforeAnswer")) return stream.close();
    for (const session of active) await this.#answer(session, connection);
    if (failure !== undefined) throw failure;
  }

  /** Hangs up if a trouble says so; with an error code, if it has one. */
  async #hangsUp({ stream, framing: transport }: StreamConnection): Promise<boolean> {
    const error = this.#troubles.take("transportError");
    if (error !== undefined) await stream.write(transport.packError(error.code));
    const hangsUp = error !== undefined || this.#troubles.take("hangUp") !== undefined;
    if (hangsUp) stream.close();
    return hangsUp;
  }

  async #answerPlain(connection: StreamConnection, packet: Uint8Array): Promise<void> {
    const { stream, framing, exchange, msgIds } = connection;
    const { body } = unpackPlainMessage(packet);
    const answer = this.#answerStep(exchange, msgIds, body, framing.name);
    await stream.write(framing.pack(answer));
  }

  #answerStep(
    exchange: KeyExchangeServer,
    msgIds: MsgIds,
    body: Uint8Array,
    transport: string,
  ): Uint8Array {
    const nowMs = this.#nowMs();
    const reply = exchange.receive(body, nowMs);
    if (reply.accepted !== undefined) this.#addKey(reply.accepted);
    const msgId = msgIds.next(nowMs, "response");
    const answer = packPlainMessage({ msgId, body: reply.body });
    this.#observe(transport, "out", answer);
    return answer;
  }

  #addKey({ authKey, serverSalt, expiresIn }: AcceptedKey): KnownKey {
    const nowSeconds = this.#nowMs() / 1000;
    const key: KnownKey = {
      authKey,
      salts: new SaltSchedule(this.#options.random, nowSeconds, serverSalt),
      msgIds: new MsgIds(),
      sessions: new Map(),
      use: new ParallelUse(),
      expiresAtSeconds: expiresIn === undefined ? undefined : nowSeconds + expiresIn,
    };
    this.#keys.set(authKey.idHex, key);
    return key;
  }

  #receiveEncrypted(
    connectionOf: (session: ServerSession) => Connection,
    packet: Uint8Array,
  ): ServerSession {
    const key = this.#keys.get(bytesToHex(packet.subarray(0, 8)));
    const nowMs = this.#nowMs();
    if (key === undefined || (key.expiresAtSeconds ?? Infinity) <= nowMs / 1000) {
      throw new SecurityError("auth_key_id", "Cannot decrypt a message: its auth key is unknown");
    }
    const envelope = openEnvelope(packet, { authKey: key.authKey, sender: "client" });
    this.#options.onMessage?.({ ...envelope, dcId: this.id, authKeyId: key.authKey.idHex });
    const session = this.#session(key, envelope.sessionId);
    const connection = connectionOf(session);
    if (!connection.sessions.has(session)) {
      connection.sessions.add(session);
      session.reconnected();
    }
    this.#current.set(session, connection);
    const { disconnectAtMs } = session;
    session.receive(envelope, nowMs);
    if (session.disconnectAtMs !== disconnectAtMs) {
      this.#hangUpLater(connection, session.disconnectAtMs);
    }
    return session;
  }

  /** Hangs up when a `ping_delay_disconnect` runs out, unless another one arrives before. */
  #hangUpLater(connection: Connection, disconnectAtMs: number): void {
    connection.disconnectAtMs = disconnectAtMs;
    const hangUp = (): void => {
      if (connection.disconnectAtMs === disconnectAtMs) connection.close();
    };
    const delayMs = disconnectAtMs - this.#nowMs();
    this.#options.clock.sleep(delayMs, connection.ended.signal).then(hangUp, () => {});
  }

  /** Hangs up on a client that has sent nothing for `idleTimeout` seconds. */
  async #hangUpWhenIdle(connection: StreamConnection): Promise<void> {
    const { idleTimeout = Infinity, clock } = this.#options;
    if (idleTimeout === Infinity) return;
    for (;;) {
      const left = connection.heardAt + idleTimeout * 1000 - clock.monotonic();
      if (left <= 0) return connection.close();
      await clock.sleep(left, connection.ended.signal);
    }
  }

  #session(key: KnownKey, sessionId: bigint): ServerSession {
    let session = key.sessions.get(sessionId);
    if (session === undefined) {
      session = new ServerSession({
        authKey: key.authKey,
        sessionId,
        salts: key.salts,
        msgIds: key.msgIds,
        random: this.#options.random,
        troubles: this.#troubles,
        answer: (call, session) => {
          const connection = this.#current.get(session);
          // Over HTTP, the end of a connection shows late: it is no proof of a second program.
          const isOpen = (): boolean =>
            connection !== undefined && !(connection instanceof HttpConnection) &&
            !connection.ended.signal.aborted;
          const { mediaOnly = false } = connection ?? {};
          return this.#answerer.answer(call, session, key, { isOpen, mediaOnly });
        },
        onLateAnswer: (session) => void this.#flushCurrent(session),
        destroy: (id) => key.sessions.delete(id),
        destroyKey: () => this.#destroyKey(key),
      });
      key.sessions.set(sessionId, session);
    }
    return session;
  }

  /** Forgets a key; with a permanent key also its temporary keys and its sign-in. */
  #destroyKey({ authKey: { idHex } }: KnownKey): void {
    for (const [id, { permanentId }] of this.#keys) {
      if (id === idHex || permanentId === idHex) this.#keys.delete(id);
    }
    this.#options.api.forgetAuthKey(this.id, idHex);
  }

  /** Sends the answers of a session, at once or as a trouble says. */
  async #answer(session: ServerSession, connection: Connection): Promise<void> {
    const merged = this.#held.has(session) ? undefined : this.#troubles.take("mergeAnswers");
    if (merged !== undefined) void this.#hold(session, merged.ms);
    const late = this.#troubles.take("answerLate");
    if (late === undefined) return await this.#flush(session, connection);
    const { clock } = this.#options;
    const flush = (): Promise<void> => this.#flush(session, connection);
    clock.sleep(late.ms, connection.ended.signal).then(flush).catch(() => {});
  }

  /** Holds back all packets to a session for some milliseconds, then sends them as one. */
  async #hold(session: ServerSession, ms: number): Promise<void> {
    this.#held.add(session);
    await this.#sleep(session, ms);
    this.#held.delete(session);
    await this.#flushCurrent(session);
  }

  /** Waits, but not longer than the connection of a session lasts. */
  async #sleep(session: ServerSession, ms: number): Promise<void> {
    const { ended } = this.#current.get(session) ?? {};
    await this.#options.clock.sleep(ms, ended?.signal).catch(() => {});
  }

  /** Sends what waits in a session on its connection, if it has one. */
  async #flushCurrent(session: ServerSession): Promise<void> {
    const connection = this.#current.get(session);
    if (connection !== undefined) await this.#flush(session, connection);
  }

  async #flush(session: ServerSession, connection: Connection): Promise<void> {
    await connection.flush(session);
  }

  async #flushStream(session: ServerSession, connection: StreamConnection): Promise<void> {
    if (this.#held.has(session)) return;
    const packets = session.flush(this.#nowMs());
    if (packets.length === 0) return;
    if (this.#troubles.take("answerTwice")) packets.push(...packets);
    const framed = packets.map((packet) => {
      this.#observe(connection.framing.name, "out", packet);
      return connection.framing.pack(packet);
    });
    await connection.stream.write(concatBytes(...framed)).catch(() => {});
  }

  #observe(transport: string, direction: "in" | "out", packet: Uint8Array): void {
    const { onPacket } = this.#options;
    onPacket?.({
      dcId: this.id,
      direction,
      plain: isPlainMessage(packet),
      transport,
    });
  }

  #nowMs(): number {
    return this.#options.clock.now();
  }
}
