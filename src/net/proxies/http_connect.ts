/**
 * The client's side of CONNECT, the method with which HTTP proxies open tunnels:
 * https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6. Authentication is "Basic" only:
 * https://www.rfc-editor.org/rfc/rfc7617.
 */
import { formatAddress } from "../stream.ts";
import type { Handshake } from "./handshake.ts";
import { ProxyRefusal } from "./refusal.ts";

/** The parts of an {@linkcode httpConnect} handshake. */
export interface HttpConnectOptions {
  /** The host, a name or an IP address, and the port to connect to. */
  readonly target: { readonly host: string; readonly port: number };
  readonly username?: string;
  readonly password?: string;
}

/** Interim answers (100 to 199) may come before the answer; a proxy that sends more is odd. */
const MAX_INTERIM = 4;

/** The first bytes of each answer. */
const START = "HTTP/1.";

/** Connects to a target through an HTTP proxy. */
export function* httpConnect(options: HttpConnectOptions): Handshake {
  let step: Uint8Array | undefined = request(options);
  for (let answers = 0; answers <= MAX_INTERIM; answers++) {
    const head = yield {
      ...(step && { write: step }),
      read: "head",
      check: checkStart,
      isForTarget: true,
    };
    step = undefined;
    const status = statusOf(head);
    if (status >= 200 && status < 300) return;
    if (status >= 200 || status === 101) throw refusal(status, options.username !== undefined);
  }
  throw new ProxyRefusal("not this kind", "it does not come to its answer");
}

function request({ target, username, password = "" }: HttpConnectOptions): Uint8Array {
  const where = formatAddress(target);
  const lines = [`CONNECT ${where} HTTP/1.1`, `Host: ${where}`];
  if (username !== undefined) {
    const bytes = new TextEncoder().encode(`${username}:${password}`);
    lines.push(`Proxy-Authorization: Basic ${btoa(String.fromCharCode(...bytes))}`);
  }
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
}

/** Another server, such as one of SOCKS5 or SSH, may never send an empty line. */
function checkStart(start: Uint8Array): void {
  const said = String.fromCharCode(...start.subarray(0, START.length));
  if (!START.startsWith(said)) throw noHttp();
}

function statusOf(head: Uint8Array): number {
  const line = String.fromCharCode(...head.subarray(0, 16));
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?:[ \r\n]|$)/.exec(line) ?? [];
  if (status !== undefined) return Number(status);
  throw noHttp();
}

function noHttp(): ProxyRefusal {
  return new ProxyRefusal("not this kind", "its answer is not one of HTTP");
}

function refusal(status: number, hasCredentials: boolean): ProxyRefusal {
  // Tinyproxy answers with 401 where others have 407.
  if (status === 401 || status === 407) {
    return new ProxyRefusal(
      "credentials",
      hasCredentials
        ? "it does not accept the username and the password"
        : "it wants a username and a password",
    );
  }
  if (status === 403) return new ProxyRefusal("rules", "the rules of the proxy forbid it (403)");
  if (status === 400 || status === 404 || status === 405 || status === 501 || status < 200) {
    return new ProxyRefusal("not this kind", `it does not open tunnels (status ${status})`);
  }
  return new ProxyRefusal("target", `it answers with the status ${status}`);
}
