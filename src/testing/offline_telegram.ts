/**
 * The offline Telegram: data centers with accounts and bots, on loopback TCP and WebSocket or only
 * in memory. It speaks the real protocol: any MTProto client can sign in to it whose addresses and
 * RSA keys can be changed.
 */
import { formatRsaPublicKey } from "../crypto/mod.ts";
import type { RsaPrivateKey, RsaPublicKey } from "../crypto/mod.ts";
import { ConnectionError, type Dial, formatAddress, pipe } from "../net/mod.ts";
import { type Clock, type Random, systemClock, systemRandom } from "../runtime/mod.ts";
import {
  type AccountOptions,
  type BotOptions,
  OfflineApi,
  TEST_API_HASH,
  TEST_API_ID,
  testRsaKey,
} from "./api/mod.ts";
import { DcServer, type DcServerOptions, type ObservedPacket } from "./dc_server.ts";
import { type Listener, listenTcp, listenWebSocket } from "./listener.ts";
import { systemGzip } from "./gzip.ts";

/** The options of an {@linkcode OfflineTelegram}. Every field has a default. */
export interface OfflineTelegramOptions {
  /** The numbers of its data centers; `[2]` by default. */
  readonly dcs?: readonly number[];
  /** Its people; by default {@linkcode TEST_ACCOUNTS}. */
  readonly accounts?: readonly AccountOptions[];
  /** Its bots; by default {@linkcode TEST_BOTS}. */
  readonly bots?: readonly BotOptions[];
  /** The api id that it accepts. */
  readonly apiId?: number;
  /** The hash of that api id. */
  readonly apiHash?: string;
  /** How long a sign-in code is valid, in seconds; 300 by default. */
  readonly codeLifetime?: number;
  /** How long the reset of a login email or a 2FA password takes, in seconds; a week by default. */
  readonly resetPeriod?: number;
  /** Whether its configuration has `test_mode`; false by default. */
  readonly testMode?: boolean;
  /** Returns the RSA key that a data center offers first; public test keys by default. */
  readonly rsaKey?: (dcId: number) => RsaPrivateKey;
  /** The clock of its data centers. */
  readonly clock?: Clock;
  /** The source of its random bytes. */
  readonly random?: Random;
  /** Whether long answers are compressed, as on Telegram; true by default. */
  readonly gzip?: boolean;
  /** Changes key exchanges: another `pq` or `g`, wrong values, retries. */
  readonly keyExchange?: DcServerOptions["keyExchange"];
  /** Receives every packet. */
  readonly onPacket?: (packet: ObservedPacket) => void;
  /** Receives every message of a client, decrypted, before it is checked. */
  readonly onMessage?: DcServerOptions["onMessage"];
  /** Receives every trouble when it is made. */
  readonly onTrouble?: DcServerOptions["onTrouble"];
  /** Receives the error that ended a connection: the client broke it, or the protocol. */
  readonly onFailure?: (error: unknown) => void;
}

/** The address of a data center of the offline Telegram. */
export interface OfflineDcAddress {
  /** Its number. */
  readonly id: number;
  /** Its address: on loopback, or a name for the in-memory dial. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
}

/**
 * Where to listen. Port 0, the default, chooses a free port. With several data centers, those after
 * the first listen on free ports.
 */
export interface OfflineListenOptions {
  /** The address to listen on; `127.0.0.1` by default. */
  readonly hostname?: string;
  /** The TCP port of the first data center. */
  readonly port?: number;
  /** The WebSocket port of the first data center; without it there is no WebSocket. */
  readonly webSocketPort?: number;
}

const FIRST_DC = 2;
const MEMORY_PORT = 443;
const WEB_SOCKET_PATH = "/apiws";

/**
 * An offline Telegram, for examples and tests.
 *
 * @example
 * ```ts
 * import { OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * await using telegram = new OfflineTelegram();
 * const stream = await telegram.dial({ host: "dc2.offline", port: 443, dcId: 2 });
 * stream.close();
 * ```
 */
export class OfflineTelegram implements AsyncDisposable {
  /** Its API: accounts, codes, scripted refusals. */
  readonly api: OfflineApi;
  /** The api id that it accepts. */
  readonly apiId: number;
  /** The hash of {@linkcode apiId}. */
  readonly apiHash: string;
  /** The RSA keys of its data centers, which a client must trust. */
  readonly keys: readonly RsaPublicKey[];
  readonly #dcs: ReadonlyMap<number, DcServer>;
  readonly #tcp = new Map<number, Listener>();
  readonly #webSocket = new Map<number, Listener>();

  /** Makes an offline Telegram that clients reach in memory, by {@linkcode dial}. */
  constructor(options: OfflineTelegramOptions = {}) {
    const {
      dcs = [FIRST_DC],
      clock = systemClock,
      random = systemRandom,
      rsaKey = testRsaKey,
      apiId = TEST_API_ID,
      apiHash = TEST_API_HASH,
    } = options;
    this.apiId = apiId;
    this.apiHash = apiHash;
    const rsaKeys = new Set(dcs.map(rsaKey));
    this.keys = [...rsaKeys].map(({ n, e, fingerprint }) => ({ n, e, fingerprint }));
    this.api = new OfflineApi({
      ...options,
      dcs: dcs.map((id) => memoryAddress(id)),
      clock: () => clock.now() / 1000,
      random,
    });
    const gzip = options.gzip === false ? undefined : systemGzip();
    this.#dcs = new Map(dcs.map((id) => {
      // As on Telegram, a client that trusts one of the keys can connect to every data center.
      const keys = [...new Set([rsaKey(id), ...rsaKeys])];
      return [
        id,
        new DcServer({ ...options, id, api: this.api, rsaKeys: keys, clock, random, gzip }),
      ];
    }));
    this.api.onUpdates = (authKeyId, updates) => {
      for (const dc of this.#dcs.values()) dc.push(authKeyId, updates);
    };
  }

  /** Makes an offline Telegram that listens on loopback. */
  static async start(
    options: OfflineTelegramOptions & OfflineListenOptions = {},
  ): Promise<OfflineTelegram> {
    const telegram = new OfflineTelegram(options);
    await telegram.listen(options);
    return telegram;
  }

  /** The addresses of its data centers: where they listen, or names for {@linkcode dial}. */
  get dcs(): readonly OfflineDcAddress[] {
    return [...this.#dcs.keys()].map((id) => {
      const listener = this.#tcp.get(id);
      return listener ? { id, host: listener.host, port: listener.port } : memoryAddress(id);
    });
  }

  /** The addresses of its data centers for WebSocket connections. */
  get webSockets(): readonly (OfflineDcAddress & { readonly path: string })[] {
    return [...this.#webSocket].map(([id, { host, port }]) => ({
      id,
      host,
      port,
      path: WEB_SOCKET_PATH,
    }));
  }

  /** The RSA key of the first data center as a PKCS#1 PEM, for other clients. */
  get publicKeyPem(): string {
    return formatRsaPublicKey(this.keys[0]);
  }

  /** The options with which a {@linkcode Client} connects to it in memory. */
  get clientOptions(): {
    dial: Dial;
    dcs: readonly OfflineDcAddress[];
    keys: readonly RsaPublicKey[];
  } {
    return { dial: this.dial, dcs: this.dcs, keys: this.keys };
  }

  /**
   * Returns one of its data centers, for tests of failures.
   *
   * @throws {RangeError} for an unknown number
   */
  dc(id: number = FIRST_DC): DcServer {
    const dc = this.#dcs.get(id);
    if (dc !== undefined) return dc;
    throw new RangeError(
      `Cannot find data center "${id}": it does not exist, expected one of ${
        [...this.#dcs.keys()].join(", ")
      }`,
    );
  }

  /** Connects to a data center in memory, without the network. */
  readonly dial: Dial = (address, signal) => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = address.dcId ??
      this.dcs.find((dc) => dc.host === address.host && dc.port === address.port)?.id;
    const dc = id === undefined ? undefined : this.#dcs.get(id);
    if (dc === undefined) {
      return Promise.reject(
        new ConnectionError(
          `Cannot connect to "${
            formatAddress(address)
          }": the offline Telegram has no such data center`,
        ),
      );
    }
    const [client, server] = pipe();
    void dc.serve(server);
    signal?.addEventListener("abort", () => client.close(), { once: true });
    return Promise.resolve(client);
  };

  /** Listens on loopback: on TCP, and with `webSocketPort` on WebSocket. */
  async listen({ hostname, port = 0, webSocketPort }: OfflineListenOptions = {}): Promise<void> {
    let next = port;
    let nextWebSocket = webSocketPort;
    for (const [id, dc] of this.#dcs) {
      const listener = await listenTcp({ hostname, port: next }, (stream) => void dc.serve(stream));
      this.#tcp.set(id, listener);
      this.api.setDcAddress(id, listener.host, listener.port);
      next = 0;
      if (nextWebSocket === undefined) continue;
      const options = { hostname, port: nextWebSocket, path: WEB_SOCKET_PATH };
      this.#webSocket.set(id, await listenWebSocket(options, (stream) => void dc.serve(stream)));
      nextWebSocket = 0;
    }
  }

  /** Stops listening and cuts all connections. */
  async close(): Promise<void> {
    for (const dc of this.#dcs.values()) dc.disconnectAll();
    const listeners = [...this.#tcp.values(), ...this.#webSocket.values()];
    await Promise.all(listeners.map((listener) => listener.close()));
  }

  /** As {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function memoryAddress(id: number): OfflineDcAddress {
  return { id, host: `dc${id}.offline`, port: MEMORY_PORT };
}
