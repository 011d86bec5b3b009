/**
 * An MTProxy before the offline Telegram: it takes the connections of clients, and passes their
 * streams on to the data center that each of them names. It never sees inside: it has no auth key.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 *
 * A client that does not know the secret gets no answer, only the end of its connection. (Other
 * proxies pass it on to the real site of the domain.)
 */
import { bytesToHex } from "../crypto/mod.ts";
import {
  type Address,
  type ByteStream,
  closeOnAbort,
  CodedStream,
  ConnectionError,
  type Dial,
  pipe,
} from "../net/mod.ts";
import { checkFields, type Clock, type Random, systemClock, systemRandom } from "../runtime/mod.ts";
import {
  FakeTlsServer,
  type HelloRules,
  ProxiedStream,
  ProxySecret,
} from "../transport/mtproxy/mod.ts";
import { type Listener, listenTcp } from "./listener.ts";

/** The options of an {@linkcode MtproxyServer}. Every field has a default. */
export interface MtproxyServerOptions {
  /**
   * Its secret, as links have it: 32 hexadecimal digits; `dd` and 32 digits for padded packets; or
   * with `ee`, and the digits of a domain, for connections that look like TLS. By default one of
   * the last kind is made, with the domain `example.org`.
   */
  readonly secret?: string;
  /** How many seconds the clock of a client of fake TLS may be behind; 3 by default, as in mtg. */
  readonly behind?: number;
  /** How many seconds it may be ahead; 3 by default. */
  readonly ahead?: number;
  /** Whether clients name test servers: 10002 is data center 2 then. False by default. */
  readonly testServers?: boolean;
  /** Its clock. */
  readonly clock?: Clock;
  /** The source of its random bytes. */
  readonly random?: Random;
  /** Receives the error that ended a connection. */
  readonly onFailure?: (error: unknown) => void;
  /** Receives the data center that a client names: negative for its servers for files. */
  readonly onConnection?: (dcId: number) => void;
}

/** The Telegram behind an MTProxy: an {@linkcode OfflineTelegram}. */
export interface ProxiedTelegram {
  /** Connects to a data center. */
  readonly dial: Dial;
  /** The addresses of its data centers. */
  readonly dcs: readonly {
    readonly id: number;
    readonly host: string;
    readonly port: number;
    readonly mediaOnly?: boolean;
  }[];
}

const OPTIONS = Object.keys(
  {
    secret: true,
    behind: true,
    ahead: true,
    testServers: true,
    clock: true,
    random: true,
    onFailure: true,
    onConnection: true,
  } satisfies Record<keyof MtproxyServerOptions, true>,
);

const DOMAIN = "example.org";
const IN_MEMORY: Address = { host: "mtproxy.offline", port: 443 };
const TEST_DC = 10_000;
const TOLERANCE = 3; // s
/** How many headers and greetings are remembered, so that none is taken twice. */
const REMEMBERED = 10_000;

/**
 * An MTProxy before an offline Telegram.
 *
 * @example
 * ```ts
 * import { Client, StringSession } from "@tessera/mtproto";
 * import { MtproxyServer, OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * await using telegram = new OfflineTelegram();
 * await using proxy = new MtproxyServer(telegram);
 * await proxy.listen();
 * await using client = new Client(new StringSession(), telegram.apiId, telegram.apiHash, {
 *   keys: telegram.keys,
 *   proxy: proxy.link,
 * });
 * const bot = await client.botSignIn("777:TESTTOKEN");
 * console.log(bot.isBot); // true
 * ```
 */
export class MtproxyServer implements AsyncDisposable {
  readonly #telegram: ProxiedTelegram;
  readonly #options: MtproxyServerOptions;
  readonly #secret: ProxySecret;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #rules: HelloRules;
  readonly #headers = new Memory();
  readonly #open = new Set<ByteStream>();
  #listener: Listener | undefined;

  /**
   * Makes a proxy that clients reach in memory, by {@linkcode dial}.
   *
   * @throws {TypeError} for a wrong secret
   */
  constructor(telegram: ProxiedTelegram, options: MtproxyServerOptions = {}) {
    checkFields("make an MTProxy", options, OPTIONS);
    const { clock = systemClock, random = systemRandom, secret } = options;
    const { behind = TOLERANCE, ahead = TOLERANCE } = options;
    this.#telegram = telegram;
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#secret = secret === undefined
      ? new ProxySecret(random(16), "tls", DOMAIN)
      : ProxySecret.parse(secret);
    const greetings = new Memory();
    this.#rules = { behind, ahead, wasSeen: (digest) => greetings.wasSeen(digest) };
  }

  /** The secret, as links have it. */
  get secret(): string {
    return this.#secret.text;
  }

  /** Where it is: where it listens, or a name for {@linkcode dial}. */
  get address(): { readonly host: string; readonly port: number } {
    const { host, port } = this.#listener ?? IN_MEMORY;
    return { host, port };
  }

  /** The link by which people take the proxy into use. */
  get link(): string {
    const { host, port } = this.address;
    return `https://t.me/proxy?server=${
      encodeURIComponent(host)
    }&port=${port}&secret=${this.secret}`;
  }

  /** The number of open connections of clients. */
  get connectionCount(): number {
    return this.#open.size;
  }

  /** Connects to the proxy in memory, whatever the address. */
  readonly dial: Dial = (_address, signal) => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const [client, server] = pipe();
    void this.#serve(server);
    return Promise.resolve(closeOnAbort(client, signal));
  };

  /**
   * Listens on loopback, or where `options` say, on a free port by default.
   *
   * @throws {TypeError} if it listens already
   * @throws {ConnectionError} if the runtime has no TCP, or the port is in use or not allowed
   */
  async listen(
    options: { readonly hostname?: string; readonly port?: number } = {},
  ): Promise<void> {
    checkFields("listen", options, ["hostname", "port"]);
    if (this.#listener !== undefined) {
      throw new TypeError("Cannot listen: this MTProxy does so already. Make another one.");
    }
    this.#listener = await listenTcp(options, (stream) => void this.#serve(stream));
  }

  /** Cuts all connections, as a restart would. */
  disconnectAll(): void {
    for (const stream of this.#open) stream.close();
  }

  /** Stops listening and cuts all connections. */
  async close(): Promise<void> {
    this.disconnectAll();
    await this.#listener?.close();
  }

  /** As {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Serves a client until either side closes. Never rejects. */
  async #serve(stream: ByteStream): Promise<void> {
    this.#open.add(stream);
    let dc: ByteStream | undefined;
    try {
      const client = await this.#accept(stream);
      if (client === undefined) return; // it left before it had said where to go
      dc = await this.#connect(client.dcId);
      await Promise.all([pass(client.stream, dc), pass(dc, client.stream)]);
    } catch (error) {
      this.#options.onFailure?.(error);
    } finally {
      stream.close();
      dc?.close();
      this.#open.delete(stream);
    }
  }

  /** Takes the greeting and the header of a client; undefined if it leaves before. */
  async #accept(
    outer: ByteStream,
  ): Promise<{ readonly dcId: number; readonly stream: ByteStream } | undefined> {
    const inner = this.#secret.kind === "tls" ? this.#behindTls(outer) : outer;
    const proxied = new ProxiedStream(this.#secret, (header) => this.#headers.wasSeen(header));
    for (let chunk; (chunk = await inner.read()) !== undefined;) {
      const first = proxied.receive(chunk);
      const { dcId } = proxied;
      if (dcId !== undefined) return { dcId, stream: new CodedStream(inner, proxied, first) };
    }
    return undefined;
  }

  /** Returns the stream inside fake TLS, which greets the client before anything else. */
  #behindTls(outer: ByteStream): ByteStream {
    const tls = new FakeTlsServer({
      ...this.#rules,
      secret: this.#secret,
      random: this.#random,
    });
    const receive = (chunk: Uint8Array): Uint8Array => {
      const { answer, data } = tls.receive(chunk, Math.floor(this.#clock.now() / 1000));
      if (answer !== undefined) outer.write(answer).catch(() => {}); // `read()` sees the end
      return data;
    };
    return new CodedStream(outer, { receive, pack: (bytes) => tls.pack(bytes) });
  }

  async #connect(named: number): Promise<ByteStream> {
    this.#options.onConnection?.(named);
    const dcId = Math.abs(named) - (this.#options.testServers ? TEST_DC : 0);
    const of = this.#telegram.dcs.filter(({ id }) => id === dcId);
    const address = of.find(({ mediaOnly = false }) => mediaOnly === named < 0) ?? of[0];
    const { host, port } = address ?? { host: `dc${dcId}.offline`, port: IN_MEMORY.port };
    try {
      return await this.#telegram.dial({ host, port, dcId });
    } catch (cause) {
      throw new ConnectionError(`Cannot pass a client on: it names data center ${named}`, {
        cause,
      });
    }
  }
}

/** Passes the bytes of one stream on to another. Closes both at its end. */
async function pass(from: ByteStream, to: ByteStream): Promise<void> {
  try {
    for (let chunk; (chunk = await from.read()) !== undefined;) await to.write(chunk);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error; // else the other side has left
  } finally {
    from.close();
    to.close();
  }
}

/** Remembers the last of what it was shown. */
class Memory {
  readonly #seen = new Set<string>();

  /** Returns whether the bytes were seen before. */
  wasSeen(bytes: Uint8Array): boolean {
    const key = bytesToHex(bytes);
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    const [oldest] = this.#seen;
    if (this.#seen.size > REMEMBERED) this.#seen.delete(oldest);
    return false;
  }
}
