/**
 * The files in Telegram Desktop's folder `tdata`, and their encryption.
 *
 * A file is `TDF$`, the version of the program (i32), the data, and the MD5 of the data, their
 * length (i32), the version and `TDF$`. These numbers are little endian, those in the data are as
 * in qt_data.ts. An encrypted part is the first 16 bytes of the SHA-1 of the plaintext, then the
 * plaintext (length i32 little endian, data, padding) in AES-256-IGE. Its AES key is derived from a
 * key of 256 bytes as in MTProto 1.0:
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
import { damaged } from "./foreign_session.ts";
import { md5 } from "./md5.ts";
import { int32 } from "./qt_data.ts";

const MAGIC = encodeUtf8("TDF$");
/**
 * The first version with ids of 64 bits. Telegram Desktop refuses files of versions newer than its
 * own.
 */
const VERSION = 3_000_000;
const HEADER_LENGTH = 8;
const MD5_LENGTH = 16;
const MSG_KEY_LENGTH = 16;
/** Bytes of a key that encrypts files. */
export const LOCAL_KEY_LENGTH = 256;
/** The most bytes of a file that is read: the keys and the configuration have some thousand. */
const MAX_FILE_LENGTH = 2 ** 20;
const PASSCODE_ITERATIONS = 100_000;

/** Whether bytes begin like a file of Telegram Desktop. */
export function isTdataFile(bytes: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
}

/** The path of a file: new files end with `s`, old ones have two copies, `0` and `1`. */
export function findTdataFile(files: FileSystem, path: string): string | undefined {
  if (files.existsSync(`${path}s`)) return `${path}s`;
  const found = [`${path}0`, `${path}1`].filter((one) => files.existsSync(one));
  const time = (one: string): number => files.statSync(one).mtimeMs;
  return found.sort((a, b) => time(b) - time(a)).at(0);
}

/** Reads the data of a file and checks their sum. `name` is for errors. */
export function readTdataFile(files: FileSystem, path: string, name: string): Uint8Array {
  const found = findTdataFile(files, path);
  if (found === undefined) throw damaged(`${name} is missing`);
  if (files.statSync(found).size > MAX_FILE_LENGTH) throw damaged(`${name} is too long`);
  const bytes = new Uint8Array(files.readFileSync(found)); // a slice of a Buffer is not a copy
  const end = bytes.length - MD5_LENGTH;
  if (!isTdataFile(bytes) || end < HEADER_LENGTH) {
    throw damaged(`${name} is not a file of Telegram Desktop`);
  }
  const data = bytes.slice(HEADER_LENGTH, end);
  if (!equalBytes(checkSum(data, bytes.subarray(4, HEADER_LENGTH)), bytes.subarray(end))) {
    throw damaged(`${name} does not match its check sum`);
  }
  return data;
}

/** Writes a new file. */
export function writeTdataFile(files: FileSystem, path: string, data: Uint8Array): void {
  const version = int32(VERSION, true);
  const file = files.openSync(`${path}s`, "wx", 0o600);
  try {
    files.writeFileSync(file, concatBytes(MAGIC, version, data, checkSum(data, version)));
    files.fsyncSync(file);
  } finally {
    files.closeSync(file);
  }
}

function checkSum(data: Uint8Array, version: Uint8Array): Uint8Array {
  return md5(concatBytes(data, int32(data.length, true), version, MAGIC));
}

/** Derives the key that encrypts the local key. With a passcode, that is slow on purpose. */
export async function passcodeKey(salt: Uint8Array, passcode: string): Promise<Uint8Array> {
  const password = Uint8Array.from(sha512(salt, encodeUtf8(passcode), salt));
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const iterations = passcode === "" ? 1 : PASSCODE_ITERATIONS;
  const options = { name: "PBKDF2", hash: "SHA-512", salt: Uint8Array.from(salt), iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(options, key, LOCAL_KEY_LENGTH * 8));
}

/** Decrypts a part of a file; returns `undefined` if the key is wrong. */
export function decryptLocal(encrypted: Uint8Array, localKey: Uint8Array): Uint8Array | undefined {
  const msgKey = encrypted.subarray(0, MSG_KEY_LENGTH);
  const body = encrypted.subarray(MSG_KEY_LENGTH);
  if (body.length === 0 || body.length % 16 !== 0) throw damaged("an encrypted part is cut short");
  const { key, iv } = aesKeyOf(localKey, msgKey);
  const plain = igeDecrypt(body, key, iv);
  if (!equalBytes(sha1(plain).subarray(0, MSG_KEY_LENGTH), msgKey)) return undefined;
  const length = new DataView(plain.buffer, plain.byteOffset).getInt32(0, true);
  if (length < 4 || length > plain.length) throw damaged("an encrypted part has a wrong length");
  return plain.subarray(4, length);
}

/** Encrypts a part of a file. */
export function encryptLocal(data: Uint8Array, localKey: Uint8Array): Uint8Array {
  const length = data.length + 4;
  const padding = systemRandom(-length & 15);
  const plain = concatBytes(int32(length, true), data, padding);
  const msgKey = sha1(plain).subarray(0, MSG_KEY_LENGTH);
  const { key, iv } = aesKeyOf(localKey, msgKey);
  return concatBytes(msgKey, igeEncrypt(plain, key, iv));
}

/** Derives the AES key as MTProto 1.0 does for messages to the client: x = 8. */
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
