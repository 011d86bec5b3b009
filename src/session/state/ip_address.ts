/**
 * IP addresses as text and as packed bytes, which the session strings of Telethon hold. IPv6 text
 * has the short form of RFC 5952. Host names are not resolved, and zones (`%eth0`) are not
 * supported.
 */

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function packIpv4(text: string): number[] | undefined {
  const bytes = IPV4.exec(text)?.slice(1).map(Number);
  return bytes?.every((byte) => byte <= 255) ? bytes : undefined;
}

/**
 * The sixteen-bit groups of one side of `::`; `undefined` if the text is not a list of groups. An
 * IPv4 address at the end makes two groups.
 */
function ipv6Groups(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 ? packIpv4(part) : undefined;
    if (embedded !== undefined) {
      groups.push(embedded[0] << 8 | embedded[1], embedded[2] << 8 | embedded[3]);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function packIpv6(text: string): number[] | undefined {
  const sides = text.split("::");
  if (sides.length > 2) return undefined;
  const [before, after] = sides.map(ipv6Groups);
  if (before === undefined || (sides.length === 2 && after === undefined)) return undefined;
  const missing = 8 - before.length - (after?.length ?? 0);
  if (after === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...new Array<number>(missing).fill(0), ...(after ?? [])];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

/** The 4 or 16 bytes of an IP address; `undefined` for another text, such as a host name. */
export function packIp(text: string): Uint8Array | undefined {
  const bytes = text.includes(":") ? packIpv6(text) : packIpv4(text);
  return bytes === undefined ? undefined : Uint8Array.from(bytes);
}

/**
 * The start and end of the longest run of two or more zero groups, the first of several equal ones.
 */
function longestZeros(groups: number[]): [start: number, end: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > Math.max(1, best[1] - best[0])) best = [start, end];
  }
  return best;
}

/** The text of an IP address of 4 or 16 bytes. */
export function unpackIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(bytes[i] << 8 | bytes[i + 1]);
  const write = (part: number[]): string => part.map((group) => group.toString(16)).join(":");
  const [start, end] = longestZeros(groups);
  if (end === start) return write(groups);
  return `${write(groups.slice(0, start))}::${write(groups.slice(end))}`;
}
