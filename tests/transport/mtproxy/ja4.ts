/**
 * The fingerprint JA4 of a ClientHello, by its specification alone:
 * https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md, and JA3, which keeps the
 * order: https://github.com/salesforce/ja3. Written apart from the code that it judges.
 */
import { createHash } from "node:crypto";

/** A ClientHello as a server reads it. */
export interface ReadHello {
  readonly length: number;
  readonly sessionId: Uint8Array;
  readonly ciphers: readonly number[];
  readonly extensions: ReadonlyMap<number, Uint8Array>;
  /** The types in their order. */
  readonly order: readonly number[];
}

const isGrease = (value: number): boolean =>
  (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 255);
const hex = (value: number): string => value.toString(16).padStart(4, "0");
const sha = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** Numbers of two bytes. */
export function numbers(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 2 }, (_, index) => view.getUint16(2 * index));
}

/** Reads a ClientHello in one record, to its last byte. */
export function readHello(record: Uint8Array): ReadHello {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > record.length) throw new Error("the ClientHello ends too early");
    return record.subarray(at, at += length);
  };
  const number = (bytes: 1 | 2): number => {
    const start = at;
    take(bytes);
    return bytes === 1 ? view.getUint8(start) : view.getUint16(start);
  };
  if (number(1) !== 22 || number(2) !== 0x0301) throw new Error("no record of a ClientHello");
  if (number(2) !== record.length - at) throw new Error("the length of the record is wrong");
  if (number(2) !== 0x0100) throw new Error("no ClientHello");
  if (number(2) !== record.length - at) throw new Error("the length of the message is wrong");
  if (number(2) !== 0x0303) throw new Error("the version is wrong");
  take(32);
  const sessionId = take(number(1));
  const ciphers = numbers(take(number(2)));
  if (number(2) !== 0x0100) throw new Error("the compression is wrong");
  if (number(2) !== record.length - at) throw new Error("the length of the extensions is wrong");
  const extensions = new Map<number, Uint8Array>();
  const order: number[] = [];
  while (at < record.length) {
    const type = number(2);
    order.push(type);
    extensions.set(type, take(number(2)));
  }
  return { length: record.length, sessionId, ciphers, extensions, order };
}

/** Returns the JA4 of a ClientHello over TCP. */
export function ja4(record: Uint8Array): string {
  const { ciphers, extensions, order } = readHello(record);
  const list = (type: number, skip: number): number[] =>
    numbers((extensions.get(type) ?? new Uint8Array(skip)).subarray(skip))
      .filter((value) => !isGrease(value));
  const versions: Record<number, string> = { 0x0304: "13", 0x0303: "12" };
  const version = versions[Math.max(...list(0x2b, 1))] ?? "00";
  const suites = ciphers.filter((value) => !isGrease(value));
  const types = order.filter((value) => !isGrease(value));
  const alpn = extensions.get(0x10) ?? new Uint8Array(0);
  const first = new TextDecoder().decode(alpn.subarray(3, 3 + alpn[2]));
  const two = (count: number): string => String(Math.min(count, 99)).padStart(2, "0");
  const start = `t${version}${extensions.has(0) ? "d" : "i"}${two(suites.length)}` +
    `${two(types.length)}${first === "" ? "00" : first[0] + first.at(-1)}`;
  const sorted = types.filter((type) => type !== 0 && type !== 0x10).map(hex).toSorted();
  const algorithms = list(0x0d, 2).map(hex);
  const end = `${sorted.join(",")}_${algorithms.join(",")}`;
  return `${start}_${sha(suites.map(hex).toSorted().join(","))}_${sha(end)}`;
}

/** Returns the MD5 of the JA3 of a ClientHello. */
export function ja3(record: Uint8Array): string {
  const { ciphers, extensions, order } = readHello(record);
  const plain = (values: readonly number[]): string =>
    values.filter((value) => !isGrease(value)).join("-");
  const groups = numbers((extensions.get(10) ?? new Uint8Array(2)).subarray(2));
  const formats = [...(extensions.get(11) ?? new Uint8Array(1)).subarray(1)].join("-");
  const text = `771,${plain(ciphers)},${plain(order)},${plain(groups)},${formats}`;
  return createHash("md5").update(text).digest("hex");
}
