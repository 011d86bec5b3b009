/**
 * WebSockets through a proxy, where the runtime itself can do that: Deno by a client for its
 * requests, Bun by an option, for HTTP proxies only. The others fail, and never connect directly.
 *
 * Both obey the variable `NO_PROXY` even where a program names the proxy itself (seen in Deno 2.9
 * and Bun 1.4): a host that it lists is refused here, or the connection would go around the proxy.
 */
import { type Clock, runtimeProcess, withDeadline } from "../../runtime/mod.ts";
import { openWebSocket } from "../sockets/web_socket_stream.ts";
import {
  type Address,
  type ByteStream,
  closeOnAbort,
  ConnectionError,
  type Dial,
  formatAddress,
} from "../mod.ts";
import type { WebSocketClass, WebSocketLike } from "../web_socket.ts";
import { isExempt } from "./no_proxy.ts";
import { proxyName } from "./parse_proxy.ts";
import type { TunnelProxy } from "./proxy.ts";

/** The client for requests of Deno. */
interface HttpClient {
  close(): void;
}

interface Runtime {
  readonly Deno?: {
    createHttpClient?(options: {
      proxy: { url: string; basicAuth?: { username: string; password: string } };
    }): HttpClient;
  };
  readonly Bun?: unknown;
  readonly WebSocket: new (url: string, options: object) => WebSocketLike & EventTarget;
}

/** Returns a dial that opens WebSockets through `proxy`, within `timeout` milliseconds each. */
export function proxiedWebSocketDial(
  proxy: TunnelProxy,
  { clock, timeout }: { readonly clock: Clock; readonly timeout: number },
): Dial {
  const webSocket = proxiedWebSocket(proxy);
  const open = async (address: Address, signal?: AbortSignal): Promise<ByteStream> => {
    const late = (): Error => {
      const where = `"${formatAddress(address)}" by WebSocket`;
      const said = `no answer in ${timeout / 1000} s. Check the network`;
      return new ConnectionError(`Cannot connect to ${where}: ${said}.`);
    };
    return await withDeadline(
      { clock, timeout, signal, late },
      async (deadline) =>
        closeOnAbort(await openWebSocket(address, { webSocket }, deadline), signal),
    );
  };
  return async (address, signal) => {
    const isDirect = proxy.noProxy !== undefined && isExempt(address, proxy.noProxy);
    if (!isDirect) checkVariables(address, proxy);
    try {
      return await (isDirect ? openWebSocket(address, {}, signal) : open(address, signal));
    } catch (error) {
      if (isDirect || signal?.aborted || !(error instanceof ConnectionError)) throw error;
      const { message, permanent } = error;
      // The runtime does not say which hop has failed.
      // In front: where several addresses fail, only the first sentence of each is told.
      const named = message.replace(/: |$/, ` (through the proxy "${proxyName(proxy)}")$&`);
      throw new ConnectionError(named, { cause: error, permanent });
    }
  };
}

/** Throws if the runtime may connect directly, as the environment says. */
function checkVariables(address: Address, proxy: TunnelProxy): void {
  let isListed: boolean;
  try {
    const { env = {} } = runtimeProcess() ?? {};
    isListed = [env.NO_PROXY, env.no_proxy].some((list = "") => mayExempt(address, list));
  } catch (cause) {
    throw new ConnectionError(
      "Cannot open a WebSocket through a proxy: the program may not read NO_PROXY, which this " +
        "runtime obeys. Allow it; with Deno, run with --allow-env=NO_PROXY,no_proxy.",
      { cause, permanent: true, proxyFault: "unreachable" },
    );
  }
  if (!isListed) return;
  throw new ConnectionError(
    `Cannot connect to "${formatAddress(address)}" through the proxy "${proxyName(proxy)}": the ` +
      "variable NO_PROXY lists the host, and this runtime would connect directly. Remove it from " +
      "the variable, or use TCP (leave out useWSS).",
    { permanent: true, proxyFault: "unreachable" },
  );
}

/** Whether any reading of a list exempts an address: runtimes differ, and a leak is worse. */
function mayExempt(address: Address, list: string): boolean {
  const host = address.host.toLowerCase();
  const entries = list.toLowerCase().split(/[\s,;]+/);
  return isExempt(address, list) ||
    entries.some((entry) => {
      const name = entry.replace(/:\d+$/, "").replace(/^[*.]+/, "");
      return entry.includes("*") || isExempt(address, name) || name !== "" && host.endsWith(name);
    });
}

function proxiedWebSocket(proxy: TunnelProxy): WebSocketClass {
  const { Deno: deno, Bun: bun, WebSocket } = globalThis as unknown as Runtime;
  const { username, password = "" } = proxy;
  if (deno?.createHttpClient !== undefined) {
    const { createHttpClient } = deno;
    return class {
      constructor(url: string, protocols: string) {
        const client = createHttpClient({
          proxy: {
            url: proxyName(proxy).replace("socks5:", "socks5h:"), // which resolves names
            ...(username !== undefined && { basicAuth: { username, password } }),
          },
        });
        const socket = new WebSocket(url, { protocols: [protocols], client });
        // A failed start has an error and no close, or both.
        let isOpen = true;
        const close = (): void => {
          if (isOpen) client.close();
          isOpen = false;
        };
        for (const event of ["close", "error"]) socket.addEventListener(event, close);
        return socket;
      }
    } as unknown as WebSocketClass;
  }
  if (bun !== undefined && proxy.kind !== "socks5") {
    const url = new URL(proxyName(proxy));
    if (username !== undefined) {
      url.username = encodeURIComponent(username);
      url.password = encodeURIComponent(password);
    }
    return class {
      constructor(target: string, protocols: string) {
        return new WebSocket(target, { protocols: [protocols], proxy: url.href });
      }
    } as unknown as WebSocketClass;
  }
  throw new TypeError(
    `Cannot open a WebSocket through a proxy of kind "${proxy.kind}": this runtime cannot do it. ` +
      "Use TCP (leave out useWSS).",
  );
}
