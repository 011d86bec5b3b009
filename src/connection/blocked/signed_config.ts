/**
 * The signed list of addresses that Telegram publishes for networks that block it: checks and reads
 * it. https://core.telegram.org/constructor/help.configSimple; the bytes are as in TDLib
 * (ConfigManager.cpp). Where it is published is in address_search.ts.
 *
 * | part                     | contents                                                         |
 * |--------------------------|------------------------------------------------------------------|
 * | the text                 | base64 of 256 bytes, which only Telegram's private key makes     |
 * | RSA with the public key  | 32 bytes: AES key, its second half is the IV; 224 bytes: AES-CBC |
 * | AES-256-CBC              | 208 bytes: data; 16 bytes: the beginning of their SHA-256        |
 * | data                     | their length, this number included; help.configSimple; padding   |
 */
import {
  decodeBase64,
  equalBytes,
  hexToBytes,
  igeDecrypt,
  modPow,
  type RsaPublicKey,
  rsaPublicKey,
  sha256,
} from "../../crypto/mod.ts";
import { TlReader } from "../../tl/mod.ts";
import { ProxySecret } from "../../transport/mtproxy/mod.ts";
import type { DcAddress } from "../dc_address.ts";

/** The addresses of a data center, for the people with some phone numbers. */
export interface SignedRule {
  /** Prefixes of phone numbers, `+7,-79`: the rule is for the first and not for the second. */
  readonly phonePrefixes: string;
  readonly dcId: number;
  readonly addresses: readonly DcAddress[];
}

/** The list of addresses. The times are in Unix seconds. */
export interface SignedConfig {
  readonly date: number;
  readonly expires: number;
  readonly rules: readonly SignedRule[];
}

const CONFIG_SIMPLE = 0x5a592a6c;
const ACCESS_POINT_RULE = 0x4679b65f;
const IP_PORT = 0xd433ad73;
const IP_PORT_SECRET = 0x37982646;

/** 256 bytes. */
const BASE64 = /^[0-9A-Za-z+/]{341}[AQgw]==$/; // the bits beyond the last byte are 0
const KEY_LENGTH = 32;
const BLOCK = 16;
const DATA_LENGTH = 208;
const MAX_PORT = 0xffff;
const MAX_DC_ID = 1000;

/** The key of the list, the same in TDLib and Telegram Desktop. */
const MODULUS =
  "cabfb5f117b1da886d572f2cae818f0705c3dc33a82824a98c3a98a17802a81ee2a259f87830857ce05495f5" +
  "d412f33f7e7282a45e3a56401fb656f856e3c3790492fd9c596041aa1dacb096ba159d71c88e0aa8c6201dd7" +
  "ddb1446adeb9721a50a9a4c2533d2480fd592da352c4e9cd0f752fc3043cb27fe33ac1c19b9af16e5f102c02" +
  "0a1d9cf46e48cf3066fa8b4c4bf60ac26475a25cd10b2124c801235d6a8123d16dbf9786f26d15901cce1bae" +
  "7958861dc95d077c32bf35672f1aa6b4c3f9eb88c0fa9838ca3abc9a9b0d0e3fd42e62030dd02f71316f72f1" +
  "298fe21f763805a87536206358590b176fe9cb395275bdf8f5af4be5886e487e19a598c7";

/** Returns the key that signs the list. */
export function configKey(): RsaPublicKey {
  return rsaPublicKey(hexToBytes(MODULUS), Uint8Array.of(1, 0, 1));
}

/**
 * Reads the list.
 *
 * @throws {RangeError} if the key did not sign it, or it is damaged
 */
export function readSignedConfig(text: string, key: RsaPublicKey): SignedConfig {
  const base64 = text.replace(/[^0-9A-Za-z+/=]/g, "");
  if (!BASE64.test(base64)) throw refusal(`it has ${base64.length} characters of base64`);
  const signed = decodeBase64(base64);
  const opened = modPow(signed, key.e, key.n);
  const aesKey = opened.subarray(0, KEY_LENGTH);
  const plain = cbcDecrypt(opened.subarray(KEY_LENGTH), aesKey, aesKey.subarray(BLOCK));
  const data = plain.subarray(0, DATA_LENGTH);
  if (!equalBytes(sha256(data).subarray(0, BLOCK), plain.subarray(DATA_LENGTH))) {
    throw refusal("its signature is wrong");
  }
  const length = new DataView(data.buffer, data.byteOffset).getInt32(0, true);
  if (length < 8 || length > DATA_LENGTH) throw refusal(`its length is ${length}`);
  return readConfig(new TlReader(data.subarray(4, length)));
}

/**
 * Returns the addresses by data center, for a person with this phone number, if it is known.
 *
 * @param now Unix seconds by the server's clock
 * @throws {RangeError} if the list has expired
 */
export function addressesFor(
  { date, expires, rules }: SignedConfig,
  { now, phone }: { readonly now: number; readonly phone?: string },
): Map<number, readonly DcAddress[]> {
  if (expires < now) throw refusal("it has expired");
  if (date > expires) throw refusal("it was made after it expires");
  const found = new Map<number, readonly DcAddress[]>();
  for (const { phonePrefixes, dcId, addresses } of rules) {
    if (!isFor(phonePrefixes, phone)) continue;
    found.set(dcId, [...found.get(dcId) ?? [], ...addresses]);
  }
  return found;
}

/** AES-256-CBC, from IGE: with an IV of zeros, IGE of one block is the block cipher. */
function cbcDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const plain = new Uint8Array(data.length);
  const zeros = new Uint8Array(2 * BLOCK);
  for (let at = 0; at < data.length; at += BLOCK) {
    const before = at === 0 ? iv : data.subarray(at - BLOCK, at);
    const block = igeDecrypt(data.subarray(at, at + BLOCK), key, zeros);
    for (let index = 0; index < BLOCK; index++) plain[at + index] = block[index] ^ before[index];
  }
  return plain;
}

/** Reads help.configSimple. Its vectors have no constructor id, but their elements have one. */
function readConfig(reader: TlReader): SignedConfig {
  try {
    expect(reader, CONFIG_SIMPLE);
    const date = reader.int32();
    const expires = reader.int32();
    const rules = readVector(reader, readRule);
    if (reader.remaining > 0) throw refusal(`it has ${reader.remaining} more bytes`);
    return { date, expires, rules };
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw refusal("it cannot be read", cause);
  }
}

function readRule(reader: TlReader): SignedRule {
  expect(reader, ACCESS_POINT_RULE);
  const phonePrefixes = reader.string();
  const dcId = reader.int32();
  if (dcId < 1 || dcId > MAX_DC_ID) throw refusal(`it has the data center ${dcId}`);
  const addresses = readVector(reader, readAddress).filter((address) => address !== undefined);
  return { phonePrefixes, dcId, addresses };
}

/** Whether a secret is one of an MTProxy. */
function isSecret(bytes: Uint8Array): boolean {
  try {
    ProxySecret.parse(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Returns undefined for an address that no transport can use. */
function readAddress(reader: TlReader): DcAddress | undefined {
  const id = reader.uint32();
  if (id !== IP_PORT && id !== IP_PORT_SECRET) throw refusal("it has an unknown address");
  const ip = reader.uint32();
  const port = reader.int32();
  const secret = id === IP_PORT_SECRET ? reader.bytes().slice() : undefined;
  const host = [ip >>> 24, ip >>> 16 & 255, ip >>> 8 & 255, ip & 255].join(".");
  if (port < 1 || port > MAX_PORT || (secret !== undefined && !isSecret(secret))) return undefined;
  return { host, port, ...(secret !== undefined && { secret }) };
}

function readVector<T>(reader: TlReader, readOne: (reader: TlReader) => T): T[] {
  const count = reader.uint32();
  // Each has four bytes at least.
  if (count * 4 > reader.remaining) throw refusal(`it has a list of ${count}`);
  return Array.from({ length: count }, () => readOne(reader));
}

function expect(reader: TlReader, id: number): void {
  const found = reader.uint32();
  if (found !== id) throw refusal(`it has the constructor ${found.toString(16)}`);
}

function isFor(prefixes: string, phone: string | undefined): boolean {
  const digits = phone?.replace(/\D/g, "") ?? "";
  if (prefixes === "" || digits === "") return true;
  const rules = prefixes.split(",");
  const has = (sign: string): boolean =>
    rules.some((rule) => rule.startsWith(sign) && digits.startsWith(rule.slice(1)));
  return !has("-") && (has("+") || rules.includes(""));
}

function refusal(why: string, cause?: unknown): RangeError {
  return new RangeError(`Cannot use the signed list of addresses: ${why}`, { cause });
}
