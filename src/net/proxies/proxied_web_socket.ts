/**
 * WebSockets through a proxy, where the runtime itself can do that: Deno by a client for its
 * requests, Bun by an option, for HTTP proxies only. The others fail, and never connect directly.
 */
import { openWebSocket } from "../sockets/web_socket_stream.ts";
import { ConnectionError, type Dial } from "../stream.ts";
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

/** Returns a dial that opens WebSockets through `proxy`. */
export function proxiedWebSocketDial(proxy: TunnelProxy): Dial {
  const webSocket = proxiedWebSocket(proxy);
  return async (address, signal) => {
    const isDirect = proxy.noProxy !== undefined && isExempt(address, proxy.noProxy);
    try {
      return await openWebSocket(address, isDirect ? {} : { webSocket }, signal);
    } catch (error) {
      if (isDirect || !(error instanceof ConnectionError)) throw error;
      const { message, permanent } = error;
      // The runtime does not say which hop has failed.
      throw new ConnectionError(`${message} It went through the proxy "${proxyName(proxy)}".`, {
        cause: error,
        permanent,
      });
    }
  };
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
        const socket = new WebSocket(url, { protocols, client });
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
        return new WebSocket(target, { protocols, proxy: url.href });
      }
    } as unknown as WebSocketClass;
  }
  throw new TypeError(
    `Cannot open a WebSocket through a proxy of kind "${proxy.kind}": this runtime cannot do it. ` +
      "Use TCP (leave out useWSS).",
  );
}
