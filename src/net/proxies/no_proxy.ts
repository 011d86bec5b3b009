/**
 * The exceptions from a proxy, as the variable `NO_PROXY` lists them: names, which stand for the
 * names below them, too; IP addresses; networks; each with a port if only that one is meant.
 */
import type { Address } from "../stream.ts";
import { ipv4Bytes, ipv6Bytes } from "./ip_bytes.ts";

/** Whether a connection to `address` goes without the proxy. */
export function isExempt(address: Address, noProxy: string): boolean {
  const host = plain(address.host);
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === "") return false;
    if (entry === "*") return true;
    const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? ["", entry, undefined];
    if (port !== undefined && Number(port) !== address.port) return false;
    return isIn(host, plain(name));
  });
}

/** Whether a host is one that an entry without a port stands for. */
function isIn(host: string, entry: string): boolean {
  const [network, length] = entry.split("/");
  if (length !== undefined) return isInNetwork(host, network, length);
  const [one, other] = [bytesOf(host), bytesOf(entry)];
  if (one !== undefined && other !== undefined) return `${one}` === `${other}`;
  const name = entry.replace(/^\*?\./, "");
  return name !== "" && (host === name || one === undefined && host.endsWith(`.${name}`));
}

function isInNetwork(host: string, network: string, length: string): boolean {
  const [address, base] = [bytesOf(host), bytesOf(network)];
  const bits = Number(length);
  if (address === undefined || base === undefined || address.length !== base.length) return false;
  if (!/^\d+$/.test(length) || bits > base.length * 8) return false;
  return base.every((byte, index) => {
    const ofByte = Math.min(Math.max(bits - index * 8, 0), 8);
    return byte >> (8 - ofByte) === address[index] >> (8 - ofByte);
  });
}

function bytesOf(host: string): readonly number[] | undefined {
  return ipv4Bytes(host) ?? ipv6Bytes(host);
}

/** A host in small letters, without brackets and the dot at the end. */
function plain(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}
