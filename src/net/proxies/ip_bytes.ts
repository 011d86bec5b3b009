/** The bytes of IP addresses: https://www.rfc-editor.org/rfc/rfc4291#section-2.2 for IPv6. */

/** Returns the four bytes of an IPv4 address; undefined for any other text. */
export function ipv4Bytes(host: string): readonly number[] | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) return undefined;
  const bytes = host.split(".").map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
}

/**
 * Returns the 16 bytes of an IPv6 address.
 *
 * @throws {RangeError} if it is none
 */
export function ipv6Bytes(host: string): readonly number[] {
  const halves = host.split("::");
  const [head, tail = []] = halves.map((half) =>
    half === "" ? [] : half.split(":").flatMap((group, index, groups) => {
      const isLast = index === groups.length - 1;
      const ipv4 = isLast ? ipv4Bytes(group) : undefined;
      if (ipv4 !== undefined) return ipv4;
      if (!/^[\da-f]{1,4}$/i.test(group)) throw notIpv6();
      const value = parseInt(group, 16);
      return [value >> 8, value & 0xff];
    })
  );
  const missing = 16 - head.length - tail.length;
  const isRight = halves.length === 1 ? missing === 0 : halves.length === 2 && missing >= 2;
  // An IPv4 address stands at the end only.
  if (!isRight || halves.length === 2 && halves[0].includes(".")) throw notIpv6();
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function notIpv6(): RangeError {
  return new RangeError("Cannot read an address: it is not one of IPv6. Check its spelling.");
}
