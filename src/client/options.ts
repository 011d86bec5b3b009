/** The options of a client, and their defaults. */
import type { StepOptions } from "../auth/mod.ts";
import {
  type ConnectionSettings,
  type DataCenter,
  httpDcs,
  httpPackets,
  IP_VERSIONS,
  type IpVersion,
  PRODUCTION_DCS,
  type RetryPolicy,
  searchOf,
  telegramKeys,
  TEST_DCS,
  WEB_SOCKET_DCS,
} from "../connection/mod.ts";
import type { RsaPublicKey } from "../crypto/mod.ts";
import {
  canUseProxy,
  type Dial,
  dialThrough,
  type Fetch,
  isMtProxy,
  isProxy,
  isSocks4,
  proxyOf,
  type ProxyOptions,
  tcpDial,
  timedDial,
  webSocketDial,
} from "../net/mod.ts";
import {
  checkFields,
  type Clock,
  LOG_LEVELS,
  logFrom,
  type Logger,
  type LogLevel,
  ownCopy,
  type Random,
  runtimeName,
  silentLogger,
  systemClock,
  systemRandom,
} from "../runtime/mod.ts";
import type { KnownAddresses } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import {
  abridged,
  full,
  intermediate,
  obfuscated,
  paddedIntermediate,
  type TransportName,
} from "../transport/mod.ts";

/** The part of the time for connecting that a proxy has, in milliseconds a second. */
const PROXY_SHARE = 750;

/** The limits of the options that are numbers, in words and in fact. */
const NUMBERS = {
  floodSleepThreshold: ["0 or more", (value: number) => value >= 0],
  requestRetries: ["0 or more", (value: number) => value >= 0],
  connectionRetries: ["0 or more", (value: number) => value >= 0],
  retryDelay: ["0 or more", (value: number) => value >= 0],
  giveUpAfter: ["more than 0", (value: number) => value > 0],
  timeout: ["more than 0, and at most a day", (value: number) => value > 0 && value <= 86_400],
} as const;

/** The values of the options that are one of a few names. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  logLevel: LOG_LEVELS,
  transport: [
    "abridged",
    "intermediate",
    "padded",
    "full",
    "http",
  ] satisfies ClientOptions["transport"][],
  ipVersion: IP_VERSIONS,
};

/** The other options, by what they take. */
const TYPES: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  "deviceModel systemVersion appVersion langCode systemLangCode": ["a text", isOf("string")],
  "keepConnected testServers useWSS obfuscated": ["true or false", isOf("boolean")],
  "blockedNetworks forwardSecrecy": ["true or false", isOf("boolean")],
  "onUpdates dial fetch random": ["a function", isOf("function")],
  "dcs keys": ["an array", Array.isArray],
  proxy: ["a URL such as socks5://host:1080, a link to t.me/proxy, or an object", isProxy],
  clock: ["an object with now(), monotonic() and sleep()", has("now", "monotonic", "sleep")],
  logger: ["console, or an object like it", has("debug", "info", "warn", "error")],
};

/** The fields that each data center has. */
const DC_PARTS: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  id: ["a whole number", Number.isSafeInteger],
  host: ["an IP address (IPv6 without brackets) or a name", isHost],
  port: ["a whole number from 1 to 65535", isPort],
};

/** All fields of a data center: those of `DataCenter`, and that of a WebSocket address. */
const DC_FIELDS = [...Object.keys(DC_PARTS), "mediaOnly", "testMode", "tls", "path"];

/** What to use in the place of options of other libraries; docs/coming-from.md says how. */
const INSTEAD: Readonly<Record<string, string>> = {
  networksocket: "dial",
  useipv6: "ipVersion",
  connection: "transport",
  autoreconnect: "connectionRetries",
  reconnectretries: "connectionRetries",
  maxretrycount: "requestRetries",
  baselogger: "logger",
  testmode: "testServers",
  defaultdcs: "dcs",
  initconnectionoptions: "deviceModel",
  sequentialupdates: "client.on()",
  receiveupdates: "client.on()",
  disableupdates: "client.on()",
  updates: "client.on()",
  catchup: "client.on()",
  storage: "the session",
};

/** How a client behaves. Every field has a default; most programs need none. */
export interface ClientOptions {
  /** How the client appears in the person's list of devices; the runtime by default. */
  deviceModel?: string;
  /** The system, as it appears there. */
  systemVersion?: string;
  /** The version of the application, as it appears there. */
  appVersion?: string;
  /** The language of the application, `"en"` by default. */
  langCode?: string;
  /** The language of the system, `"en"` by default. */
  systemLangCode?: string;

  /**
   * A FLOOD_WAIT of at most so many seconds is waited out, a longer one is thrown; 60 by default.
   */
  floodSleepThreshold?: number;
  /**
   * How often a call is made again that Telegram failed to carry out (code 500) or told to wait; 5
   * by default.
   */
  requestRetries?: number;
  /**
   * Whether the connection is kept open without calls, and opened again for ever after it is lost.
   * By default this is so while somebody listens to updates.
   */
  keepConnected?: boolean;
  /**
   * Seconds after which a call fails that cannot get through to Telegram, 60 by default. A call
   * that Telegram has may take longer.
   */
  giveUpAfter?: number;
  /**
   * How often in a row a connection is tried again, without a limit by default. After that it is
   * given up until the next call, even if somebody listens to updates.
   */
  connectionRetries?: number;
  /**
   * Milliseconds before the first of these, doubled each time up to half a minute and half of
   * `giveUpAfter`, 20 % more or less; 1000 by default.
   */
  retryDelay?: number;
  /** Seconds for connecting, and for the answer to a ping; 10 by default. */
  timeout?: number;

  /** Where to log; nothing is logged by default, and never a secret. `console` will do. */
  logger?: Logger;
  /** How much of it; `"info"` by default. */
  logLevel?: LogLevel;
  /** Takes every update that comes, as Telegram sends it. */
  onUpdates?: (updates: Api.Updates) => void;

  /** Use Telegram's test servers, where other accounts live. */
  testServers?: boolean;
  /**
   * Whether all packets go under temporary keys, which are replaced once a day and never stored:
   * packets that somebody recorded stay secret when the session is stolen later. A new connection
   * takes four more round trips, once a day and at the start of each program. For programs that run
   * long; false by default. See https://core.telegram.org/api/pfs
   */
  forwardSecrecy?: boolean;
  /**
   * Connect by WebSocket instead of TCP: for browsers and networks that let nothing else through.
   */
  useWSS?: boolean;
  /**
   * How packets are framed; `"abridged"`, the shortest, by default. With `"http"`, they go in
   * requests of `fetch`, for networks that let nothing else through.
   */
  transport?: TransportName | "http";
  /**
   * With the transport `"http"` or `blockedNetworks`, and only then: the function to use instead of
   * the global `fetch`.
   */
  fetch?: Fetch;
  /**
   * Whether the connection is obfuscated; by default only a WebSocket is, where Telegram demands
   * it.
   */
  obfuscated?: boolean;
  /**
   * The proxy for all connections: `socks5://user:password@host:1080`, `http://…`, `https://…`, a
   * link to t.me/proxy or t.me/socks, or an object; see docs/networks.md. Nothing is sent around
   * it, and it resolves all names.
   */
  proxy?: ProxyOptions;
  /**
   * Opens connections; by default TCP, or WebSocket with `useWSS`. Beside a `proxy` only if that is
   * an MTProxy, which it connects to then: for other chains, use `proxyDial()`.
   */
  dial?: Dial;
  /**
   * The version of IP for Telegram's addresses: `"prefer4"`, the default, and `"prefer6"` try the
   * other version soon after, `"only4"` and `"only6"` never.
   */
  ipVersion?: IpVersion;
  /**
   * The data centers to use instead of Telegram's own. Several entries with one id are several
   * addresses of that data center; a connection goes to the first one that accepts it.
   */
  dcs?: readonly DataCenter[];
  /**
   * Whether to look for other addresses when all have failed, in a list that Telegram signs and
   * publishes in the DNS; false by default. Google or Cloudflare are asked, and learn that somebody
   * here uses Telegram. Not together with another way to connect: it would go around it.
   */
  blockedNetworks?: boolean;
  /** The RSA keys to trust instead of Telegram's own. */
  keys?: readonly RsaPublicKey[];
  /** Time, for tests. */
  clock?: Clock;
  /** Random bytes, for tests. */
  random?: Random;
}

/** How to make a call. */
export interface InvokeOptions extends StepOptions {
  /** The data center to call instead of the account's own: files, for one, may lie in another. */
  dcId?: number;
}

/** The settings of a client: its options, completed and in the units that the floors below use. */
export interface Settings extends ConnectionSettings, RetryPolicy, KnownAddresses {
  readonly onUpdates: ((updates: Api.Updates) => void) | undefined;
  /** Whether to stay connected without calls; undefined while nobody decided. */
  readonly keepConnected: boolean | undefined;
  readonly testMode: boolean;
  /** Whether connections lead to any address: those by WebSocket and HTTP do not. */
  readonly canReachCdns: boolean;
  /** Whether everything must go through a proxy. */
  readonly hasProxy: boolean;
}

/**
 * The version of this library, which Telegram shows beside a session as that of the application.
 */
export const APP_VERSION = "0.1.0";

/** Completes the options with their defaults. */
export function settingsOf(apiId: number, given: ClientOptions): Settings {
  checkOptions(given);
  const options = withoutNulls(given);
  const { testServers: testMode = false, useWSS = false, random = systemRandom } = options;
  const { logger, logLevel = "info", transport = "abridged", ipVersion = "prefer4" } = options;
  const framing = { abridged, intermediate, full, padded: () => paddedIntermediate(random) };
  const isObfuscated = options.obfuscated ?? useWSS;
  const clock = options.clock ?? systemClock;
  const isHttp = transport === "http";
  const log = logger === undefined ? silentLogger : logFrom(logLevel, logger);
  const timeout = (options.timeout ?? 10) * 1000;
  const dial = dialOf(options);
  return {
    info: {
      apiId,
      deviceModel: options.deviceModel ?? runtimeName(),
      systemVersion: options.systemVersion ?? "1.0",
      appVersion: options.appVersion ?? APP_VERSION,
      systemLangCode: options.systemLangCode ?? "en",
      langCode: options.langCode ?? "en",
    },
    floodSleepThreshold: options.floodSleepThreshold ?? 60,
    requestRetries: options.requestRetries ?? 5,
    connectionRetries: options.connectionRetries ?? Infinity,
    giveUpAfter: (options.giveUpAfter ?? 60) * 1000,
    keepConnected: options.keepConnected,
    retryDelay: options.retryDelay ?? 1000,
    timeout,
    logger: log,
    onUpdates: options.onUpdates,
    testMode,
    canReachCdns: !useWSS && !isHttp,
    hasProxy: !!(options.proxy || proxyOf(options.dial)),
    ...(isHttp && {
      openPackets: httpPackets({ fetch: options.fetch, testMode, clock, random, timeout }),
    }),
    ...(options.blockedNetworks && {
      search: searchOf({
        testMode,
        clock,
        random,
        timeout,
        logger: log,
        dial: tcpDial,
        fetch: options.fetch,
      }),
    }),
    temporaryKeys: options.forwardSecrecy ? new Map() : undefined,
    transport: (dcId) => {
      const plain = framing[isHttp ? "abridged" : transport]();
      return isObfuscated ? obfuscated(plain, { random, dcId }) : plain;
    },
    dial,
    isTcp: !options.dial && !useWSS && !isHttp,
    givenDcs: options.dcs ?? (isHttp ? httpDcs(testMode) : useWSS ? WEB_SOCKET_DCS : []),
    knownDcs: testMode ? TEST_DCS : PRODUCTION_DCS,
    ipVersion,
    isObfuscated,
    keys: options.keys ?? telegramKeys({ testMode }),
    clock,
    random,
    proxy: ownCopy(options.proxy), // the program may change it before its first use
    innerDial: options.dial && dial,
  };
}

/**
 * Throws a `TypeError` for an option that is not known, and for a value that a program without
 * types can pass and that would be noticed only when a network fails.
 */
function checkOptions(options: ClientOptions): void {
  const types = Object.entries(TYPES).flatMap(([names, type]) =>
    names.split(" ").map((name) => [name, type] as const)
  );
  const known = [...Object.keys(NUMBERS), ...Object.keys(NAMES), ...types.map(([name]) => name)];
  checkFields("make a client", options, known, INSTEAD);
  const values: Readonly<Record<string, unknown>> = { ...options };
  for (const [name, [expected, isRight]] of Object.entries(NUMBERS)) {
    const value = values[name] ?? undefined;
    if (value === undefined || typeof value === "number" && isRight(value)) continue;
    throw wrong(name, value, `a number, ${expected}`);
  }
  for (const [name, names] of Object.entries(NAMES)) {
    const value = values[name];
    const isName = value === undefined || (names as readonly unknown[]).includes(value);
    if (!isName) throw wrong(name, value, `one of "${names.join('", "')}"`);
  }
  // Each would go around the other way to connect, or would not be used at all.
  const exclusive = [
    [
      options.transport === "http",
      'the transport "http"',
      "dial useWSS obfuscated proxy blockedNetworks",
    ],
    [options.blockedNetworks, "blockedNetworks", "dial useWSS proxy dcs"],
  ] as const;
  for (const [isUsed, name, others] of exclusive) {
    const other = others.split(" ").find((one) => values[one]);
    if (isUsed && other !== undefined) throw wrong(other, values[other], `none with ${name}`);
  }
  for (const [name, [expected, isRight]] of types) {
    const value = values[name] ?? undefined;
    if (value !== undefined && !isRight(value)) throw wrong(name, value, expected);
  }
  if (options.fetch && options.transport !== "http" && !options.blockedNetworks) {
    const use = 'the transport "http" and blockedNetworks use it';
    throw wrong("fetch", options.fetch, `none, as only ${use}`);
  }
  for (const dc of options.dcs ?? []) checkDc(dc);
  const { proxy, dial, useWSS = false } = options;
  if (!proxy) return;
  if (isSocks4(proxy)) {
    const text = "socks5://, as SOCKS4 is not supported. Most of its servers are SOCKS5, too";
    throw wrong("proxy", proxy, text);
  }
  if (dial && !isMtProxy(proxy)) {
    throw wrong("dial", dial, "none beside proxy. Use proxyDial() for a chain");
  }
  if (useWSS && isMtProxy(proxy) || !dial && !canUseProxy(proxy, useWSS)) {
    throw wrong("proxy", proxy, `none ${useWSS ? "beside useWSS " : ""}in this runtime`);
  }
}

function checkDc(dc: DataCenter): void {
  checkFields("use an entry of dcs", dc, DC_FIELDS);
  for (const [name, [expected, isRight]] of Object.entries(DC_PARTS)) {
    const value = (dc as unknown as Record<string, unknown>)[name];
    if (isRight(value)) continue;
    throw new TypeError(
      `Cannot use an entry of dcs: its ${name} is ${shownAs(value)}, expected ${expected}`,
    );
  }
}

function isHost(value: unknown): boolean {
  return typeof value === "string" && /^[^\s[\]]+$/.test(value);
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
}

/** An option that is null is as good as absent, like one that is undefined. */
function withoutNulls(options: ClientOptions): ClientOptions {
  const nulls = Object.entries(options).filter(([, value]) => value === null);
  const absent = nulls.map(([name]) => [name, { value: undefined }] as const);
  return Object.create(options, Object.fromEntries(absent));
}

function isOf(type: string): (value: unknown) => boolean {
  // deno-lint-ignore valid-typeof
  return (value) => typeof value === type;
}

function has(...methods: readonly string[]): (value: unknown) => boolean {
  return (value) =>
    methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function");
}

function wrong(name: string, value: unknown, expected: string): TypeError {
  return new TypeError(
    `Cannot use the option ${name}: it is ${shownAs(value)}, expected ${expected}`,
  );
}

/** Returns a number, or a type. No text: a proxy, for one, may have a password in its address. */
function shownAs(value: unknown): string {
  return typeof value === "number" ? `${value}` : `a value of type ${typeof value}`;
}

/** One place decides how connections are opened: with a proxy, none goes around it. */
function dialOf(options: ClientOptions): Dial {
  const { dial, proxy, useWSS: isWebSocket = false, clock, timeout = 10 } = options;
  const { testServers, dcs } = options;
  // The time of a proxy ends first, as its error names the hop that failed.
  const time = { clock, timeout: timeout * PROXY_SHARE };
  if (dial) return timedDial(dial, time);
  if (!proxy && !isWebSocket) return tcpDial;
  const open = proxy ? dialThrough(proxy, { isWebSocket, ...time }) : webSocketDial();
  // Telegram's test servers are at the hosts of production, by another path.
  if (!isWebSocket || !testServers || dcs) return open;
  return (address, signal) => open({ ...address, path: "/apiws_test" }, signal);
}
