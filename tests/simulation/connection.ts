/**
 * One connection of the simulated network: two lanes of bytes, one for each direction, and a stream
 * at either end.
 */
import { ChunkQueue } from "../../src/net/chunk_queue.ts";
import { type ByteStream, ConnectionError } from "../../src/net/mod.ts";
import { concatBytes, encodeUtf8 } from "../../src/crypto/mod.ts";
import type { DialRecord } from "./history.ts";
import type { Direction, PortalText } from "./faults.ts";
import { arrow, type Computer, type Network } from "./network.ts";

/** Bytes that a system takes from a writer before they have left. */
const BUFFER = 65_536;
const SPLIT_CHANCE = 0.15;
/** The most pieces in which the fault `pieces` lets bytes arrive. */
const MOST_PIECES = 40;

/** What arrives: bytes, or the end. */
type Item = Uint8Array | "end";

/** The bytes that travel in one direction. */
class Lane {
  readonly queue = new ChunkQueue();
  readonly #connection: Connection;
  readonly #direction: Direction;
  readonly #items: { readonly item: Item; readonly due: number }[] = [];
  #busyUntil = 0;
  #lastArrival = 0;
  #arrived = 0;
  #cutAt = Infinity;
  #corruptAt = Infinity;

  constructor(connection: Connection, direction: Direction) {
    this.#connection = connection;
    this.#direction = direction;
  }

  /** Cuts the connection after so many more bytes. */
  cutAfter(bytes: number): void {
    this.#cutAt = this.#arrived + bytes;
  }

  /** Changes a byte after so many more. */
  corrupt(byte: number): void {
    this.#corruptAt = this.#arrived + byte;
  }

  calm(): void {
    this.#cutAt = this.#corruptAt = Infinity;
  }

  /** Sends an item. Returns the milliseconds until the system has taken it. */
  send(item: Item): number {
    const { network } = this.#connection;
    const { time, random } = network.options;
    const length = item === "end" ? 0 : item.length;
    const takes = Math.floor(length / network.speed());
    this.#busyUntil = Math.max(time.now, this.#busyUntil) + takes;
    const due = Math.max(this.#lastArrival, this.#busyUntil + network.latency());
    this.#lastArrival = due;
    const isSplit = length > 1 && random.chance(SPLIT_CHANCE);
    const at = isSplit && item !== "end" ? 1 + random.below(length - 1) : 0;
    const piece = item === "end" ? undefined : network.piece();
    if (item !== "end" && piece !== undefined) {
      const size = Math.max(piece, Math.ceil(length / MOST_PIECES));
      for (let from = 0; from < length; from += size) {
        this.#schedule(item.subarray(from, from + size), this.#lastArrival++);
      }
    } else if (at > 0 && item !== "end") {
      this.#schedule(item.subarray(0, at), due);
      this.#schedule(item.subarray(at), due + random.below(20));
      this.#lastArrival += 20;
    } else {
      this.#schedule(item, due);
    }
    const waiting = (this.#busyUntil - time.now) * network.speed();
    return waiting > BUFFER ? (waiting - BUFFER) / network.speed() : 0;
  }

  #schedule(item: Item, due: number): void {
    const { time } = this.#connection.network.options;
    this.#items.push({ item, due });
    time.after(due - time.now, () => this.#arrive());
  }

  /**
   * Hands over all that is due, in one chunk, as a system does. Each item has an event, but may
   * come by an earlier one.
   */
  #arrive(): void {
    const { network } = this.#connection;
    const { time } = network.options;
    const until = Math.max(network.stalledUntil, this.#connection.sleepsUntil(this.#direction));
    if (until > time.now) {
      time.after(until - time.now, () => this.#arrive());
      return;
    }
    const count = this.#items.findIndex(({ due }) => due > time.now);
    const due = this.#items.splice(0, count < 0 ? this.#items.length : count);
    const isLost = this.#connection.isSilent ||
      (this.#direction === "toClient" && !this.#connection.computer.isAlive);
    if (isLost) return;
    const chunks = due.flatMap(({ item }) => item === "end" ? [] : [item]);
    if (chunks.length > 0) this.#handOver(concatBytes(...chunks));
    if (due.length > chunks.length) this.#handOver("end");
  }

  #handOver(item: Item): void {
    const { network, name } = this.#connection;
    const { onFault, onEvent } = network.options;
    const label = `${name} ${arrow(this.#direction)}`;
    if (item === "end") {
      onEvent(`${label} end`);
      this.queue.end();
      return;
    }
    let bytes = item;
    if (this.#corruptAt < this.#arrived + bytes.length) {
      onFault("corrupt");
      bytes = bytes.slice();
      bytes[Math.max(this.#corruptAt - this.#arrived, 0)] ^= 0x40;
      this.#corruptAt = Infinity;
    }
    const isCut = this.#cutAt <= this.#arrived + bytes.length;
    if (isCut) bytes = bytes.subarray(0, Math.max(this.#cutAt - this.#arrived, 0));
    this.#arrived += bytes.length;
    onEvent(label, bytes);
    this.queue.push(bytes);
    if (this.#direction === "toClient") this.#connection.answered();
    if (!isCut) return;
    onFault("cutAfter");
    this.#connection.reset();
  }
}

/** A connection from a program to a data center. */
export class Connection {
  readonly network: Network;
  readonly computer: Computer;
  readonly dcId: number;
  readonly name: string;
  /** Whether a data center is at its other end. */
  isOfTelegram = false;
  readonly #dial: DialRecord;
  /** Whether it carries nothing any more, and nobody knows. */
  isSilent = false;
  readonly #toClient: Lane;
  readonly #toServer: Lane;
  #isOver = false;
  #isLost = false;

  constructor(network: Network, computer: Computer, dial: DialRecord) {
    this.network = network;
    this.computer = computer;
    this.#dial = dial;
    this.dcId = dial.dcId;
    this.name = `${computer.number}-${dial.dcId}`;
    this.#toClient = new Lane(this, "toClient");
    this.#toServer = new Lane(this, "toServer");
  }

  /** Notes that bytes have come to the client. */
  answered(): void {
    if (this.isOfTelegram) this.#dial.isAnswered = true;
  }

  /** The lane of a direction. */
  lane(direction: Direction): Lane {
    return direction === "toClient" ? this.#toClient : this.#toServer;
  }

  /** Until when a sleeping computer takes nothing. */
  sleepsUntil(direction: Direction): number {
    return direction === "toClient" ? this.computer.sleepsUntil : 0;
  }

  /** The client's end. */
  readonly client: ByteStream = {
    read: () => this.#isLost ? never() : this.#toClient.queue.read(),
    write: (bytes) => this.#write(bytes, this.#toServer),
    close: () => this.#close(this.#toClient, this.#toServer),
  };

  /** The server's end. */
  readonly server: ByteStream = {
    read: () => this.#toServer.queue.read(),
    write: (bytes) => this.#write(bytes, this.#toClient),
    close: () => this.#close(this.#toServer, this.#toClient),
  };

  /** Breaks it at both ends. */
  reset(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.network.options.onEvent(`${this.name} reset`);
    const error = new ConnectionError("Cannot read: the simulated connection broke");
    if (!this.#isLost) this.#toClient.queue.end(error);
    this.#toServer.queue.end(error);
  }

  /** Carries nothing from now on, without a word. */
  fallSilent(): void {
    this.isSilent = true;
    this.network.options.onEvent(`${this.name} silent`);
    // The server's system gives up in the end.
    this.network.options.time.after(900_000, () => this.#toServer.queue.end());
  }

  /** Ends the faults that have not happened yet. */
  calm(): void {
    this.#toClient.calm();
    this.#toServer.calm();
  }

  /** The program has ended: its system breaks the connection. */
  loseClient(): void {
    this.#isLost = true;
    this.network.open.delete(this);
    this.reset();
  }

  /** Answers the first bytes as a captive portal does, and hangs up. */
  async answerAs(portal: PortalText): Promise<void> {
    const first = await this.server.read().catch(() => undefined);
    if (first === undefined) return;
    const says = {
      garbage: Uint8Array.of(0x2a),
      page: encodeUtf8("HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n<html>"),
      error: Uint8Array.of(1, 0x0c, 0xfe, 0xff, 0xff), // -500 in the abridged transport
    };
    await this.server.write(says[portal]).catch(() => {});
    this.server.close();
  }

  #write(bytes: Uint8Array, lane: Lane): Promise<void> {
    if (this.#isLost && lane === this.#toServer) return never();
    if (this.#isOver) {
      return Promise.reject(new ConnectionError("Cannot write: the simulated connection is over"));
    }
    const ms = lane.send(bytes.slice());
    return ms > 0 ? this.network.options.time.sleep(ms) : Promise.resolve();
  }

  #close(own: Lane, other: Lane): void {
    if (own === this.#toClient) this.network.open.delete(this);
    own.queue.close();
    if (this.#isOver) return;
    this.#isOver = true;
    other.send("end");
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}
