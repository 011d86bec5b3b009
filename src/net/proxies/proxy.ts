/**
 * The types of proxies: a proxy as the library uses it, and the forms in which programs name one.
 * They have no code; parse_proxy.ts reads the forms.
 */

/** Where a proxy is. */
export interface ProxyAddress {
  /** A name, which this computer resolves, or an IP address (IPv6 without brackets). */
  readonly host: string;
  /** The port, 1 to 65535. */
  readonly port: number;
}

/** A proxy that connects to any address: SOCKS5, or HTTP with its method CONNECT. */
export interface TunnelProxy extends ProxyAddress {
  /** Its kind; `"https"` is an HTTP proxy to which the connection is encrypted. */
  readonly kind: "socks5" | "http" | "https";
  /** The name of the user, if the proxy wants one. */
  readonly username?: string;
  /** Their password. */
  readonly password?: string;
  /**
   * The hosts to which the client connects without the proxy, as in the variable `NO_PROXY`: names
   * with all names below them, IP addresses, networks (`10.0.0.0/8`), each with a port if only that
   * one is meant; or `*`. By default there are none.
   */
  readonly noProxy?: string;
  /** Seconds for the connection to the proxy and its answers. */
  readonly timeout?: number;
}

/** An MTProxy, which connects to Telegram only. https://core.telegram.org/proxy */
export interface MtProxy extends ProxyAddress {
  /** Its kind. */
  readonly kind: "mtproxy";
  /** The secret as in a link: hex or base64. */
  readonly secret: string;
  /** Seconds for the connection to the proxy. */
  readonly timeout?: number;
}

/** A proxy. */
export type Proxy = TunnelProxy | MtProxy;

/** A proxy as an object of GramJS, teleproto or mtcute. */
export interface ForeignProxy {
  /** The host of the proxy. */
  readonly ip?: string;
  /** The host of the proxy, by the name that mtcute uses. */
  readonly host?: string;
  /** The port. */
  readonly port: number;
  /** The version of SOCKS; only 5 is supported. */
  readonly socksType?: 4 | 5;
  /** Whether it is an MTProxy. */
  readonly MTProxy?: boolean;
  /** The secret of an MTProxy. */
  readonly secret?: string;
  /** The name of the user, if the proxy wants one. */
  readonly username?: string;
  /** The name of the user, by the name that mtcute uses. */
  readonly user?: string;
  /** Their password. */
  readonly password?: string;
  /** Seconds for the connection to the proxy and its answers. */
  readonly timeout?: number;
}

/** A proxy as an object of Telethon or Pyrogram. */
export interface PythonProxy {
  /** The kind, as Telethon names it. */
  readonly proxy_type?: string | number;
  /** The host, as Telethon names it. */
  readonly addr?: string;
  /** The kind, as Pyrogram names it. */
  readonly scheme?: string;
  /** The host, as Pyrogram names it. */
  readonly hostname?: string;
  /** The port. */
  readonly port: number;
  /** The name of the user, if the proxy wants one. */
  readonly username?: string;
  /** Their password. */
  readonly password?: string;
  /** Whether the proxy resolves names, which it always does. */
  readonly rdns?: boolean;
}

/**
 * A proxy, in any form in which people have one: a URL (`socks5://user:password@host:1080`,
 * `http://…`, `https://…`), a link of Telegram (`https://t.me/proxy?…`, `https://t.me/socks?…`,
 * `tg://…`), an object, or the object or tuple of another library.
 */
export type ProxyOptions =
  | string
  | URL
  | Proxy
  | ForeignProxy
  | PythonProxy
  | readonly (string | number | boolean | null | undefined)[];
