/**
 * Proxies: dials that go through one. The code that reads how a proxy is named and talks to it
 * loads on the first dial.
 */
import { ownCopy } from "../../runtime/mod.ts";
import { loadSocket } from "../load_socket.ts";
import type { Dial } from "../stream.ts";
import { hasTcp, tcpDial } from "../tcp.ts";
import type { ProxyOptions } from "./proxy.ts";
import type { ProxyRouteOptions } from "./route.ts";

export type {
  ForeignProxy,
  MtProxy,
  Proxy,
  ProxyAddress,
  ProxyOptions,
  PythonProxy,
  TunnelProxy,
} from "./proxy.ts";

/** The dials that go through a proxy, and of what each was made. */
const PROXIED = new WeakMap<Dial, readonly [ProxyOptions, ProxyRouteOptions]>();

/** Returns the proxy of a dial that goes through one. */
export function proxyOf(dial: Dial = tcpDial): ProxyOptions | undefined {
  return PROXIED.get(dial)?.[0];
}

/** Returns a dial that goes the same way in another time, if that is through a proxy. */
export function timedDial(dial: Dial, time: Pick<ProxyRouteOptions, "clock" | "timeout">): Dial {
  const [proxy, options] = PROXIED.get(dial) ?? [];
  return proxy ? dialThrough(proxy, { ...options, ...time }) : dial;
}

/** Whether a value may name a proxy, perhaps in quotes. The first dial looks closer. */
export function isProxy(value: unknown): boolean {
  return typeof value === "string"
    ? /^[^a-z]*(?:socks[45]?[ah]?|https?|tg):/i.test(value)
    : typeof value === "object";
}

/** Whether a value names a proxy of SOCKS4, which no dial goes through. PySocks has 1 for it. */
export function isSocks4(proxy: ProxyOptions): boolean {
  const text = JSON.stringify(proxy);
  const named = /^\[?"[^a-z]*socks4|"(?:kind|proxy_type|scheme)":"socks4/i;
  const numbered = /"(?:socksType|version)":"?4|(?:^\[|"(?:kind|proxy_type|scheme)":)"?1"?[,}]/;
  return named.test(text) || numbered.test(text);
}

/** Whether a value seems to name an MTProxy: of all proxies, only these have a secret. */
export function isMtProxy(proxy: ProxyOptions): boolean {
  const text = JSON.stringify(proxy);
  const named = /"secret":".|"(?:kind|proxy_type|scheme)":"mtproxy"/i;
  return named.test(text) || /^"[^"]*[?&;]secret=|^\["[^"]*",\d+,"/.test(text);
}

/**
 * Whether this runtime connects through a proxy: by TCP, if it has that; by WebSocket in Deno, and
 * in Bun through HTTP proxies.
 */
export function canUseProxy(proxy: ProxyOptions, isWebSocket: boolean): boolean {
  if (!isWebSocket) return hasTcp();
  const { Deno: deno, Bun: bun } = globalThis as {
    Deno?: { createHttpClient?: unknown };
    Bun?: { version?: string };
  };
  // A link to t.me is not the URL of a proxy.
  const isHttp = /^https?:\/\/(?!(?:www\.)?(?:t|telegram)\.(?:me|dog)\/)/i.test(`${proxy}`);
  return !!deno?.createHttpClient || isHttp && hasProxiedWebSockets(bun?.version);
}

/** Whether Bun has them in this version. Older ones (seen in 1.3) ignore the proxy: a leak. */
function hasProxiedWebSockets(version = "0"): boolean {
  const [major, minor = 0] = version.split(".").map(Number);
  return major > 1 || major === 1 && minor >= 4;
}

/**
 * Makes a dial that goes through a SOCKS5 or HTTP proxy. The proxy resolves all names. The option
 * `proxy` of a client does the same; this function is for chains of proxies.
 *
 * The dial rejects with a `ConnectionError`, whose `proxyFault` names the hop that failed; and with
 * a `TypeError` if `proxy` names no proxy, or an MTProxy, which only the option `proxy` takes.
 *
 * @param proxy A URL, such as `socks5://user:password@host:1080`, or another form.
 * @param inner Opens the connection to the proxy: TCP by default, or another proxy's dial.
 *
 * @example A proxy that is reached through another one
 * ```ts
 * import { Client, proxyDial, StringSession } from "@tessera/mtproto";
 *
 * const dial = proxyDial("socks5://10.0.0.1:1080", proxyDial("http://proxy.example:3128"));
 * const client = new Client(new StringSession(), 1, "0".repeat(32), { dial });
 * ```
 */
export function proxyDial(proxy: ProxyOptions, inner: Dial = tcpDial): Dial {
  return dialThrough(proxy, { inner });
}

/** Makes the dial of {@linkcode proxyDial}, with more options. */
export function dialThrough(proxy: ProxyOptions, options: ProxyRouteOptions): Dial {
  const own = ownCopy(proxy); // the program may change it before the first dial
  let loading: Promise<Dial> | undefined;
  const load = async (): Promise<Dial> => {
    const { openRoute } = await loadSocket(import("./route.ts"));
    return openRoute(own, options);
  };
  const dial: Dial = async (address, signal) => {
    try {
      loading ??= load();
      await loading;
    } catch (error) {
      loading = undefined; // the network may be back at the next dial
      throw error;
    }
    return await (await loading)(address, signal);
  };
  PROXIED.set(dial, [own, options]);
  return dial;
}
