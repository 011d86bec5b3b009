/**
 * A client's session and a server's, with a network between them that a test can break: packets
 * wait in two queues until they are delivered, and are lost when the connection is. Time stands
 * still unless it is told to go on.
 */
import { bytesToHex, concatBytes } from "../../src/crypto/mod.ts";
import { type ClientEvent, MsgIds, openEnvelope, SecurityError } from "../../src/mtproto/mod.ts";
import { SaltSchedule } from "../../src/testing/salt_schedule.ts";
import { ServerSession } from "../../src/testing/server_session.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { AUTH_KEY, clientSession, NOW } from "../helpers/hand_sealed.ts";

/** What opens the body of a call here: no constructor of the service schema. */
const CALL = Uint8Array.of(0x11, 0x22, 0x33, 0x44);
const RESULT = Uint8Array.of(0x55, 0x66, 0x77, 0x08);

/** Client, server and the way between them. */
export class Simulation {
  /** The server's clock, in milliseconds since 1970. */
  now = NOW;
  /** What the client's clock is ahead of the server's, in milliseconds. */
  clientAhead = 0;
  readonly client = clientSession({ synchronized: false, serverSalt: 77n });
  readonly salts: SaltSchedule;
  readonly toServer: Uint8Array[] = [];
  readonly toClient: Uint8Array[] = [];
  /** All that the client was told. */
  readonly events: ClientEvent[] = [];
  /** How often the server carried out each call, by its body. */
  readonly executed = new Map<string, number>();
  /** How many packets were delivered. */
  delivered = 0;
  #sessions = new Map<bigint, ServerSession>();
  readonly #msgIds = new MsgIds();
  #seenHere = new Set<ServerSession>();
  readonly #random = seededRandom(5);
  #calls = 0;

  constructor() {
    this.salts = new SaltSchedule(this.#random, NOW / 1000, 77n);
  }

  /** The client's clock. */
  get clientNow(): number {
    return this.now + this.clientAhead;
  }

  /** Makes a call, of so many bytes, and gives its number. */
  call(length = 12): number {
    const body = new Uint8Array(length);
    body.set(CALL);
    new DataView(body.buffer).setUint32(4, this.#calls++, true);
    return this.client.call(body);
  }

  /** Puts what the client has to say on its way. */
  flush(): number {
    const packets = this.client.flush(this.clientNow);
    this.toServer.push(...packets);
    return packets.length;
  }

  /** The server takes the next packet, and answers. */
  serve(): void {
    const packet = this.toServer.shift();
    if (packet === undefined) return;
    this.delivered++;
    const envelope = openEnvelope(packet, { authKey: AUTH_KEY, sender: "client" });
    const session = this.session(envelope.sessionId);
    if (!this.#seenHere.has(session)) session.reconnected();
    this.#seenHere.add(session);
    session.receive(envelope, this.now);
    this.toClient.push(...session.flush(this.now));
  }

  /** The client takes the next packet. A repeated one is ignored, as in a connection. */
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

  /** Loses all that is on its way, and connects again. */
  reconnect(): void {
    this.toServer.length = this.toClient.length = 0;
    this.#seenHere.clear();
    this.client.reconnected();
  }

  /** The server loses its memory of all sessions. */
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
      answer: (body) => this.#answer(body),
      destroy: (id) => this.#sessions.delete(id),
      destroyKey: () => {},
    });
    this.#sessions.set(sessionId, made);
    return made;
  }

  /**
   * Lets everything run until nothing is left to be said. Gives the number of rounds; more than
   * `limit` is a fault.
   */
  settle(limit = 40): number {
    for (let round = 1; round <= limit; round++) {
      if (this.client.wantsFlush) this.flush();
      while (this.toServer.length > 0) this.serve();
      while (this.toClient.length > 0) this.take();
      if (!this.client.wantsFlush) return round;
    }
    throw new Error(`Cannot settle: client and server still talk after ${limit} rounds`);
  }

  /** The numbers of the calls that were answered, as often as they were. */
  get answered(): number[] {
    return this.events.flatMap((event) => event.type === "result" ? [event.call] : []);
  }

  #answer(body: Uint8Array): Uint8Array {
    const key = bytesToHex(body.subarray(0, 8));
    this.executed.set(key, (this.executed.get(key) ?? 0) + 1);
    return concatBytes(RESULT, body.subarray(4, 8));
  }
}
