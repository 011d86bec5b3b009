/**
 * Seals texts with AES-256-GCM from WebCrypto. The key is given, or derived from a passphrase with
 * PBKDF2, which is slow on purpose.
 *
 * A sealed text is `tessera-sealed1.` and the base64url of: kind of key (u8: 0 a given key, 1
 * PBKDF2 with SHA-512), iterations (u32, big endian), salt (16), nonce (12), the sealed bytes with
 * their tag (16), and the first 4 bytes of the SHA-256 of all that, which tell damage from a wrong
 * passphrase. The header and the name of the text are authenticated with the sealed bytes: two
 * texts cannot be exchanged.
 */
import {
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64Url,
  encodeUtf8,
  equalBytes,
} from "../../crypto/mod.ts";
import { systemRandom } from "../../runtime/mod.ts";
import { isSealed, SessionError } from "../mod.ts";
import { checkSum } from "../state/check_sum.ts";
import type { SealingSecret } from "./mod.ts";

const PREFIX = "tessera-sealed1.";
const ITERATIONS = 210_000;
/** A text that asks for more is an attack: it was made to keep the reader busy. */
const MAX_ITERATIONS = 2_000_000;
const KEY_LENGTH = 32;
const SALT_LENGTH = 16;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const SUM_LENGTH = 4;
const HEADER_LENGTH = 1 + 4 + SALT_LENGTH;

const KEY_GIVEN = 0;
const PBKDF2_SHA512 = 1;

/** Thrown for a text that cannot be unsealed: the secret is another, or the text is damaged. */
export class UnsealError extends SessionError {}

/** Seals and unseals with one secret. The key of a salt is derived once. */
export class Sealer {
  readonly #secret: SealingSecret;
  readonly #keys = new Map<string, Promise<CryptoKey>>();
  #header: Uint8Array | undefined;

  /** Throws a `TypeError` if the passphrase is empty, or the key has a wrong length. */
  constructor(secret: SealingSecret) {
    if (typeof secret === "string" ? secret === "" : secret.length !== KEY_LENGTH) {
      throw new TypeError(
        `Cannot seal a session with ${
          secret === "" ? "an empty passphrase" : `a key of ${secret.length} bytes`
        }: expected a passphrase, or a key of ${KEY_LENGTH} bytes`,
      );
    }
    this.#secret = typeof secret === "string" ? secret : secret.slice();
  }

  /** Seals a text under a name. */
  async seal(text: string, name: string): Promise<string> {
    const header = this.#header ??= newHeader(this.#secret);
    const nonce = systemRandom(NONCE_LENGTH);
    const key = await this.#keyOf(header);
    const algorithm = gcm(nonce, header, name);
    const sealed = await crypto.subtle.encrypt(algorithm, key, buffer(encodeUtf8(text)));
    const bytes = concatBytes(header, nonce, new Uint8Array(sealed));
    return PREFIX + encodeBase64Url(concatBytes(bytes, sumOf(bytes)));
  }

  /**
   * Unseals a text that was sealed under a name.
   *
   * @throws {SessionError} if the secret or the name is wrong, or the text is damaged or not
   * sealed.
   */
  async unseal(sealed: string, name: string): Promise<string> {
    const bytes = read(sealed);
    const header = bytes.subarray(0, HEADER_LENGTH);
    const nonce = bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + NONCE_LENGTH);
    const isKey = header[0] === KEY_GIVEN;
    if (isKey === (typeof this.#secret === "string")) {
      throw unopened(`it was sealed with a ${isKey ? "key" : "passphrase"}. Pass the same secret.`);
    }
    const key = await this.#keyOf(header);
    const body = buffer(bytes.subarray(HEADER_LENGTH + NONCE_LENGTH));
    let text: ArrayBuffer;
    try {
      text = await crypto.subtle.decrypt(gcm(nonce, header, name), key, body);
    } catch (cause) {
      throw unopened(`the ${isKey ? "key" : "passphrase"} is wrong. Pass the right one.`, cause);
    }
    this.#header ??= header.slice(); // seal with the same salt, whose key is derived already
    return decodeUtf8(new Uint8Array(text));
  }

  #keyOf(header: Uint8Array): Promise<CryptoKey> {
    const id = encodeBase64Url(header);
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = makeKey(this.#secret, header);
    this.#keys.set(id, key);
    return key;
  }
}

function newHeader(secret: SealingSecret): Uint8Array {
  const header = new Uint8Array(HEADER_LENGTH);
  if (typeof secret !== "string") return header;
  header[0] = PBKDF2_SHA512;
  new DataView(header.buffer).setUint32(1, ITERATIONS);
  header.set(systemRandom(SALT_LENGTH), 5);
  return header;
}

async function makeKey(secret: SealingSecret, header: Uint8Array): Promise<CryptoKey> {
  if (typeof secret !== "string") {
    return await crypto.subtle.importKey("raw", buffer(secret), "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]);
  }
  const iterations = new DataView(header.buffer, header.byteOffset).getUint32(1);
  if (iterations === 0 || iterations > MAX_ITERATIONS) {
    throw unopened(`it asks for ${iterations} iterations, expected at most ${MAX_ITERATIONS}`);
  }
  const passphrase = buffer(encodeUtf8(secret.normalize("NFKC")));
  const base = await crypto.subtle.importKey("raw", passphrase, "PBKDF2", false, ["deriveKey"]);
  return await crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-512", salt: buffer(header.subarray(5)), iterations },
    base,
    { name: "AES-GCM", length: 8 * KEY_LENGTH },
    false,
    ["encrypt", "decrypt"],
  );
}

function gcm(nonce: Uint8Array, header: Uint8Array, name: string): AesGcmParams {
  const additionalData = buffer(concatBytes(header, encodeUtf8(name)));
  return { name: "AES-GCM", iv: buffer(nonce), additionalData };
}

/** A copy in memory that is not shared, which the types of WebCrypto demand. */
function buffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

/** Decodes a sealed text, checks its sum and returns the header, the nonce and the sealed bytes. */
function read(sealed: string): Uint8Array {
  if (!isSealed(sealed)) throw unopened("it is not sealed. Pass the result of sealText().");
  if (!sealed.startsWith(PREFIX)) {
    throw unopened(
      "it is of another version, expected 1: a later tessera wrote it. Update this one.",
    );
  }
  const damaged = "it is damaged or cut short. Restore a copy, or sign in again.";
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64(sealed.slice(PREFIX.length));
  } catch {
    throw unopened(damaged);
  }
  const end = bytes.length - SUM_LENGTH;
  if (end < HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH) throw unopened(damaged);
  const body = bytes.subarray(0, end);
  if (!equalBytes(bytes.subarray(end), sumOf(body)) || body[0] > PBKDF2_SHA512) {
    throw unopened(damaged);
  }
  return body;
}

function sumOf(bytes: Uint8Array): Uint8Array {
  return checkSum(bytes, SUM_LENGTH);
}

function unopened(reason: string, cause?: unknown): UnsealError {
  return new UnsealError(`Cannot unseal the session: ${reason}`, { cause });
}
