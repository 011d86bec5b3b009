/**
 * How the two sides of fake TLS prove that they know the secret, in the bytes that TLS fills at
 * random. Both are HMAC-SHA256 with the secret as the key.
 *
 * | who    | of                                                    | where                        |
 * |--------|-------------------------------------------------------|------------------------------|
 * | client | its record, with zeros in that place; the last four   | bytes 11 to 43 of its record |
 * |        | bytes are combined (xor) with the time, little-endian |                              |
 * | server | the client's 32 bytes, then its three records with    | bytes 11 to 43 of the first  |
 * |        | zeros in that place                                   |                              |
 */
import { hmacSha256 } from "../../crypto/entry.ts";
import { concatBytes, equalBytes } from "../../crypto/mod.ts";

const START = 11;
const END = START + 32;
const TIME = 28;

/** Returns the proof in a record, or the place for it. */
export function digestOf(record: Uint8Array): Uint8Array {
  return record.subarray(START, END);
}

/** Writes the proof of a client and the time, in Unix seconds, into its ClientHello. */
export function sealHello(hello: Uint8Array, key: Uint8Array, now: number): void {
  const digest = hmacSha256(key, hello);
  const view = new DataView(digest.buffer);
  view.setUint32(TIME, view.getUint32(TIME, true) ^ now, true);
  hello.set(digest, START);
}

/**
 * Returns the time in a ClientHello, in Unix seconds; undefined if its client does not know the
 * secret.
 */
export function helloTime(hello: Uint8Array, key: Uint8Array): number | undefined {
  const given = digestOf(hello);
  const digest = hmacSha256(key, withoutDigest(hello));
  if (!equalBytes(digest.subarray(0, TIME), given.subarray(0, TIME))) return undefined;
  const [expected, found] = [digest, given.slice()].map((bytes) =>
    new DataView(bytes.buffer).getUint32(TIME, true)
  );
  return (expected ^ found) >>> 0;
}

/** Writes the proof of a server into its answer to the client with this digest. */
export function sealAnswer(answer: Uint8Array, key: Uint8Array, clientDigest: Uint8Array): void {
  answer.set(hmacSha256(key, concatBytes(clientDigest, withoutDigest(answer))), START);
}

/** Returns whether the sender of an answer knows the secret. */
export function isAnswerRight(
  answer: Uint8Array,
  key: Uint8Array,
  clientDigest: Uint8Array,
): boolean {
  const expected = hmacSha256(key, concatBytes(clientDigest, withoutDigest(answer)));
  return equalBytes(expected, digestOf(answer));
}

function withoutDigest(record: Uint8Array): Uint8Array {
  return record.slice().fill(0, START, END);
}
