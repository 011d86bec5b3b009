/**
 * The addresses that Telegram names, `dcOption`, as a session keeps them. They may come from
 * anybody who reached the client: their number and their length are limited.
 * https://core.telegram.org/constructor/dcOption
 */
import type { Api } from "../../tl/mod.ts";
import { packIp, unpackIp } from "./ip_address.ts";
import type { DcAddressState } from "./session_state.ts";

/** The number of addresses that are kept for one data center. */
export const MAX_ADDRESSES = 32;
const MAX_PORT = 0xffff;
const HOST = /^[0-9A-Za-z.:_-]{1,255}$/;

/**
 * Returns the addresses of one data center among those that Telegram names, in its order. Those
 * that demand a secret are left out: no connection of this library can use them.
 *
 * @param isCdn whether it is a CDN, whose addresses are those with the flag `cdn`, and no others
 */
export function addressesIn(
  options: readonly Api.DcOption[],
  dcId: number,
  isCdn = false,
): DcAddressState[] {
  return options
    .filter(({ id, cdn = false, secret, ipAddress, port }) =>
      id === dcId && cdn === isCdn && secret === undefined && isHost(ipAddress) && isPort(port)
    )
    .slice(0, MAX_ADDRESSES)
    .map(({ ipAddress, port, mediaOnly, tcpoOnly, thisPortOnly }) => ({
      host: shortest(ipAddress),
      port,
      ...(mediaOnly && { mediaOnly }),
      ...(tcpoOnly && { tcpoOnly }),
      ...(thisPortOnly && { thisPortOnly }),
    }));
}

/** The short form of an IPv6 address: Telegram writes all of its zeros. */
function shortest(host: string): string {
  const ip = packIp(host);
  return ip === undefined ? host : unpackIp(ip);
}

/** Whether a value can be the host of an address. */
export function isHost(host: unknown): host is string {
  return typeof host === "string" && HOST.test(host);
}

/** Whether a value can be the port of an address. */
export function isPort(port: unknown): port is number {
  return typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= MAX_PORT;
}
