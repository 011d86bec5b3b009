/**
 * Signs lists of addresses with a key of the tests, by `node:crypto`: the other half of
 * src/connection/blocked/signed_config.ts.
 */
import { createCipheriv, createHash } from "node:crypto";
import { concatBytes, encodeBase64, modPow, type RsaPrivateKey } from "../../src/crypto/mod.ts";
import { testRsaKey } from "../../src/testing/api/test_rsa_keys.ts";
import { TlWriter } from "../../src/tl/mod.ts";

/** The key with which the tests sign. */
export const LIST_KEY: RsaPrivateKey = testRsaKey(1);

/** An address in a list. */
export interface ListedAddress {
  readonly host: string;
  readonly port: number;
  readonly secret?: Uint8Array;
}

/** A list. */
export interface List {
  readonly date: number;
  readonly expires: number;
  readonly rules: readonly {
    readonly phonePrefixes?: string;
    readonly dcId: number;
    readonly addresses: readonly ListedAddress[];
  }[];
}

/** Serialises a list as help.configSimple. */
export function serialiseList({ date, expires, rules }: List): Uint8Array {
  const writer = new TlWriter();
  writer.uint32(0x5a592a6c);
  writer.int32(date);
  writer.int32(expires);
  writer.int32(rules.length);
  for (const { phonePrefixes = "", dcId, addresses } of rules) {
    writer.uint32(0x4679b65f);
    writer.string(phonePrefixes);
    writer.int32(dcId);
    writer.int32(addresses.length);
    for (const { host, port, secret } of addresses) {
      writer.uint32(secret === undefined ? 0xd433ad73 : 0x37982646);
      writer.uint32(host.split(".").reduce((ip, part) => ip * 256 + Number(part), 0));
      writer.int32(port);
      if (secret !== undefined) writer.bytes(secret);
    }
  }
  return writer.finish().slice();
}

/** Returns the text of a signed list of these serialised bytes. The length may be a wrong one. */
export function signList(
  config: Uint8Array,
  { key = LIST_KEY, length = config.length + 4 }: {
    readonly key?: RsaPrivateKey;
    readonly length?: number;
  } = {},
): string {
  const data = new Uint8Array(208);
  new DataView(data.buffer).setInt32(0, length, true);
  data.set(config.subarray(0, 204), 4);
  const hash = createHash("sha256").update(data).digest().subarray(0, 16);
  const aesKey = new Uint8Array(32).fill(7); // begins below the modulus
  const cipher = createCipheriv("aes-256-cbc", aesKey, aesKey.subarray(16)).setAutoPadding(false);
  const encrypted = cipher.update(concatBytes(data, hash));
  return encodeBase64(modPow(concatBytes(aesKey, encrypted), key.d, key.n));
}

/** Returns the answer of a DNS server with a text in two parts, as Telegram publishes it. */
export function dnsAnswer(text: string): Response {
  const parts = [text.slice(252), text.slice(0, 252)];
  const answer = parts.map((data) => ({ name: "x.", type: 16, TTL: 1, data: `"${data}"` }));
  return Response.json({ Status: 0, Answer: [{ type: 5, data: "cname." }, ...answer] });
}
