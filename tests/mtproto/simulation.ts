/**
 * A client's and a server's session, with a network that a test can break: packets wait in two
 * queues until delivery, and are lost with the connection. The time moves only on request.
 */
import { bytesToHex, concatBytes } from "../../src/crypto/mod.ts";
import {
  asMsgId,
  type ClientEvent,
  constructorId,
  type Envelope,
  type Message,
  MSG_CONTAINER,
  MsgIds,
  openEnvelope,
  SecurityError,
  unpackContainer,
} from "../../src/mtproto/mod.ts";
import { TlReader } from "../../src/tl/mod.ts";
import { SaltSchedule } from "../../src/testing/salt_schedule.ts";
import { ServerSession } from "../../src/testing/server_session.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { AUTH_KEY, clientSession, encode, NOW } from "../helpers/hand_sealed.ts";

/** The first word of a call's body here; not a constructor of the service schema. */
const CALL = Uint8Array.of(0x11, 0x22, 0x33, 0x44);
const RESULT = Uint8Array.of(0x55, 0x66, 0x77, 0x08);
const UPDATE = Uint8Array.of(0x99, 0x88, 0x77, 0x06);
/** The first word of a call that carries the data of initConnection. */
const WRAPPER = Uint8Array.of(0x44, 0x55, 0x66, 0x77);
const WRAPPER_ID = 0x77665544;
const INVOKE_AFTER_MSG = 0xcb9f372d;

/** A client, a server and the network between them. */
export class Simulation {
  /** The server's clock, milliseconds since 1970. */
  now = NOW;
  /** The lead of the client's clock over the server's, milliseconds. */
  clientAhead = 0;
  readonly client = clientSession({
    synchronized: false,
    serverSalt: 77n,
    wrapFirst: (query) => concatBytes(WRAPPER, query),
  });
  readonly salts: SaltSchedule;
  readonly toServer: Uint8Array[] = [];
  readonly toClient: Uint8Array[] = [];
  /** All events of the client. */
  readonly events: ClientEvent[] = [];
  /** The number of executions of each call, by its body. */
  readonly executed = new Map<string, number>();
  /** The calls in the order of their first execution. */
  readonly order: number[] = [];
  /** The number of delivered packets. */
  delivered = 0;
  /** Whether the server knows the data of initConnection on this connection. */
  #isInitialized = false;
  /** The msg_ids of the calls that each session carried out. */
  readonly #done = new Map<ServerSession, Set<bigint>>();
  /** The msg_ids of the messages that are being received, by their bodies. */
  #arriving = new Map<string, bigint>();
  #sessions = new Map<bigint, ServerSession>();
  readonly #msgIds = new MsgIds();
  #seenHere = new Set<ServerSession>();
  readonly #random = seededRandom(5);
  #calls = 0;
  /** The numbers of the calls, by their bodies. */
  readonly #numbers = new Map<string, number>();

  constructor() {
    this.salts = new SaltSchedule(this.#random, NOW / 1000, 77n);
  }

  /** The client's clock. */
  get clientNow(): number {
    return this.now + this.clientAhead;
  }

  /** Makes a call of this many bytes, after another one. Returns its number. */
  call(length = 12, after?: number): number {
    const body = new Uint8Array(length);
    body.set(CALL);
    new DataView(body.buffer).setUint32(4, this.#calls++, true);
    const call = this.client.call(body, { after });
    this.#numbers.set(keyOf(body), call);
    return call;
  }

  /** Sends the packets of the client. */
  flush(): number {
    const packets = this.client.flush(this.clientNow);
    this.toServer.push(...packets);
    return packets.length;
  }

  /** Delivers the next packet to the server, which answers. */
  serve(): void {
    const packet = this.toServer.shift();
    if (packet === undefined) return;
    this.delivered++;
    const envelope = openEnvelope(packet, { authKey: AUTH_KEY, sender: "client" });
    const session = this.session(envelope.sessionId);
    if (!this.#seenHere.has(session)) session.reconnected();
    this.#seenHere.add(session);
    this.#arriving = new Map(partsOf(envelope).map(({ body, msgId }) => [bytesToHex(body), msgId]));
    session.receive(envelope, this.now);
    this.toClient.push(...session.flush(this.now));
  }

  /** Sends this many updates to the client, one in each packet. */
  push(count: number): void {
    const session = this.session(this.client.sessionId);
    for (let i = 0; i < count; i++) {
      session.push(UPDATE);
      this.toClient.push(...session.flush(this.now));
    }
  }

  /** Delivers the next packet to the client. Ignores a repeated one, like a connection. */
  take(): ClientEvent[] {
    const packet = this.toClient.shift();
    if (packet === undefined) return [];
    this.delivered++;
    try {
      const events = this.client.receive(packet, this.clientNow);
      this.events.push(...events);
      return events;
    } catch (error) {
      if (error instanceof SecurityError && error.check === "msg_id_seen") return [];
      throw error;
    }
  }

  /** Loses all packets in flight, and connects again. */
  reconnect(): void {
    this.toServer.length = this.toClient.length = 0;
    this.#seenHere.clear();
    this.#isInitialized = false;
    this.client.reconnected();
  }

  /** Makes the server lose all sessions. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  /** The server's half of a session. */
  session(sessionId: bigint): ServerSession {
    const known = this.#sessions.get(sessionId);
    if (known !== undefined) return known;
    const made = new ServerSession({
      authKey: AUTH_KEY,
      sessionId,
      salts: this.salts,
      msgIds: this.#msgIds,
      random: this.#random,
      answer: ({ body }, session) => this.#answer(body, session),
      destroy: (id) => this.#sessions.delete(id),
      destroyKey: () => {},
    });
    this.#sessions.set(sessionId, made);
    return made;
  }

  /** Runs until both sides are silent. Returns the number of rounds; throws above `limit`. */
  settle(limit = 40): number {
    for (let round = 1; round <= limit; round++) {
      if (this.client.wantsFlush) this.flush();
      while (this.toServer.length > 0) this.serve();
      while (this.toClient.length > 0) this.take();
      if (!this.client.wantsFlush) return round;
    }
    throw new Error(`Cannot settle: client and server still talk after ${limit} rounds`);
  }

  /** The number of every answered call, once for each answer. */
  get answered(): number[] {
    return this.events.flatMap((event) => event.type === "result" ? [event.call] : []);
  }

  #answer(body: Uint8Array, session: ServerSession): Uint8Array {
    const done = this.#done.get(session) ?? new Set();
    this.#done.set(session, done);
    const msgId = this.#arriving.get(bytesToHex(body)) ?? 0n;
    let query = body;
    if (constructorId(query) === WRAPPER_ID) {
      this.#isInitialized = true;
      query = query.subarray(4);
    }
    if (!this.#isInitialized) return rpcError("CONNECTION_NOT_INITED");
    if (constructorId(query) === INVOKE_AFTER_MSG) {
      const after = asMsgId(new TlReader(query.subarray(4)).int64());
      if (!done.has(after)) return rpcError("MSG_WAIT_FAILED");
      query = query.subarray(12);
    }
    done.add(msgId);
    const key = keyOf(query);
    const times = this.executed.get(key) ?? 0;
    if (times === 0) this.order.push(this.#numbers.get(key) ?? 0);
    this.executed.set(key, times + 1);
    return concatBytes(RESULT, query.subarray(4, 8));
  }
}

/** The bytes of a call that tell it from the others. */
function keyOf(body: Uint8Array): string {
  return bytesToHex(body.subarray(0, 8));
}

function partsOf(envelope: Envelope): readonly Message[] {
  return constructorId(envelope.body) === MSG_CONTAINER
    ? unpackContainer(envelope.body)
    : [envelope];
}

function rpcError(errorMessage: string): Uint8Array {
  return encode({ _: "rpc_error", errorCode: 400, errorMessage });
}
