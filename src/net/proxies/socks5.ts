/**
 * The client's side of SOCKS5: https://www.rfc-editor.org/rfc/rfc1928, with the username and
 * password of https://www.rfc-editor.org/rfc/rfc1929. Only CONNECT. Each request waits for the
 * answer to the one before: servers lose what comes earlier.
 *
 * | the client sends                   | the proxy answers                                    |
 * |------------------------------------|------------------------------------------------------|
 * | 05, the methods that it knows      | 05, the chosen method; FF if it wants none of them   |
 * | 01, username, password, if chosen  | 01, a status; 00 if it accepts them                  |
 * | 05 01 00, the target               | 05, a code; 00 if it is connected; 00, an address    |
 */
import type { Handshake } from "./handshake.ts";
import { ipv4Bytes, ipv6Bytes } from "./ip_bytes.ts";
import { ProxyRefusal } from "./refusal.ts";

/** The parts of a {@linkcode socks5} handshake. */
export interface Socks5Options {
  /** The host, a name or an IP address, and the port to connect to. */
  readonly target: { readonly host: string; readonly port: number };
  readonly username?: string;
  readonly password?: string;
}

const VERSION = 5;
const AUTH_VERSION = 1;
const NO_AUTH = 0;
const PASSWORD = 2;
const CONNECT = 1;
const [IPV4, NAME, IPV6] = [1, 3, 4];

/** The codes of an answer, in words; the first one means success. */
const REPLIES: readonly string[] = [
  "",
  "it failed",
  "the rules of the proxy forbid it",
  "the network is unreachable",
  "the host is unreachable",
  "the connection was refused",
  "the time to live expired",
  "the proxy does not know the command CONNECT",
  "the proxy does not know this type of address",
];
const NOT_ALLOWED = 2;

/** Connects to a target through a SOCKS5 proxy. */
export function* socks5({ target, username, password = "" }: Socks5Options): Handshake {
  const methods = username === undefined ? [NO_AUTH] : [NO_AUTH, PASSWORD];
  const [version, method] = yield {
    write: Uint8Array.of(VERSION, methods.length, ...methods),
    read: 2,
  };
  checkVersion(version, VERSION);
  if (method === PASSWORD && username !== undefined) {
    const [authVersion, status] = yield { write: passwordRequest(username, password), read: 2 };
    // Some servers write the version of SOCKS here.
    if (authVersion !== VERSION) checkVersion(authVersion, AUTH_VERSION);
    if (status !== 0) {
      throw new ProxyRefusal("credentials", "it does not accept the username and the password");
    }
  } else if (method !== NO_AUTH) {
    throw new ProxyRefusal(
      "credentials",
      username === undefined
        ? "it wants a username and a password"
        : "it wants another proof than a username and a password",
    );
  }
  const [replyVersion, reply, , addressType] = yield {
    write: connectRequest(target),
    read: 4,
    isForTarget: true,
  };
  checkVersion(replyVersion, VERSION);
  if (reply !== 0) {
    const said = REPLIES[reply] ?? `it answers with the code ${reply}`;
    throw new ProxyRefusal(reply === NOT_ALLOWED ? "rules" : "target", said);
  }
  // The address from which the proxy connected is of no use, but must be read.
  if (addressType === NAME) {
    const [length] = yield { read: 1, isForTarget: true };
    yield { read: length + 2, isForTarget: true };
  } else if (addressType === IPV4 || addressType === IPV6) {
    yield { read: (addressType === IPV4 ? 4 : 16) + 2, isForTarget: true };
  } else {
    throw new ProxyRefusal("not this kind", "its answer has an address of no known type");
  }
}

function checkVersion(version: number, expected: number): void {
  if (version === expected) return;
  throw new ProxyRefusal("not this kind", "its answer is not one of SOCKS5");
}

function passwordRequest(username: string, password: string): Uint8Array {
  const [name, secret] = [username, password].map((text) => new TextEncoder().encode(text));
  return Uint8Array.of(AUTH_VERSION, name.length, ...name, secret.length, ...secret);
}

function connectRequest({ host, port }: Socks5Options["target"]): Uint8Array {
  return Uint8Array.of(VERSION, CONNECT, 0, ...addressBytes(host), port >> 8, port & 0xff);
}

function addressBytes(host: string): readonly number[] {
  const ipv4 = ipv4Bytes(host);
  if (ipv4 !== undefined) return [IPV4, ...ipv4];
  const ipv6 = ipv6Bytes(host);
  if (ipv6 !== undefined) return [IPV6, ...ipv6];
  const name = new TextEncoder().encode(host);
  return [NAME, name.length, ...name];
}
