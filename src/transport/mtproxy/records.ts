/**
 * Records of TLS: a type, the version `03 03`, a length of two bytes, and so many bytes. After the
 * handshake of fake TLS every record carries the next bytes of the stream, not encrypted by TLS.
 * https://www.rfc-editor.org/rfc/rfc8446#section-5.1
 *
 * A browser that has much to send fills its records: 2^14 bytes of text, and 17 that the encryption
 * adds (Chrome limits its frames of HTTP/2 to one record, Firefox announces that size in its
 * ClientHello). So do we. Other clients of MTProxy cut at 2878 bytes, which shows what they are.
 */
import { concatBytes } from "../../crypto/mod.ts";
import { ByteQueue } from "../byte_queue.ts";
import { FramingError } from "../errors.ts";

/** The types of records. */
export const CHANGE_CIPHER = 0x14;
export const ALERT = 0x15;
export const HANDSHAKE = 0x16;
export const DATA = 0x17;

/** The length of type, version and length. */
export const RECORD_HEADER = 5;
/** The most bytes in a record that we send: what encryption makes of 2^14 bytes. */
const MAX_SENT = (1 << 14) + 17;
/** The most bytes in a record that we accept, by section 5.2 of the RFC. */
const MAX_RECEIVED = (1 << 14) + 256;

/** A received record. */
export interface TlsRecord {
  readonly type: number;
  /** The second byte of the version: 1 in the first record of a client, else 3. */
  readonly minor: number;
  readonly body: Uint8Array;
}

/** The record that real TLS has after the hellos, for old middleboxes. */
export const CHANGE_CIPHER_RECORD: Uint8Array = Uint8Array.of(CHANGE_CIPHER, 3, 3, 0, 1, 1);

/** Returns one record. */
export function tlsRecord(type: number, body: Uint8Array, minor = 3): Uint8Array {
  const record = new Uint8Array(RECORD_HEADER + body.length);
  record.set([type, 3, minor, body.length >> 8, body.length & 255]);
  record.set(body, RECORD_HEADER);
  return record;
}

/** Returns the next bytes of the stream as records. */
export function packRecords(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= MAX_SENT) return tlsRecord(DATA, bytes);
  const records: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += MAX_SENT) {
    records.push(tlsRecord(DATA, bytes.subarray(start, start + MAX_SENT)));
  }
  return concatBytes(...records);
}

/** Cuts received bytes into records. */
export class RecordReader {
  readonly #queue = new ByteQueue();

  /** Takes the next bytes. */
  push(chunk: Uint8Array): void {
    this.#queue.push(chunk);
  }

  /**
   * Returns the next record; undefined while it is not whole.
   *
   * @param types The types that may come; another one is refused before its body is here.
   * @throws {FramingError} if the bytes are no record that may come
   */
  next(types: readonly number[]): TlsRecord | undefined {
    const queue = this.#queue;
    if (queue.length === 0) return undefined;
    const type = queue.uint8(0);
    if (!types.includes(type)) throw refused(`its type is ${type}`, `${types.join(" or ")}`);
    if (queue.length < RECORD_HEADER) return undefined;
    const [, major, minor, high, low] = queue.view(RECORD_HEADER);
    if (major !== 3 || minor < 1 || minor > 3) throw refused(`its version is ${major}.${minor}`);
    const length = high << 8 | low;
    if (length > MAX_RECEIVED) throw refused(`it has ${length} bytes`, `at most ${MAX_RECEIVED}`);
    if (queue.length < RECORD_HEADER + length) return undefined;
    queue.skip(RECORD_HEADER);
    return { type, minor, body: queue.take(length) };
  }

  /** Returns the bytes of all whole records of data. Empty ones are allowed. */
  data(): Uint8Array {
    const bodies: Uint8Array[] = [];
    for (let record; (record = this.next([DATA])) !== undefined;) bodies.push(record.body);
    return bodies.length === 1 ? bodies[0] : concatBytes(...bodies);
  }
}

function refused(what: string, expected = "3.1 to 3.3"): FramingError {
  return new FramingError(`Cannot accept a record of TLS: ${what}, expected ${expected}`);
}
