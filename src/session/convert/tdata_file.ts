/**
 * The files in Telegram Desktop's folder `tdata`, and how they are encrypted.
 *
 * A file is `TDF$`, the version of the program (i32), the data, and the MD5 of the data, their length (i32), the version and
 * `TDF$`; these numbers are little endian, those in the data are big endian, and bytes there begin with their length (u32).
 * What is encrypted is the first 16 bytes of the SHA-1 of the plaintext, then the plaintext (length i32 little endian, data,
 * padding) in AES-256-IGE under a key of 256 bytes, of which MTProto 1.0 makes the AES key:
 * https://core.telegram.org/mtproto/description_v1#defining-aes-key-and-initialization-vector
 */
import {
  concatBytes,
  encodeUtf8,
  equalBytes,
  igeDecrypt,
  igeEncrypt,
  sha1,
  sha512,
} from "../../crypto/mod.ts";
import { type FileSystem, systemRandom } from "../../runtime/mod.ts";
import { damaged } from "./foreign.ts";
import { md5 } from "./md5.ts";

const MAGIC = encodeUtf8("TDF$");
/** Programs refuse files of newer ones than themselves; this one is the first that knows ids of 64 bits well. */
const VERSION = 3_000_000;
const HEADER_LENGTH = 8;
const MD5_LENGTH = 16;
const MSG_KEY_LENGTH = 16;
/** Of a key that encrypts files. */
export const LOCAL_KEY_LENGTH = 256;
/** Bytes that Qt calls null, which are none. */
const NULL_BYTES = 0xffffffff;
const PASSCODE_ITERATIONS = 100_000;

/** Whether bytes are a file of Telegram Desktop. */
export function isTdataFile(bytes: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
}

/** The path of a file: new ones end with `s`, old ones are kept twice, `0` and `1`. */
export function findTdataFile(files: FileSystem, path: string): string | undefined {
  if (files.existsSync(`${path}s`)) return `${path}s`;
  const found = [`${path}0`, `${path}1`].filter((one) => files.existsSync(one));
  const time = (one: string): number => files.statSync(one).mtimeMs;
  return found.sort((a, b) => time(b) - time(a)).at(0);
}

/** The data of a file, which are checked. */
export function readTdataFile(files: FileSystem, path: string, what: string): Uint8Array {
  const found = findTdataFile(files, path);
  if (found === undefined) throw damaged(`${what} is missing`);
  const bytes = new Uint8Array(files.readFileSync(found)); // a Buffer's slices are no copies
  const end = bytes.length - MD5_LENGTH;
  if (!isTdataFile(bytes) || end < HEADER_LENGTH) throw damaged(`${what} is no file of its own`);
  const data = bytes.slice(HEADER_LENGTH, end);
  if (!equalBytes(sumOf(data, bytes.subarray(4, HEADER_LENGTH)), bytes.subarray(end))) {
    throw damaged(`${what} does not match its checksum`);
  }
  return data;
}

/** Writes a new file. */
export function writeTdataFile(files: FileSystem, path: string, data: Uint8Array): void {
  const version = int32(VERSION, true);
  const file = files.openSync(`${path}s`, "wx", 0o600);
  try {
    files.writeFileSync(file, concatBytes(MAGIC, version, data, sumOf(data, version)));
    files.fsyncSync(file);
  } finally {
    files.closeSync(file);
  }
}

function sumOf(data: Uint8Array, version: Uint8Array): Uint8Array {
  return md5(concatBytes(data, int32(data.length, true), version, MAGIC));
}

/** The key that the local key is encrypted with: slow to try if there is a passcode. */
export async function passcodeKey(salt: Uint8Array, passcode: string): Promise<Uint8Array> {
  const password = Uint8Array.from(sha512(salt, encodeUtf8(passcode), salt));
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const iterations = passcode === "" ? 1 : PASSCODE_ITERATIONS;
  const options = { name: "PBKDF2", hash: "SHA-512", salt: Uint8Array.from(salt), iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(options, key, LOCAL_KEY_LENGTH * 8));
}

/** Decrypts; undefined if the key is another one. */
export function decryptLocal(encrypted: Uint8Array, localKey: Uint8Array): Uint8Array | undefined {
  const msgKey = encrypted.subarray(0, MSG_KEY_LENGTH);
  const body = encrypted.subarray(MSG_KEY_LENGTH);
  if (body.length === 0 || body.length % 16 !== 0) throw damaged("something encrypted is cut off");
  const { key, iv } = aesKeyOf(localKey, msgKey);
  const plain = igeDecrypt(body, key, iv);
  if (!equalBytes(sha1(plain).subarray(0, MSG_KEY_LENGTH), msgKey)) return undefined;
  const length = new DataView(plain.buffer, plain.byteOffset).getInt32(0, true);
  if (length < 4 || length > plain.length) throw damaged("something encrypted has a wrong length");
  return plain.subarray(4, length);
}

/** Encrypts. */
export function encryptLocal(data: Uint8Array, localKey: Uint8Array): Uint8Array {
  const length = data.length + 4;
  const padding = systemRandom(-length & 15);
  const plain = concatBytes(int32(length, true), data, padding);
  const msgKey = sha1(plain).subarray(0, MSG_KEY_LENGTH);
  const { key, iv } = aesKeyOf(localKey, msgKey);
  return concatBytes(msgKey, igeEncrypt(plain, key, iv));
}

/** As MTProto 1.0 has it for messages to the client, x = 8. */
function aesKeyOf(
  localKey: Uint8Array,
  msgKey: Uint8Array,
): { key: Uint8Array; iv: Uint8Array } {
  const part = (start: number, length: number): Uint8Array =>
    localKey.subarray(8 + start, 8 + start + length);
  const a = sha1(msgKey, part(0, 32));
  const b = sha1(part(32, 16), msgKey, part(48, 16));
  const c = sha1(part(64, 32), msgKey);
  const d = sha1(msgKey, part(96, 32));
  return {
    key: concatBytes(a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)),
    iv: concatBytes(a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)),
  };
}

/** Reads data as Qt writes them. */
export class QtReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  /** A reader from the beginning of `bytes`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next bytes, as many as said. */
  raw(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw damaged("a part of it ends too early");
    const bytes = this.#bytes.slice(this.#position, end);
    this.#position = end;
    return bytes;
  }

  /** A signed number of 32 bits. */
  int32(): number {
    return new DataView(this.raw(4).buffer).getInt32(0);
  }

  /** A signed number of 64 bits. */
  int64(): bigint {
    return new DataView(this.raw(8).buffer).getBigInt64(0);
  }

  /** Bytes after their length. */
  bytes(): Uint8Array {
    const length = this.int32() >>> 0;
    return this.raw(length === NULL_BYTES ? 0 : length);
  }
}

/** A signed number of 32 bits, as Qt writes it. */
export function int32(value: number, littleEndian = false): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, value, littleEndian);
  return new Uint8Array(view.buffer);
}

/** Bytes after their length, as Qt writes them. */
export function qtBytes(bytes: Uint8Array): Uint8Array {
  return concatBytes(int32(bytes.length), bytes);
}
