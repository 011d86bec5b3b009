/**
 * A DcConnection with an offline Telegram behind it, in memory, with time by hand and a network
 * that a test can break.
 */
import {
  AddressList,
  DcConnection,
  type DcConnectionOptions,
  DcKey,
  type DcKeyState,
} from "../../src/connection/mod.ts";
import {
  type ByteStream,
  type Chunking,
  ConnectionError,
  type Dial,
  pipe,
} from "../../src/net/mod.ts";
import { silentLogger } from "../../src/runtime/mod.ts";
import {
  type ObservedPacket,
  OfflineTelegram,
  type OfflineTelegramOptions,
} from "../../src/testing/mod.ts";
import { abridged } from "../../src/transport/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { FakeClock } from "./fake_clock.ts";
import { shortExponents } from "./remembered_powers.ts";
import { seededRandom } from "./seeded_random.ts";

/** What a {@linkcode Harness} is to be like. */
export interface HarnessOptions {
  readonly chunk?: Chunking;
  /**
   * Opens the nth connection (from 0) instead of the offline Telegram; undefined leaves it to that.
   */
  readonly dial?: (attempt: number, signal?: AbortSignal) => Promise<ByteStream> | undefined;
  readonly connection?: Partial<DcConnectionOptions>;
  /** What is known of the key from earlier. */
  readonly keyState?: DcKeyState;
  /** Called when the key, its salt or its time has changed. */
  readonly onKeyState?: (state: DcKeyState) => void;
  readonly telegram?: OfflineTelegramOptions;
  readonly seed?: number;
}

/** A call of a method as the offline Telegram saw it. */
export interface SeenCall {
  readonly method: string;
  readonly sessionId: bigint;
  readonly authKeyId: string;
}

/** A method that needs no sign-in. */
export const NEAREST_DC: TlObject = { _: "help.getNearestDc" };

/** Both sides of a connection, and all that a test wants to know of it. */
export class Harness implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly telegram: OfflineTelegram;
  readonly connection: DcConnection;
  readonly key: DcKey;
  /** When each connection was dialled, in milliseconds from the start. */
  readonly dialled: number[] = [];
  /** The calls that the offline Telegram carried out. */
  readonly calls: SeenCall[] = [];
  /** The packets that passed it. */
  readonly packets: ObservedPacket[] = [];
  /** Why it gave connections up. */
  readonly failures: unknown[] = [];
  /** Changes or drops what the server writes, or cuts that connection. */
  onServerWrite: (bytes: Uint8Array, cut: () => void) => Uint8Array | undefined = (bytes) => bytes;
  #server: ByteStream | undefined;

  constructor(options: HarnessOptions = {}) {
    const random = shortExponents(seededRandom(options.seed ?? 11));
    this.telegram = new OfflineTelegram({
      clock: this.clock,
      random: shortExponents(seededRandom((options.seed ?? 11) + 1)),
      onPacket: (packet) => this.packets.push(packet),
      onFailure: (error) => this.failures.push(error),
      ...options.telegram,
    });
    const { api } = this.telegram;
    const handle = api.handle.bind(api);
    api.handle = (request, caller) => {
      const { sessionId, authKeyId } = caller;
      this.calls.push({ method: request._, sessionId, authKeyId });
      return handle(request, caller);
    };
    const dial: Dial = (_address, signal) => {
      this.dialled.push(this.clock.monotonic());
      return options.dial?.(this.dialled.length - 1, signal) ?? this.open(options.chunk);
    };
    this.key = new DcKey(options.keyState, options.onKeyState);
    this.connection = new DcConnection({
      dc: { id: 2 },
      addresses: new AddressList({
        dcId: 2,
        known: () => [{ host: "dc2.offline", port: 443 }],
      }),
      key: this.key,
      dial,
      transport: () => abridged(),
      keys: this.telegram.keys,
      info: {
        apiId: this.telegram.apiId,
        deviceModel: "test",
        systemVersion: "1",
        appVersion: "1",
        systemLangCode: "en",
        langCode: "en",
      },
      clock: this.clock,
      random,
      logger: silentLogger,
      connectionRetries: Infinity,
      retryDelay: 1000,
      giveUpAfter: 60_000,
      timeout: 10_000,
      ...options.connection,
    });
  }

  /** Opens a connection to the offline Telegram. */
  open(chunk?: Chunking): Promise<ByteStream> {
    const [client, server] = pipe({ chunk });
    this.#server = server;
    void this.telegram.dc().serve({
      read: () => server.read(),
      write: (bytes) => {
        const changed = this.onServerWrite(bytes, () => server.close());
        return changed === undefined ? Promise.resolve() : server.write(changed);
      },
      close: () => server.close(),
    });
    return Promise.resolve(client);
  }

  /** Cuts the connection as the network would. */
  cut(): void {
    this.#server?.close();
  }

  /** Calls a method of the connection. */
  call(request: TlObject = NEAREST_DC, signal?: AbortSignal): Promise<unknown> {
    return this.connection.invoke(request, { signal });
  }

  /** How often the direction changed: two for each round trip. */
  get turns(): number {
    return this.packets.filter(({ direction }, index) =>
      direction !== this.packets[index - 1]?.direction
    ).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
    await this.telegram.close();
  }
}

/** A stream to nobody: what is written is lost, and nothing ever comes. */
export function silence(): Promise<ByteStream> {
  return Promise.resolve(pipe()[0]);
}

/** A stream on which the server says these bytes at the first write, and then nothing. */
export function says(bytes: Uint8Array): Promise<ByteStream> {
  const [client, server] = pipe();
  void server.read().then(() => server.write(bytes)).catch(() => {});
  return Promise.resolve(client);
}

/** A dial that fails as the network does. */
export function unreachable(): Promise<ByteStream> {
  return Promise.reject(new ConnectionError("Cannot connect: nobody is there"));
}
