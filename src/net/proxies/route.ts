/**
 * The way through one proxy: which handshake, over which stream, and the errors, which name the hop
 * that failed. It loads on the first dial; see mod.ts.
 *
 * | what fails                                        | fault       | tried again               |
 * |---------------------------------------------------|-------------|---------------------------|
 * | the proxy does not answer, or closes the line     | unreachable | yes                       |
 * | another server answers there                      | unreachable | if it worked before       |
 * | the proxy does not accept the program             | refused     | if it worked before       |
 * | the rules of the proxy forbid the target          | target      | if it worked before       |
 * | the proxy does not get through to the target      | target      | yes                       |
 */
import { abortable, type Clock, systemClock, withDeadline } from "../../runtime/mod.ts";
import {
  type Address,
  type ByteStream,
  closeOnAbort,
  ConnectionError,
  type Dial,
  formatAddress,
  type ProxyFault,
  tcpDial,
} from "../mod.ts";
import { beginningWith, HandshakeFault, performHandshake } from "./handshake.ts";
import { httpConnect } from "./http_connect.ts";
import { ipv6Bytes } from "./ip_bytes.ts";
import { timedDial } from "./mod.ts";
import { isExempt } from "./no_proxy.ts";
import { parseProxy, proxyName } from "./parse_proxy.ts";
import type { ProxyOptions, TunnelProxy } from "./proxy.ts";
import { proxiedWebSocketDial } from "./proxied_web_socket.ts";
import { ProxyRefusal } from "./refusal.ts";
import { socks5 } from "./socks5.ts";
import { tlsDial } from "./tls_dial.ts";

/** The parts of a way through a proxy. */
export interface ProxyRouteOptions {
  /** Opens the connection to the proxy; TCP by default. */
  readonly inner?: Dial;
  readonly clock?: Clock;
  /** Milliseconds for a connection and its handshake, unless the proxy has an own time. */
  readonly timeout?: number;
  /** Whether the connections are WebSockets, which the runtime opens through the proxy. */
  readonly isWebSocket?: boolean;
}

/** The time for a connection through a proxy, milliseconds: it ends before that of the client. */
const TIMEOUT = 7500;
/** The part of it for the proxies before: the error is of the first hop that does not answer. */
const SHARE = 0.75;

/**
 * Returns the dial through a proxy.
 *
 * @throws {TypeError} if the options name no proxy, or one that cannot be used here
 */
export function openRoute(options: ProxyOptions, how: ProxyRouteOptions): Dial {
  const proxy = parseProxy(options);
  const { inner = tcpDial, isWebSocket = false } = how;
  if (proxy.kind === "mtproxy") {
    throw new TypeError(
      "Cannot use an MTProxy here: it carries the connections of a client only. " +
        "Pass it in the option proxy, without useWSS.",
    );
  }
  if (proxy.kind === "https" && inner !== tcpDial) {
    throw new TypeError(
      "Cannot use an https:// proxy behind another dial: TLS needs a socket of the runtime. " +
        "Make it the first proxy of the chain.",
    );
  }
  const { clock, timeout } = limitsOf(proxy, how);
  if (isWebSocket) return proxiedWebSocketDial(proxy, { clock, timeout });
  const before = timedDial(inner, { clock, timeout: timeout * SHARE });
  const route = new ProxyRoute(proxy, { ...how, inner: before });
  return (address, signal) => route.open(address, signal);
}

/** Returns the time for a connection through a proxy, in milliseconds of a clock. */
function limitsOf(
  proxy: TunnelProxy,
  { clock = systemClock, timeout = TIMEOUT }: ProxyRouteOptions,
): { clock: Clock; timeout: number } {
  return { clock, timeout: proxy.timeout === undefined ? timeout : proxy.timeout * 1000 };
}

/** A proxy, and what is known of it so far. */
class ProxyRoute {
  readonly #proxy: TunnelProxy;
  readonly #options: ProxyRouteOptions;
  readonly #name: string;
  /** Whether the proxy has connected to a target: then a refusal may pass. */
  #hasWorked = false;

  constructor(proxy: TunnelProxy, options: ProxyRouteOptions) {
    this.#proxy = proxy;
    this.#options = options;
    this.#name = proxyName(proxy);
  }

  /** Connects to `target` through the proxy. */
  async open(target: Address, signal: AbortSignal | undefined): Promise<ByteStream> {
    signal?.throwIfAborted();
    const proxy = this.#proxy;
    const { inner = tcpDial } = this.#options;
    if (proxy.noProxy !== undefined && isExempt(target, proxy.noProxy)) {
      return await inner(target, signal);
    }
    checkTarget(target);
    return await this.#tunnel(target, signal);
  }

  async #tunnel(target: Address, signal: AbortSignal | undefined): Promise<ByteStream> {
    const proxy = this.#proxy;
    const { clock, timeout: limit } = limitsOf(proxy, this.#options);
    let isForTarget = false;
    let stream: ByteStream | undefined;
    const late = (): Error => {
      const what = `no answer in ${limit / 1000} s`;
      return isForTarget
        ? this.#targetError(target, `the proxy "${this.#name}" has ${what} from there`)
        : this.#unreachable(`${what}. Check the proxy and the network.`);
    };
    try {
      return await withDeadline(
        { clock, timeout: limit, signal, late },
        async (deadline) => {
          stream = await this.#toProxy(target, deadline);
          if (deadline.aborted) stream.close(); // it came too late
          deadline.throwIfAborted();
          const handshake = (proxy.kind === "socks5" ? socks5 : httpConnect)({ ...proxy, target });
          // An abort of the stream may end a read without an error.
          const shaken = performHandshake(stream, handshake, (step) => {
            isForTarget = step.isForTarget ?? false;
          });
          const surplus = await abortable(shaken, deadline);
          this.#hasWorked = true;
          return closeOnAbort(beginningWith(surplus, stream), signal);
        },
      );
    } catch (error) {
      stream?.close();
      throw this.#explained(error, target, isForTarget, signal);
    }
  }

  /** Opens the connection to the proxy itself. */
  async #toProxy(target: Address, signal?: AbortSignal): Promise<ByteStream> {
    const { kind, host, port } = this.#proxy;
    const { inner = tcpDial } = this.#options;
    const dial = kind === "https" ? tlsDial : inner;
    try {
      return await dial({ host, port, dcId: target.dcId }, signal);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      // A certificate that nobody trusts stays so; later it may be that of a hotel's network.
      if (kind === "https" && /certificate|self[- ]signed/i.test(error.message)) {
        throw this.#error(
          `Cannot use the proxy "${this.#name}": it shows a certificate that this runtime does ` +
            "not trust. Check its host, and trust the certificate (see docs/networks.md).",
          { cause: error, permanent: !this.#hasWorked, proxyFault: "unreachable" },
        );
      }
      // The error of a proxy before this one names that one.
      const where = `Cannot connect to "${formatAddress({ host, port })}": `;
      throw error.proxyFault !== undefined && error.proxyFault !== "target"
        ? error
        : this.#unreachable(error.message.replace(where, ""), error);
    }
  }

  #explained(
    error: unknown,
    target: Address,
    isForTarget: boolean,
    signal: AbortSignal | undefined,
  ): unknown {
    if (signal?.aborted) return signal.reason;
    if (error instanceof ProxyRefusal) return this.#refusal(error, target);
    const isOurs = error instanceof ConnectionError && error.proxyFault !== undefined;
    const isBroken = error instanceof HandshakeFault || error instanceof ConnectionError;
    if (isOurs || !isBroken) return error;
    // An HTTP proxy has one answer only: another server closes the line instead of it, too.
    return isForTarget && (this.#proxy.kind === "socks5" || this.#hasWorked)
      ? this.#targetError(
        target,
        `the proxy "${this.#name}" closed the connection instead of answering`,
        { cause: error },
      )
      : this.#unreachable(
        "it closed the connection at once. Check the kind and the port of the proxy.",
        error,
      );
  }

  #refusal(refusal: ProxyRefusal, target: Address): ConnectionError {
    const { fault, message } = refusal;
    const permanent = !this.#hasWorked;
    switch (fault) {
      case "target":
        return this.#targetError(
          target,
          `the proxy "${this.#name}" cannot reach it: ${message}`,
          { cause: refusal },
        );
      case "rules":
        return this.#targetError(
          target,
          `the proxy "${this.#name}" refuses: ${message}`,
          { cause: refusal, permanent },
        );
      case "credentials":
        return this.#error(
          `Cannot use the proxy "${this.#name}": ${message}. Check the credentials.`,
          { cause: refusal, permanent, proxyFault: "refused" },
        );
      case "not this kind":
        return this.#error(
          `Cannot use the proxy "${this.#name}": ${message}. Check its kind and its port.`,
          { cause: refusal, permanent, proxyFault: "unreachable" },
        );
    }
  }

  #targetError(
    target: Address,
    what: string,
    options: ErrorOptions & { permanent?: boolean } = {},
  ): ConnectionError {
    const where = formatAddress(target);
    return this.#error(`Cannot connect to "${where}": ${what}. Check the network of the proxy.`, {
      ...options,
      proxyFault: "target",
    });
  }

  #unreachable(what: string, cause?: unknown): ConnectionError {
    const permanent = cause instanceof ConnectionError && cause.permanent;
    return this.#error(`Cannot connect to the proxy "${this.#name}": ${what}`, {
      ...(cause !== undefined && { cause }),
      permanent,
      proxyFault: "unreachable",
    });
  }

  #error(
    message: string,
    options: ErrorOptions & { permanent?: boolean; proxyFault: ProxyFault },
  ): ConnectionError {
    return new ConnectionError(message, options);
  }
}

/** Throws if a proxy could read more or less in the host than its name. */
function checkTarget({ host, port }: Address): void {
  const isPort = Number.isInteger(port) && port > 0 && port < 65_536;
  if (isPort && (/^[\w.-]{1,255}$/.test(host) || ipv6Bytes(host) !== undefined)) return;
  throw new ConnectionError(
    "Cannot connect through a proxy: the target is neither a name in ASCII nor an IP address " +
      "with a port. Check the address.",
    { permanent: true },
  );
}
