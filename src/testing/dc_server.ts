/**
 * One data center of the offline Telegram: its auth keys, their sessions, and the connections of its clients.
 * https://core.telegram.org/mtproto. What the methods do is in api/; where it listens is in offline_telegram.ts.
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
import { Answering, type KnownKey } from "./answering.ts";
import type { OfflineApi } from "./api/mod.ts";
import { canRead } from "./layers/mod.ts";
import { quickAckToken } from "./quick_ack.ts";
import { SaltSchedule } from "./salt_schedule.ts";
import { ServerSession } from "./server_session.ts";

/** A packet that passed a data center, for tests that count or watch. */
export interface ObservedPacket {
  /** The data center. */
  readonly dcId: number;
  /** Whether it came from a client or went to one. */
  readonly direction: "in" | "out";
  /** Whether it is an unencrypted message, a step of a key exchange. */
  readonly plain: boolean;
  /** The transport of its connection. */
  readonly transport: string;
}

/** What a data center is made of. */
export interface DcServerOptions {
  /** Its number. */
  readonly id: number;
  /** What carries out the calls. */
  readonly api: OfflineApi;
  /** The RSA keys that it proves itself with. */
  readonly rsaKeys: readonly RsaPrivateKey[];
  /** Its clock. */
  readonly clock: Clock;
  /** Where its random bytes come from. */
  readonly random: Random;
  /** Compresses answers for `gzip_packed`; none is compressed without it. */
  readonly gzip?: (bytes: Uint8Array) => Uint8Array;
  /** How the key exchange goes: another `pq` or `g`, lies, retries. */
  readonly keyExchange?: KeyExchangeBehaviour;
  /** Sees every packet that passes. */
  readonly onPacket?: (packet: ObservedPacket) => void;
  /** Sees why a connection was given up: the client broke it, or the protocol. */
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

/** One data center. */
export class DcServer {
  /** Its number. */
  readonly id: number;
  readonly #options: DcServerOptions;
  readonly #keys = new Map<string, KnownKey>();
  readonly #answering: Answering;
  readonly #connections = new Set<Connection>();
  /** The connection that each session was last heard on. */
  readonly #current = new Map<ServerSession, Connection>();

  /** A data center without connections. */
  constructor(options: DcServerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#answering = new Answering({ ...options, keys: this.#keys });
  }

  /** How many clients are connected. */
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
      // The client broke the connection or the protocol: either way it is over, and nobody else is concerned.
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

  /** Makes every salt wrong that clients know. */
  expireSalts(): void {
    for (const { salts } of this.#keys.values()) salts.expire(this.#now() / 1000);
  }

  /** Forgets all sessions, but no keys: clients are told `new_session_created`. */
  forgetSessions(): void {
    for (const { sessions } of this.#keys.values()) sessions.clear();
  }

  /** Forgets all auth keys: clients are told -404. */
  forgetKeys(): void {
    this.#keys.clear();
  }

  /** Sends an update to all sessions of a permanent auth key. */
  push(authKeyId: string, updates: TlObject): void {
    for (const [id, key] of this.#keys) {
      if ((key.permanentId ?? id) !== authKeyId) continue;
      for (const session of key.sessions.values()) {
        const layer = session.layer ?? key.layer;
        if (layer === undefined || !canRead(updates, layer)) continue;
        session.push(this.#options.api.schemaFor(layer).encode(updates));
        const connection = this.#current.get(session);
        if (connection !== undefined) queueMicrotask(() => this.#flush(session, connection));
      }
    }
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
    const heard = new Set<ServerSession>();
    for (const { payload, quickAck } of packets) {
      this.#observe(connection, "in", payload);
      try {
        if (isPlainMessage(payload)) {
          await this.#plain(connection, payload);
          continue;
        }
        const session = this.#encrypted(connection, payload);
        heard.add(session);
        const token = quickAck ? quickAckToken(payload, session.authKey) : undefined;
        if (token !== undefined) await stream.write(transport.packQuickAck(token));
      } catch (error) {
        if (!(error instanceof SecurityError || error instanceof TlError)) throw error;
        await stream.write(transport.packError(AUTH_KEY_NOT_FOUND));
        throw error;
      }
    }
    for (const session of heard) await this.#flush(session, connection);
    if (failure !== undefined) throw failure;
  }

  async #plain(connection: Connection, packet: Uint8Array): Promise<void> {
    const now = this.#now();
    const reply = connection.exchange.receive(unpackPlainMessage(packet).body, now);
    if (reply.accepted !== undefined) this.#addKey(reply.accepted);
    const msgId = connection.msgIds.next(now, "response");
    const answer = packPlainMessage({ msgId, body: reply.body });
    this.#observe(connection, "out", answer);
    await connection.stream.write(connection.transport.pack(answer));
  }

  #addKey({ authKey, serverSalt, expiresIn }: AcceptedKey): void {
    const now = this.#now() / 1000;
    this.#keys.set(authKey.idHex, {
      authKey,
      salts: new SaltSchedule(this.#options.random, now, serverSalt),
      msgIds: new MsgIds(),
      sessions: new Map(),
      expiresAt: expiresIn === undefined ? undefined : now + expiresIn,
    });
  }

  #encrypted(connection: Connection, packet: Uint8Array): ServerSession {
    const key = this.#keys.get(bytesToHex(packet.subarray(0, 8)));
    const now = this.#now();
    if (key === undefined || (key.expiresAt ?? Infinity) <= now / 1000) {
      throw new SecurityError("auth_key_id", "Cannot decrypt a message: its auth key is unknown");
    }
    const envelope = openEnvelope(packet, { authKey: key.authKey, sender: "client" });
    const session = this.#session(key, envelope.sessionId);
    if (!connection.sessions.has(session)) {
      connection.sessions.add(session);
      session.reconnected();
    }
    this.#current.set(session, connection);
    const { disconnectAt } = session;
    session.receive(envelope, now);
    if (session.disconnectAt !== disconnectAt) this.#hangUpLater(session, connection);
    return session;
  }

  /** Hangs up when a `ping_delay_disconnect` runs out, unless another one has come meanwhile. */
  #hangUpLater(session: ServerSession, { stream, ended }: Connection): void {
    const { disconnectAt } = session;
    const hangUp = (): void => {
      if (session.disconnectAt === disconnectAt) stream.close();
    };
    const delay = disconnectAt - this.#now();
    this.#options.clock.sleep(delay, ended.signal).then(hangUp, () => {});
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
        answer: (body, session) => this.#answering.answer(body, session, key),
        destroy: (id) => key.sessions.delete(id),
        destroyKey: () => this.#destroyKey(key),
      });
      key.sessions.set(sessionId, session);
    }
    return session;
  }

  /** With a permanent key go its temporary ones and the sign-in. */
  #destroyKey({ authKey: { idHex } }: KnownKey): void {
    for (const [id, { permanentId }] of this.#keys) {
      if (id === idHex || permanentId === idHex) this.#keys.delete(id);
    }
    this.#options.api.forgetAuthKey(this.id, idHex);
  }

  async #flush(session: ServerSession, connection: Connection): Promise<void> {
    const framed = session.flush(this.#now()).map((packet) => {
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

  #now(): number {
    return this.#options.clock.now();
  }
}
