/**
 * The addresses of a data center as they stand in the text of a state, `[host, port, flags]`, and
 * as Telegram names them, `dcOption`. Both may come from anybody: their number and their length are
 * limited. https://core.telegram.org/constructor/dcOption
 */
import type { Api } from "../../tl/mod.ts";
import { packIp, unpackIp } from "./ip_address.ts";
import type { DcAddressState } from "./session_state.ts";

/** The number of addresses that are kept for one data center. */
export const MAX_ADDRESSES = 32;
const MAX_PORT = 0xffff;
const HOST = /^[0-9A-Za-z.:_-]{1,255}$/;

/** The flags of `dcOption` that are kept, with the same values. */
const MEDIA_ONLY = 2;
const TCPO_ONLY = 4;
const THIS_PORT_ONLY = 32;

/** Writes one address for the text of a state. */
export function writeAddress(address: DcAddressState): (string | number)[] {
  const { host, port, mediaOnly, tcpoOnly, thisPortOnly } = address;
  const flags = (mediaOnly ? MEDIA_ONLY : 0) | (tcpoOnly ? TCPO_ONLY : 0) |
    (thisPortOnly ? THIS_PORT_ONLY : 0);
  return flags === 0 ? [host, port] : [host, port, flags];
}

/**
 * Reads the addresses of one data center from the text of a state.
 *
 * @throws {TypeError} if they are too many, or one is no address
 */
export function readAddresses(plain: readonly unknown[]): DcAddressState[] {
  if (plain.length > MAX_ADDRESSES) throw new TypeError("Expected fewer addresses");
  return plain.map((entry) => {
    const [host, port, flags = 0] = Array.isArray(entry) ? entry : [];
    if (!isHost(host) || !isPort(port) || typeof flags !== "number") {
      throw new TypeError("Expected an address");
    }
    return {
      host,
      port,
      ...((flags & MEDIA_ONLY) !== 0 && { mediaOnly: true }),
      ...((flags & TCPO_ONLY) !== 0 && { tcpoOnly: true }),
      ...((flags & THIS_PORT_ONLY) !== 0 && { thisPortOnly: true }),
    };
  });
}

/**
 * Returns the addresses of one data center among those that Telegram names, in its order. Those of
 * CDNs and those that demand a secret are left out: no connection of this library can use them.
 */
export function addressesIn(options: readonly Api.DcOption[], dcId: number): DcAddressState[] {
  return options
    .filter(({ id, cdn, secret }) => id === dcId && !cdn && secret === undefined)
    .map(({ ipAddress, port, mediaOnly, tcpoOnly, thisPortOnly }) => ({
      host: shortest(ipAddress),
      port,
      ...(mediaOnly && { mediaOnly }),
      ...(tcpoOnly && { tcpoOnly }),
      ...(thisPortOnly && { thisPortOnly }),
    }))
    .filter(({ host, port }) => isHost(host) && isPort(port))
    .slice(0, MAX_ADDRESSES);
}

/** The short form of an IPv6 address: Telegram writes all of its zeros. */
function shortest(host: string): string {
  const ip = packIp(host);
  return ip === undefined ? host : unpackIp(ip);
}

function isHost(host: unknown): host is string {
  return typeof host === "string" && HOST.test(host);
}

function isPort(port: unknown): port is number {
  return typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= MAX_PORT;
}
