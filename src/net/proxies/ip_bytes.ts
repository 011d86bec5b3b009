/** The bytes of IP addresses: https://www.rfc-editor.org/rfc/rfc4291#section-2.2 for IPv6. */

/** Returns the four bytes of an IPv4 address; undefined for any other text. */
export function ipv4Bytes(host: string): readonly number[] | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) return undefined;
  const bytes = host.split(".").map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
}

/** Returns the 16 bytes of an IPv6 address; undefined for any other text. */
export function ipv6Bytes(host: string): readonly number[] | undefined {
  const halves = withoutIpv4(host).split("::").map((half) => half === "" ? [] : half.split(":"));
  const [head, tail = []] = halves;
  const missing = 8 - head.length - tail.length;
  const isRight = halves.length === 1 ? missing === 0 : halves.length === 2 && missing >= 1;
  if (!isRight) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** Writes an IPv4 address at the end as the two groups that it stands for. */
function withoutIpv4(host: string): string {
  const start = host.lastIndexOf(":") + 1;
  const [a, b, c, d] = ipv4Bytes(host.slice(start)) ?? [];
  if (d === undefined) return host;
  return `${host.slice(0, start)}${(a << 8 | b).toString(16)}:${(c << 8 | d).toString(16)}`;
}
