/**
 * The addresses of a data center as they stand in the text of a state: `[host, port, flags]`.
 */
import { isHost, isPort, MAX_ADDRESSES } from "./named_addresses.ts";
import type { DcAddressState } from "./session_state.ts";

/** The flags, with the values that they have in `dcOption`. */
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
