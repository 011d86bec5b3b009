/**
 * Reads a proxy in any of its forms; see {@linkcode ProxyOptions}. Links are those of
 * https://core.telegram.org/api/links#mtproxy-links. No error of this file repeats what it read:
 * there may be a password in it.
 */
import { censorObject, pasted } from "../../runtime/mod.ts";
import { ipv6Bytes } from "./ip_bytes.ts";
import type { Proxy, ProxyOptions } from "./proxy.ts";

/** What is known of a proxy before it is checked. Any of it may be missing, or of another type. */
interface Parts {
  readonly kind: unknown;
  readonly host: unknown;
  readonly port: unknown;
  readonly username?: unknown;
  readonly password?: unknown;
  readonly secret?: unknown;
  readonly noProxy?: unknown;
  readonly timeout?: unknown;
}

/** The names of the kinds, in URLs and elsewhere. The numbers are those of PySocks. */
const KINDS: ReadonlyMap<string, Proxy["kind"]> = new Map([
  ["socks", "socks5"],
  ["socks5", "socks5"],
  ["socks5h", "socks5"],
  ["2", "socks5"],
  ["http", "http"],
  ["3", "http"],
  ["https", "https"],
  ["mtproxy", "mtproxy"],
]);

const DEFAULT_PORTS = { socks5: 1080, http: 80, https: 443, mtproxy: undefined };

/** The hosts of Telegram's links. */
const LINK_HOSTS = /^(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)$/i;

/** The longest name that SOCKS5 and HTTP proxies take, in bytes. */
const MAX_CREDENTIAL = 255;

/**
 * Returns the proxy that `options` name. It prints without its password and secret.
 *
 * @throws {TypeError} if they name none
 */
export function parseProxy(options: ProxyOptions): Proxy {
  const given: unknown = options;
  if (typeof given === "string") return checked(partsOfText(pasted(given)));
  if (given instanceof URL) return checked(partsOfText(given.href));
  if (Array.isArray(given)) return checked(partsOfTuple(given));
  if (typeof given === "object" && given !== null) return checked(partsOfObject(given));
  throw wrong(`it is of type ${typeof given}`, "Write socks5://host:port.");
}

/** Returns the proxy as a text without its credentials, for errors and logs. */
export function proxyName({ kind, host, port }: Proxy): string {
  return `${kind}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function partsOfText(text: string): Parts {
  if (text === "") throw wrong("it is empty", "Leave it out, or write socks5://host:port.");
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]*):/i.exec(text) ?? [];
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong(
      "it is not a URL",
      "Write socks5://user:password@host:port, with each sign of the password that is neither " +
        "a letter nor a digit as encodeURIComponent() writes it, or pass an object.",
    );
  }
  const isLink = /^https?:$/i.test(url.protocol) && LINK_HOSTS.test(url.hostname);
  if (isLink || url.protocol === "tg:") return partsOfLink(url);
  const known = KINDS.get(scheme.toLowerCase());
  if (known === undefined || !text.includes("://")) {
    throw wrongKind(scheme === "" || !text.includes("://") ? undefined : scheme);
  }
  if (/[?#]/.test(text) || !["", "/"].includes(url.pathname)) {
    throw wrong(
      "something follows the port",
      "Write a password that has one of the signs / ? # as encodeURIComponent() does, or pass " +
        "an object.",
    );
  }
  const port = url.port === "" ? undefined : Number(url.port);
  return {
    kind: scheme,
    // URLs of SOCKS keep letters of other alphabets encoded.
    host: url.hostname.replace(/(?:%[89a-f][\da-f])+/gi, decoded),
    port: port ?? DEFAULT_PORTS[known],
    username: decoded(url.username),
    password: decoded(url.password),
  };
}

/** `tg://proxy?…`, `tg:proxy?…` and `https://t.me/proxy?…`, and the same with `socks`. */
function partsOfLink(url: URL): Parts {
  const path = url.protocol === "tg:" ? url.hostname + url.pathname : url.pathname;
  const kind = path.replaceAll("/", "").toLowerCase();
  if (kind !== "proxy" && kind !== "socks") {
    throw wrong("the link leads to no proxy", "Copy a link to t.me/proxy or t.me/socks.");
  }
  // As the source of a page has it.
  const { searchParams } = new URL(url.href.replaceAll("&amp;", "&"));
  const of = (name: string): string | undefined => searchParams.get(name)?.trim() || undefined;
  const port = of("port");
  return {
    kind: kind === "proxy" ? "mtproxy" : "socks5",
    host: of("server"),
    port: port !== undefined && /^\d+$/.test(port) ? Number(port) : port,
    ...(kind === "proxy"
      // Base64 has plus signs, which a link should encode and many do not.
      ? { secret: searchParams.get("secret")?.trim().replaceAll(" ", "+") }
      : { username: of("user"), password: searchParams.get("pass") ?? undefined }),
  };
}

/** Telethon's tuples: (kind, host, port, rdns, username, password), and (host, port, secret). */
function partsOfTuple(tuple: readonly unknown[]): Parts {
  if (typeof tuple[1] === "number" && typeof tuple[2] === "string") {
    const [host, port, secret] = tuple;
    return { kind: "mtproxy", host, port, secret };
  }
  const [kind, host, port, rdns, username, password] = tuple;
  if (typeof (rdns ?? true) !== "boolean") {
    throw wrong(
      "its fourth part is neither true nor false",
      "Write true there, and the username and the password after it.",
    );
  }
  return { kind, host, port, username, password };
}

/** The fields of objects, by what they mean. */
const FIELDS: Readonly<Record<keyof Parts, readonly string[]>> = {
  kind: ["kind", "proxy_type", "scheme"],
  host: ["host", "ip", "addr", "hostname"],
  port: ["port"],
  username: ["username", "user"],
  password: ["password"],
  secret: ["secret"],
  noProxy: ["noProxy"],
  timeout: ["timeout"],
};
/** Fields that say the kind, or nothing that matters here. */
const OTHER_FIELDS = ["socksType", "version", "MTProxy", "rdns"];

function partsOfObject(object: object): Parts {
  const values: Readonly<Record<string, unknown>> = { ...object };
  const known = [...Object.values(FIELDS).flat(), ...OTHER_FIELDS];
  const odd = Object.keys(values).find((name) =>
    values[name] !== undefined && !known.includes(name)
  );
  if (odd !== undefined) {
    throw wrong(`it has the field "${odd}"`, `Known are ${known.join(", ")}.`);
  }
  const of = (name: keyof Parts): unknown =>
    FIELDS[name].map((field) => values[field] ?? undefined).find((value) => value !== undefined);
  const { MTProxy: isMtProxy, socksType, version = socksType } = values;
  const kind = of("kind") ??
    (isMtProxy === true || isMtProxy === undefined && of("secret") !== undefined
      ? "mtproxy"
      : version === undefined
      ? undefined
      : version === 5 || version === "5"
      ? "socks5"
      : "socks4");
  const names = Object.keys(FIELDS) as (keyof Parts)[];
  const parts = Object.fromEntries(names.map((name) => [name, of(name)]));
  // GramJS has an empty secret beside a SOCKS proxy.
  const secret = kind !== "mtproxy" && parts.secret === "" ? undefined : parts.secret;
  return { ...parts as unknown as Parts, kind, secret };
}

function checked({ kind: name, host, port, username, password, ...rest }: Parts): Proxy {
  const kind = KINDS.get(String(name).toLowerCase());
  if (typeof name !== "string" && typeof name !== "number" || kind === undefined) {
    throw wrongKind(name);
  }
  const address = { host: hostOf(host), port: portOf(port) };
  const timeout = rest.timeout ?? undefined;
  if (timeout !== undefined && !(typeof timeout === "number" && timeout > 0)) {
    throw wrong("its timeout is no number above 0", "Write it in seconds.");
  }
  const limit = timeout === undefined ? {} : { timeout: timeout as number };
  if (kind === "mtproxy") {
    const { secret } = rest;
    if (typeof secret === "string" && secret !== "") {
      return printable({ kind, ...address, secret, ...limit });
    }
    throw wrong("an MTProxy needs a secret", "Copy the whole link, to the end of its secret.");
  }
  if (rest.secret !== undefined && rest.secret !== null) {
    throw wrong(
      `a proxy of kind ${kind} has no secret`,
      "Leave it out, or say that it is mtproxy.",
    );
  }
  const noProxy = rest.noProxy ?? undefined;
  if (noProxy !== undefined && typeof noProxy !== "string") {
    throw wrong("its noProxy is no text", 'Write "localhost,10.0.0.0/8", for example.');
  }
  return printable({
    kind,
    ...address,
    ...credentials(kind, username, password),
    ...(noProxy !== undefined && noProxy !== "" && { noProxy }),
    ...limit,
  });
}

function credentials(
  kind: Proxy["kind"],
  username: unknown,
  password: unknown,
): { username?: string; password?: string } {
  const name = credential("username", username);
  const secret = credential("password", password);
  if (name === undefined && secret === undefined) return {};
  if (name === undefined) {
    throw wrong("it has a password and no username", "Write both, or none of them.");
  }
  if (kind !== "socks5" && name.includes(":")) {
    throw wrong("its username has a colon", "HTTP proxies take none in it: check both.");
  }
  return { username: name, ...(secret !== undefined && { password: secret }) };
}

function credential(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw wrong(`its ${name} is no text`, "Put it into quotes.");
  if (new TextEncoder().encode(value).length > MAX_CREDENTIAL) {
    throw wrong(
      `its ${name} has more than ${MAX_CREDENTIAL} bytes`,
      "No proxy takes it: check it.",
    );
  }
  return value;
}

function hostOf(value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw wrong("it has no host", "Write the name or the IP address of the proxy.");
  }
  const host = value.trim().replace(/^\[(.*)\]$/, "$1");
  const isRight = host.includes(":")
    ? ipv6Bytes(host.replace(/%[\w.-]+$/, "")) !== undefined
    // deno-lint-ignore no-control-regex
    : /^[^\s\x00-\x1f\x7f/\\?#@%[\]]{1,255}$/.test(host);
  const ascii = isRight ? asciiOf(host) : undefined;
  if (ascii !== undefined) return ascii;
  throw wrong("its host is neither a name nor an IP address", "Write host and port apart.");
}

/** Returns a name as the DNS has it: letters of other alphabets in ASCII. */
function asciiOf(host: string): string | undefined {
  if (/^[!-~]+$/.test(host)) return host;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

function portOf(value: unknown): number {
  const port = typeof value === "string" && /^\d+$/.test(value.trim()) ? Number(value) : value;
  if (typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw wrong("it has no port from 1 to 65535", "Write it after the host: socks5://host:1080.");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong(
      "its username or password has a % that encodes nothing",
      "Write the % itself as %25, or pass an object.",
    );
  }
}

function wrongKind(kind: unknown): TypeError {
  const name = String(kind).toLowerCase();
  const isSocks4 = /^(?:socks4a?|1)$/.test(name);
  const kinds = "Use socks5://, http://, https://, or a link to t.me/proxy or t.me/socks.";
  if (isSocks4) {
    return wrong("SOCKS4 is not supported", "Use socks5://: most of its servers are SOCKS5, too.");
  }
  const isShort = typeof kind === "string" && /^[a-z0-9+.-]{1,12}$/i.test(kind);
  return wrong(isShort ? `"${kind}" is no kind of proxy` : "its kind is missing", kinds);
}

function wrong(what: string, instead: string): TypeError {
  return new TypeError(`Cannot use the proxy: ${what}. ${instead}`);
}

/** Lets the proxy print without what nobody else may know. */
function printable<P extends Proxy>(proxy: P): P {
  return censorObject(proxy, ({ kind, host, port }) => ({ kind, host, port }));
}
