/**
 * A client and an offline Telegram in virtual time, over a line whose every packet is recorded: who
 * listens can see all of it, and may steal the session later.
 */
import { Client, type ClientOptions, MemorySession, type Session } from "../../../mod.ts";
import { bytesToHex } from "../../../src/crypto/mod.ts";
import { isPlainMessage } from "../../../src/mtproto/mod.ts";
import { type ByteStream, type Dial, pipe } from "../../../src/net/mod.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../../src/testing/mod.ts";
import {
  abridged,
  acceptTransport,
  type Packet,
  type Transport,
  TransportError,
} from "../../../src/transport/mod.ts";
import { assert } from "../../helpers/assert.ts";
import { sameRandom } from "../../helpers/remembered_powers.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";
import { ProcessClock, VirtualTime } from "../../simulation/virtual_time.ts";

/** Milliseconds from one end of the line to the other. */
export const LATENCY = 50;
/** Milliseconds. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The bot of all worlds. */
export const BOT_TOKEN = "777:TESTTOKEN";

/** A packet on the line. */
export interface Recorded {
  readonly from: "client" | "server";
  readonly dcId: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  /** The auth_key_id, hex; undefined for a message in the clear. */
  readonly keyId: string | undefined;
}

/** What is not as usual. */
export interface WorldOptions {
  readonly client?: ClientOptions;
  readonly telegram?: OfflineTelegramOptions;
  /** How far the client's clock is ahead, in milliseconds. */
  readonly ahead?: number;
}

/** A client whose line is recorded. */
export class SecretWorld implements AsyncDisposable {
  readonly time = new VirtualTime();
  readonly clock: ProcessClock;
  readonly telegram: OfflineTelegram;
  /** All packets, oldest first. */
  readonly packets: Recorded[] = [];
  /** The lines of the client's log. */
  readonly log: string[] = [];
  client: Client<Session>;
  /** Whether dials fail. */
  isDown = false;
  readonly #options: ClientOptions;
  readonly #open = new Set<ByteStream>();
  readonly #random = sameRandom();

  constructor({ client = {}, telegram = {}, ahead = 0 }: WorldOptions = {}) {
    this.clock = new ProcessClock(this.time, ahead);
    this.telegram = new OfflineTelegram({
      clock: new ProcessClock(this.time),
      random: this.#random.server,
      ...telegram,
    });
    this.#options = client;
    this.client = this.open(new MemorySession());
  }

  /** Opens a client for a session: another program, which has nothing else of the one before. */
  open(session: Session): Client<Session> {
    const { apiId, apiHash, clientOptions } = this.telegram;
    const write = (line: string): void => void this.log.push(line);
    return this.client = new Client<Session>(session, apiId, apiHash, {
      ...clientOptions,
      forwardSecrecy: true,
      clock: this.clock,
      random: this.#random.client,
      dial: this.#dial,
      logger: { debug: write, info: write, warn: write, error: write },
      logLevel: "debug",
      ...this.#options,
    });
  }

  /** Lets time pass until a task settles, and returns its result. */
  async run<T>(task: Promise<T>, limit = HOUR): Promise<T> {
    let isOver = false;
    task.catch(() => {}).finally(() => isOver = true);
    await this.time.runUntil(this.time.now + limit, () => isOver);
    assert(isOver, `it does not end in ${limit} ms`);
    return await task;
  }

  /** Returns how many round trips a task takes. */
  async roundTrips(task: () => Promise<unknown>): Promise<number> {
    const begun = this.time.now;
    await this.run(task());
    return (this.time.now - begun) / (2 * LATENCY);
  }

  /** Lets time pass, until `isOver` if that is sooner. Returns whether it was. */
  async pass(ms: number, isOver: () => boolean = () => false): Promise<boolean> {
    await this.time.runUntil(this.time.now + ms, isOver);
    return isOver();
  }

  /** Disconnects for a while. The program goes on, and so do its keys. */
  async pause(ms: number): Promise<void> {
    await this.run(this.client.disconnect());
    await this.pass(ms);
    await this.run(this.client.connect());
  }

  /** Cuts all connections. */
  cut(): void {
    for (const stream of this.#open) stream.close();
  }

  /** The number of open connections. */
  get connections(): number {
    return this.#open.size;
  }

  /** The ids of the keys on the line, hex, in the order of their first packet. */
  get keyIds(): string[] {
    return [...new Set(this.packets.flatMap(({ keyId }) => keyId ?? []))];
  }

  /** The permanent key of a data center, as the session has it. */
  permanentKey(dcId = 2): Uint8Array {
    const { state } = this.client.session;
    const key = state.dcs.find(({ id }) => id === dcId)?.authKey;
    assert(key !== undefined, `there is no key of DC ${dcId}`);
    return key;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(this.client.disconnect());
    await this.telegram.close();
  }

  readonly #dial: Dial = async (address, signal) => {
    if (this.isDown) throw new Error("The line is down");
    const { dcId = 0 } = address;
    const far = await this.telegram.dial(address, signal);
    const [near, ours] = pipe();
    const both = { read: acceptTransport({ random: seededRandom(1) }), write: abridged() };
    const close = (): void => {
      this.#open.delete(near);
      far.close();
      ours.close();
    };
    const carry = async (
      source: ByteStream,
      target: ByteStream,
      from: Recorded["from"],
    ): Promise<void> => {
      const transport = from === "client" ? both.read : both.write;
      for (let chunk; (chunk = await source.read().catch(() => undefined)) !== undefined;) {
        for (const { payload } of received(transport, chunk.slice())) {
          const isPlain = isPlainMessage(payload);
          const keyId = isPlain ? undefined : bytesToHex(payload.subarray(0, 8));
          this.packets.push({ from, dcId, at: this.time.now, bytes: payload.slice(), keyId });
        }
        const bytes = chunk.slice();
        this.time.after(LATENCY, () => void target.write(bytes).catch(close));
      }
      this.time.after(LATENCY, close);
    };
    void carry(ours, far, "client");
    void carry(far, ours, "server").catch(close);
    const stream: ByteStream = {
      read: () => near.read(),
      write: (bytes) => near.write(bytes),
      close: () => {
        this.#open.delete(stream);
        near.close();
      },
    };
    this.#open.add(stream);
    return stream;
  };
}

/** Returns the packets in a chunk; an error code is not one. */
function received(transport: Transport, chunk: Uint8Array): readonly Packet[] {
  try {
    return transport.receive(chunk);
  } catch (error) {
    if (error instanceof TransportError) return error.packets;
    throw error;
  }
}
