/**
 * The offline Telegram: data centers with accounts and bots, on loopback TCP and WebSocket or only
 * in memory. It speaks the real protocol: any MTProto client can sign in to it whose addresses and
 * RSA keys can be changed.
 */
import { formatRsaPublicKey } from "../crypto/entry.ts";
import type { RsaPrivateKey, RsaPublicKey } from "../crypto/mod.ts";
import type { ByteStream, Dial } from "../net/mod.ts";
import {
  checkFields,
  checkRuntime,
  type Clock,
  type Random,
  systemClock,
  systemRandom,
} from "../runtime/mod.ts";
import {
  type AccountOptions,
  type BotOptions,
  type FileRules,
  OfflineApi,
  TEST_API_HASH,
  TEST_API_ID,
  testCdnKey,
  testRsaKey,
  type UpdateLimits,
} from "./api/mod.ts";
import { DcServer, type DcServerOptions, type ObservedPacket } from "./dc_server.ts";
import { type Listener, listenTcp, listenWebSocket } from "./listener.ts";
import { systemGzip } from "./gzip.ts";
import { MemoryNetwork } from "./memory_network.ts";
import { Person } from "./people/mod.ts";
import { type LineSpeed, slowLine } from "./slow_line.ts";

/** The options of an {@linkcode OfflineTelegram}. Every field has a default. */
export interface OfflineTelegramOptions {
  /** The numbers of its data centers; `[2]` by default. */
  readonly dcs?: readonly number[];
  /**
   * The addresses of its data centers for the in-memory dial, by their numbers: `host` or
   * `host:port`, the port 443 by default; `["dc2.offline"]` for data center 2, and so on, by
   * default.
   */
  readonly addresses?: Readonly<Record<number, readonly string[]>>;
  /**
   * Addresses of its data centers for files only, in memory: `{ 2: ["media2.offline"] }`. A call
   * of another method is refused there.
   */
  readonly mediaAddresses?: Readonly<Record<number, readonly string[]>>;
  /**
   * The number of a CDN, such as 203; by default there is none. It is not among
   * {@linkcode OfflineTelegram.dcs}: help.getConfig names its address, help.getCdnConfig its key.
   */
  readonly cdn?: number;
  /** How fast each connection is; as fast as can be by default. */
  readonly line?: LineSpeed;
  /** How it treats files. */
  readonly files?: Partial<FileRules>;
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
  /**
   * The seconds after which it closes a connection on which a client has sent nothing; never by
   * default. Telegram publishes no such time. Over HTTP, no connection is closed.
   */
  readonly idleTimeout?: number;
  /** The clock of its data centers. */
  readonly clock?: Clock;
  /** The source of its random bytes. */
  readonly random?: Random;
  /** The limits of the differences of updates. */
  readonly limits?: Partial<UpdateLimits>;
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

/** An address of a data center of the offline Telegram. */
export interface OfflineDcAddress {
  /** Its number. */
  readonly id: number;
  /** Its address: on loopback, or a name for the in-memory dial. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** Whether it is for files only. */
  readonly mediaOnly?: boolean;
}

/**
 * Where to listen. Port 0, the default, chooses a free port. With several data centers, those after
 * the first listen on free ports.
 */
export interface OfflineListenOptions {
  /**
   * The address to listen on, or several, such as `["127.0.0.1", "::1"]`; `127.0.0.1` by default.
   */
  readonly hostname?: string | readonly string[];
  /** The TCP port of the first data center, the same one at each address. */
  readonly port?: number;
  /** The TCP port of the first data center for files only; without it there is no such port. */
  readonly mediaPort?: number;
  /** The WebSocket port of the first data center; without it there is no WebSocket. */
  readonly webSocketPort?: number;
}

/** Where a data center is to move. */
export interface OfflineMoveOptions extends Pick<OfflineListenOptions, "hostname" | "port"> {
  /** Its new addresses in memory, as in {@linkcode OfflineTelegramOptions}. */
  readonly addresses?: readonly string[];
}

const OPTIONS = Object.keys(
  {
    dcs: true,
    addresses: true,
    accounts: true,
    bots: true,
    apiId: true,
    apiHash: true,
    codeLifetime: true,
    resetPeriod: true,
    testMode: true,
    idleTimeout: true,
    rsaKey: true,
    clock: true,
    random: true,
    limits: true,
    gzip: true,
    keyExchange: true,
    onPacket: true,
    onMessage: true,
    onTrouble: true,
    onFailure: true,
    line: true,
    cdn: true,
    files: true,
    mediaAddresses: true,
  } satisfies Record<keyof OfflineTelegramOptions, true>,
);
const LISTEN_OPTIONS = Object.keys(
  {
    hostname: true,
    port: true,
    mediaPort: true,
    webSocketPort: true,
  } satisfies Record<keyof OfflineListenOptions, true>,
);

const LINE_OPTIONS = Object.keys(
  { bytesPerSecond: true, latency: true } satisfies Record<keyof LineSpeed, true>,
);

const FIRST_DC = 2;
const LOOPBACK = "127.0.0.1";
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
  readonly #cdn: number | undefined;
  readonly #dcs: ReadonlyMap<number, DcServer>;
  readonly #network: MemoryNetwork;
  readonly #tcp = new Map<number, readonly Listener[]>();
  readonly #media = new Map<number, readonly Listener[]>();
  readonly #people = new Map<bigint, Person>();
  readonly #line: LineSpeed | undefined;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #webSocket = new Map<number, readonly Listener[]>();

  /**
   * Makes an offline Telegram that clients reach in memory, by {@linkcode dial}.
   *
   * @throws {RangeError} for an idleTimeout that is not above 0
   */
  constructor(options: OfflineTelegramOptions = {}) {
    checkRuntime();
    checkFields("make an offline Telegram", options, OPTIONS);
    const { line } = options;
    if (line !== undefined) checkFields("make an offline Telegram's line", line, LINE_OPTIONS);
    const { idleTimeout = Infinity } = options;
    if (!(idleTimeout > 0)) {
      throw new RangeError(
        `Cannot make an offline Telegram: idleTimeout is ${idleTimeout}, expected seconds above 0.`,
      );
    }
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
    this.#clock = clock;
    this.#random = random;
    const rsaKeys = new Set(dcs.map(rsaKey));
    this.keys = [...rsaKeys].map(({ n, e, fingerprint }) => ({ n, e, fingerprint }));
    this.#line = options.line;
    this.#network = new MemoryNetwork((id, stream, mediaOnly) =>
      this.#serve(id, stream, mediaOnly)
    );
    for (const id of dcs) {
      this.#network.set(id, options.addresses?.[id], options.mediaAddresses?.[id] ?? []);
    }
    const all = options.cdn === undefined ? dcs : [...dcs, options.cdn];
    if (options.cdn !== undefined) this.#network.setCdn(options.cdn);
    this.api = new OfflineApi({
      ...options,
      dcs: all.flatMap((id) => this.#network.of(id)),
      clock: () => clock.now() / 1000,
      sleep: (ms, signal) => clock.sleep(ms, signal),
      random,
    });
    const gzip = options.gzip === false ? undefined : systemGzip();
    this.#cdn = options.cdn;
    this.#dcs = new Map(all.map((id) => {
      // As on Telegram, a client that trusts one of the keys can connect to every data center.
      const keys = id === options.cdn ? [testCdnKey()] : [...new Set([rsaKey(id), ...rsaKeys])];
      return [
        id,
        new DcServer({ ...options, id, api: this.api, rsaKeys: keys, clock, random, gzip }),
      ];
    }));
    this.api.onUpdates = (authKeyId, updates, exceptSession) => {
      for (const dc of this.#dcs.values()) dc.push(authKeyId, updates, exceptSession);
    };
  }

  /** Makes an offline Telegram that listens on loopback. */
  static async start(
    options: OfflineTelegramOptions & OfflineListenOptions = {},
  ): Promise<OfflineTelegram> {
    checkFields("make an offline Telegram", options, [...OPTIONS, ...LISTEN_OPTIONS]);
    const { hostname, port, mediaPort, webSocketPort, ...rest } = options;
    const telegram = new OfflineTelegram(rest);
    await telegram.listen({ hostname, port, mediaPort, webSocketPort });
    return telegram;
  }

  /**
   * The addresses of its data centers: where they listen, or names for {@linkcode dial}. Several
   * may have one number.
   */
  get dcs(): readonly OfflineDcAddress[] {
    return [...this.#dcs.keys()].filter((id) => id !== this.#cdn)
      .flatMap((id) => this.#addressesOf(id));
  }

  /** The addresses of its data centers for WebSocket connections. */
  get webSockets(): readonly (OfflineDcAddress & { readonly path: string })[] {
    return [...this.#webSocket].flatMap(([id, listeners]) =>
      listeners.map(({ host, port }) => ({ id, host, port, path: WEB_SOCKET_PATH }))
    );
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
   * Returns a person who is played by the test: it acts without a client and a connection. A phone
   * number without an account gets one.
   *
   * @param who The phone number, or the user id.
   * @param options The properties of a new account.
   * @throws {TypeError} for an unknown user id, a bad phone number, and for options of an account
   * that exists already
   * @example
   * ```ts
   * import { OfflineTelegram } from "@tessera/mtproto/testing";
   *
   * await using telegram = new OfflineTelegram();
   * const ada = telegram.person("+9996621111");
   * const sent = await ada.send("@test_777_bot", "/start");
   * console.log(sent.text, sent.chat.title); // /start Bot 777
   * ```
   */
  person(who: string | bigint, options: Omit<AccountOptions, "phone"> = {}): Person {
    checkFields("play a person", options);
    const isNew = typeof who === "string" && this.api.userId(who) === undefined;
    if (isNew) this.api.addAccount({ ...options, phone: who });
    const id = this.api.userId(who);
    if (id === undefined) {
      throw new TypeError(
        "Cannot play a person: the account does not exist. Add the account first.",
      );
    }
    const given = Object.entries(options).find(([, value]) => value !== undefined);
    if (given !== undefined && !isNew) {
      throw new TypeError(
        `Cannot play a person with the option "${given[0]}": the account exists already. ` +
          "Pass the options when you name it for the first time.",
      );
    }
    let person = this.#people.get(id);
    if (person === undefined) {
      person = new Person({ id, api: this.api, clock: this.#clock, random: this.#random });
      this.#people.set(id, person);
    }
    return person;
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

  /**
   * Connects to a data center in memory, without the network: that of the address, or that of its
   * `dcId`, whatever the host.
   */
  get dial(): Dial {
    return this.#network.dial;
  }

  /**
   * Takes a host off the network in memory: a dial waits in vain, or with `refuses` fails at once.
   * Connections that are open go on.
   *
   * @example
   * ```ts
   * import { OfflineTelegram } from "@tessera/mtproto/testing";
   *
   * const addresses = { 2: ["dead.offline", "dc2.offline"] };
   * await using telegram = new OfflineTelegram({ addresses });
   * telegram.unplug("dead.offline"); // a client connects to dc2.offline
   * ```
   */
  unplug(host: string, options: { readonly refuses?: boolean } = {}): void {
    checkFields("unplug a host", options, ["refuses"]);
    this.#network.unplug(host, options.refuses ? "refused" : "silent");
  }

  /** Puts a host on the network in memory again. */
  plug(host: string): void {
    this.#network.plug(host);
  }

  /** Listens on loopback: on TCP, and with `webSocketPort` on WebSocket. */
  async listen(options: OfflineListenOptions = {}): Promise<void> {
    checkFields("listen", options, LISTEN_OPTIONS);
    const { hostname, port, mediaPort, webSocketPort } = options;
    for (const [index, id] of [...this.#dcs.keys()].entries()) {
      const serve = (stream: ByteStream): void => void this.#serve(id, stream);
      const first = index === 0;
      const where = { hostname, port: first ? port : 0 };
      this.#tcp.set(id, await listenOnEach(where, (one) => listenTcp(one, serve)));
      if (mediaPort !== undefined && id !== this.#cdn) {
        const forFiles = (stream: ByteStream): void => void this.#serve(id, stream, true);
        const at = { hostname, port: first ? mediaPort : 0 };
        this.#media.set(id, await listenOnEach(at, (one) => listenTcp(one, forFiles)));
      }
      this.api.setDcAddresses(this.#addressesOf(id));
      if (webSocketPort === undefined) continue;
      const at = { hostname, port: first ? webSocketPort : 0 };
      const webSocket = await listenOnEach(
        at,
        (one) => listenWebSocket({ ...one, path: WEB_SOCKET_PATH }, serve),
      );
      this.#webSocket.set(id, webSocket);
    }
  }

  /**
   * Moves a data center to other addresses while it runs, as Telegram does: its clients are told
   * (`updateDcOptions`), then the connections to the old addresses are cut. One that listens on TCP
   * listens anew, one in memory takes `addresses`.
   *
   * @throws {RangeError} for an unknown number
   * @throws {TypeError} without `addresses` in memory
   */
  async moveDc(id: number, options: OfflineMoveOptions = {}): Promise<void> {
    checkFields("move a data center", options, ["addresses", "hostname", "port"]);
    this.dc(id); // throws for an unknown number
    const { addresses, ...where } = options;
    const old = this.#tcp.get(id);
    if (old !== undefined) {
      const serve = (stream: ByteStream): void => void this.#serve(id, stream);
      this.#tcp.set(id, await listenOnEach(where, (one) => listenTcp(one, serve)));
    } else if (addresses !== undefined && addresses.length > 0) {
      this.#network.set(id, addresses);
    } else {
      throw new TypeError(`Cannot move data center "${id}": it has no new addresses. Pass some.`);
    }
    this.api.setDcAddresses(this.#addressesOf(id));
    const update = this.api.dcOptionsUpdate();
    await Promise.all([...this.#dcs.values()].map((dc) => dc.pushToAll(update)));
    this.#network.cutUnplugged();
    await Promise.all((old ?? []).map((listener) => listener.close()));
  }

  /** Stops listening and cuts all connections. */
  async close(): Promise<void> {
    this.api.close();
    for (const dc of this.#dcs.values()) dc.disconnectAll();
    const all = [this.#tcp, this.#media, this.#webSocket];
    const listeners = all.flatMap((one) => [...one.values()]).flat();
    await Promise.all(listeners.map((listener) => listener.close()));
  }

  /** As {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #addressesOf(id: number): readonly OfflineDcAddress[] {
    const listeners = this.#tcp.get(id);
    if (listeners === undefined) return this.#network.of(id);
    const forFiles = this.#media.get(id) ?? [];
    const cdn = id === this.#cdn && { cdn: true };
    return [
      ...listeners.map(({ host, port }) => ({ id, host, port, ...cdn })),
      ...forFiles.map(({ host, port }) => ({ id, host, port, mediaOnly: true })),
    ];
  }

  /** Serves a connection to a data center, over a line of its speed. */
  #serve(id: number, stream: ByteStream, mediaOnly = false): Promise<void> {
    const line = this.#line && slowLine(stream, this.#clock, this.#line);
    return this.dc(id).serve(line ?? stream, { mediaOnly });
  }
}

/** Listens on each address. If one cannot be used, none is. */
async function listenOnEach(
  { hostname = LOOPBACK, port = 0 }: Pick<OfflineListenOptions, "hostname" | "port">,
  listen: (one: { hostname: string; port: number }) => Promise<Listener>,
): Promise<Listener[]> {
  const listeners: Listener[] = [];
  try {
    for (const one of typeof hostname === "string" ? [hostname] : hostname) {
      listeners.push(await listen({ hostname: one, port }));
    }
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
  return listeners;
}
