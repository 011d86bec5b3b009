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
import { acceptTransport, FramingError, type ServerTransport } from "../transport/mod.ts";
import { CallAnswerer, type KnownKey } from "./call_answerer.ts";
import type { OfflineApi } from "./api/mod.ts";
import { canRead } from "./layers/mod.ts";
import { quickAckToken } from "./quick_ack.ts";
import { SaltSchedule } from "./salt_schedule.ts";
import { ServerSession } from "./server_session.ts";

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
  /** Changes the key exchange: another `pq` or `g`, wrong values, retries. */
  readonly keyExchange?: KeyExchangeBehaviour;
  /** Receives every packet. */
  readonly onPacket?: (packet: ObservedPacket) => void;
  /** Receives the error that ended a connection: the client broke it, or the protocol. */
  readonly onFailure?: (error: unknown) => void;
}

const AUTH_KEY_NOT_FOUND = -404;

/** One connection of a client. */
interface Connection {
  readonly stream: ByteStream;
  readonly transport: ServerTransport;
  readonly exchange: KeyExchangeServer;
  readonly msgIds: MsgIds;
  readonly sessions: Set<ServerSession>;
  /** Aborted when the connection is closed. */
  readonly ended: AbortController;
}

/** One data center of the offline Telegram. */
export class DcServer {
  /** Its number. */
  readonly id: number;
  readonly #options: DcServerOptions;
  readonly #keys = new Map<string, KnownKey>();
  readonly #answerer: CallAnswerer;
  readonly #connections = new Set<Connection>();
  /** The connection on which each session sent its last message. */
  readonly #current = new Map<ServerSession, Connection>();

  /** Makes a data center without connections. */
  constructor(options: DcServerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#answerer = new CallAnswerer({ ...options, keys: this.#keys });
  }

  /** The number of connected clients. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Serves a client until either side closes. Never rejects. */
  async serve(stream: ByteStream): Promise<void> {
    const { random, rsaKeys: keys, keyExchange } = this.#options;
    const connection: Connection = {
      stream,
      transport: acceptTransport({ random }),
      exchange: new KeyExchangeServer({ ...keyExchange, keys, random }),
      msgIds: new MsgIds(),
      sessions: new Set(),
      ended: new AbortController(),
    };
    this.#connections.add(connection);
    try {
      for (let chunk; (chunk = await stream.read()) !== undefined;) {
        await this.#receive(connection, chunk);
      }
    } catch (error) {
      // The client broke the connection or the protocol. Other clients are not affected.
      this.#options.onFailure?.(error);
    } finally {
      stream.close();
      connection.ended.abort();
      this.#connections.delete(connection);
      for (const session of connection.sessions) {
        if (this.#current.get(session) === connection) this.#current.delete(session);
      }
    }
  }

  /** Cuts all connections, as a restart of the data center would. */
  disconnectAll(): void {
    for (const { stream } of this.#connections) stream.close();
  }

  /** Invalidates every salt that clients know. */
  expireSalts(): void {
    for (const { salts } of this.#keys.values()) salts.expire(this.#nowMs() / 1000);
  }

  /** Forgets all sessions, but no keys: clients receive `new_session_created`. */
  forgetSessions(): void {
    for (const { sessions } of this.#keys.values()) sessions.clear();
  }

  /** Forgets all auth keys: clients receive -404. */
  forgetKeys(): void {
    this.#keys.clear();
  }

  /** Sends an update to all sessions of a permanent auth key. */
  push(authKeyId: string, updates: TlObject): void {
    for (const [id, key] of this.#keys) {
      if ((key.permanentId ?? id) === authKeyId) void this.#push(key, updates);
    }
  }

  /** Sends an update to all sessions. Resolves when it is written. */
  async pushToAll(updates: TlObject): Promise<void> {
    await Promise.all([...this.#keys.values()].map((key) => this.#push(key, updates)));
  }

  async #push(key: KnownKey, updates: TlObject): Promise<void> {
    const flushed: Promise<void>[] = [];
    for (const session of key.sessions.values()) {
      const layer = session.layer ?? key.layer;
      if (layer === undefined || !canRead(updates, layer)) continue;
      session.push(this.#options.api.schemaFor(layer).encode(updates));
      const connection = this.#current.get(session);
      if (connection === undefined) continue;
      flushed.push(Promise.resolve().then(() => this.#flush(session, connection)));
    }
    await Promise.all(flushed);
  }

  async #receive(connection: Connection, chunk: Uint8Array): Promise<void> {
    const { transport, stream } = connection;
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
      this.#observe(connection, "in", payload);
      try {
        if (isPlainMessage(payload)) {
          await this.#answerPlain(connection, payload);
          continue;
        }
        const session = this.#receiveEncrypted(connection, payload);
        active.add(session);
        const token = quickAck ? quickAckToken(payload, session.authKey) : undefined;
        if (token !== undefined) await stream.write(transport.packQuickAck(token));
      } catch (error) {
        if (!(error instanceof SecurityError || error instanceof TlError)) throw error;
        await stream.write(transport.packError(AUTH_KEY_NOT_FOUND));
        throw error;
      }
    }
    for (const session of active) await this.#flush(session, connection);
    if (failure !== undefined) throw failure;
  }

  async #answerPlain(connection: Connection, packet: Uint8Array): Promise<void> {
    const nowMs = this.#nowMs();
    const reply = connection.exchange.receive(unpackPlainMessage(packet).body, nowMs);
    if (reply.accepted !== undefined) this.#addKey(reply.accepted);
    const msgId = connection.msgIds.next(nowMs, "response");
    const answer = packPlainMessage({ msgId, body: reply.body });
    this.#observe(connection, "out", answer);
    await connection.stream.write(connection.transport.pack(answer));
  }

  #addKey({ authKey, serverSalt, expiresIn }: AcceptedKey): void {
    const nowSeconds = this.#nowMs() / 1000;
    this.#keys.set(authKey.idHex, {
      authKey,
      salts: new SaltSchedule(this.#options.random, nowSeconds, serverSalt),
      msgIds: new MsgIds(),
      sessions: new Map(),
      expiresAtSeconds: expiresIn === undefined ? undefined : nowSeconds + expiresIn,
    });
  }

  #receiveEncrypted(connection: Connection, packet: Uint8Array): ServerSession {
    const key = this.#keys.get(bytesToHex(packet.subarray(0, 8)));
    const nowMs = this.#nowMs();
    if (key === undefined || (key.expiresAtSeconds ?? Infinity) <= nowMs / 1000) {
      throw new SecurityError("auth_key_id", "Cannot decrypt a message: its auth key is unknown");
    }
    const envelope = openEnvelope(packet, { authKey: key.authKey, sender: "client" });
    const session = this.#session(key, envelope.sessionId);
    if (!connection.sessions.has(session)) {
      connection.sessions.add(session);
      session.reconnected();
    }
    this.#current.set(session, connection);
    const { disconnectAtMs } = session;
    session.receive(envelope, nowMs);
    if (session.disconnectAtMs !== disconnectAtMs) this.#hangUpLater(session, connection);
    return session;
  }

  /** Hangs up when a `ping_delay_disconnect` runs out, unless another one arrives before. */
  #hangUpLater(session: ServerSession, { stream, ended }: Connection): void {
    const { disconnectAtMs } = session;
    const hangUp = (): void => {
      if (session.disconnectAtMs === disconnectAtMs) stream.close();
    };
    const delayMs = disconnectAtMs - this.#nowMs();
    this.#options.clock.sleep(delayMs, ended.signal).then(hangUp, () => {});
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
        answer: (body, session) => this.#answerer.answer(body, session, key),
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

  async #flush(session: ServerSession, connection: Connection): Promise<void> {
    const framed = session.flush(this.#nowMs()).map((packet) => {
      this.#observe(connection, "out", packet);
      return connection.transport.pack(packet);
    });
    if (framed.length > 0) await connection.stream.write(concatBytes(...framed)).catch(() => {});
  }

  #observe({ transport }: Connection, direction: "in" | "out", packet: Uint8Array): void {
    const { onPacket } = this.#options;
    onPacket?.({
      dcId: this.id,
      direction,
      plain: isPlainMessage(packet),
      transport: transport.name,
    });
  }

  #nowMs(): number {
    return this.#options.clock.now();
  }
}
