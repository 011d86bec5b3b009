/**
 * SHA-1, SHA-256 and SHA-512 (FIPS 180-4) of several byte strings, as if they were joined. MTProto
 * names a key by its SHA-1 and derives everything else with SHA-256:
 * https://core.telegram.org/mtproto/description
 */
import { nativeFor } from "./native.ts";
import { feed, kernels } from "./wasm.ts";

/**
 * From how many bytes on the runtime computes a SHA-256, if it can: so much is a file or a message,
 * not a key, of which it would keep a copy.
 */
const LONG = 4096;

/**
 * Computes the SHA-1 of the joined parts. Broken as a hash; MTProto still names keys with it.
 *
 * @returns 20 bytes.
 */
export function sha1(...parts: Uint8Array[]): Uint8Array {
  const { bytes, DATA, DIGEST, sha1Begin, sha1Update, sha1End } = kernels();
  sha1Begin();
  feed(parts, (length) => sha1Update(DATA, length));
  sha1End(DIGEST);
  return takeDigest(bytes, DIGEST, 20);
}

/**
 * Computes the SHA-256 of the joined parts. Of 4 KiB and more, `node:crypto` computes it where the
 * runtime has that.
 *
 * @returns 32 bytes.
 *
 * @example
 * ```ts
 * import { bytesToHex, encodeUtf8, sha256 } from "@tessera/mtproto/crypto";
 *
 * bytesToHex(sha256(encodeUtf8("a"), encodeUtf8("bc"))); // "ba7816bf8f01cfea…"
 * ```
 */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const own = length >= LONG ? nativeFor(length) : undefined;
  if (own !== undefined) {
    const hash = own.sha256Parts();
    for (const part of parts) hash.update(part);
    return new Uint8Array(hash.digest());
  }
  const { bytes, DATA, DIGEST, sha256Begin, sha256Update, sha256End } = kernels();
  sha256Begin();
  feed(parts, (length) => sha256Update(DATA, length));
  sha256End(DIGEST);
  return takeDigest(bytes, DIGEST, 32);
}

/**
 * Computes the SHA-512 of the joined parts.
 *
 * @returns 64 bytes.
 */
export function sha512(...parts: Uint8Array[]): Uint8Array {
  const { bytes, DATA, DIGEST, sha512Begin, sha512Update, sha512End } = kernels();
  sha512Begin();
  feed(parts, (length) => sha512Update(DATA, length));
  sha512End(DIGEST);
  return takeDigest(bytes, DIGEST, 64);
}

/** Copies a digest out of WASM, and wipes it there: it may be a key. */
function takeDigest(bytes: Uint8Array, address: number, length: number): Uint8Array {
  const digest = bytes.slice(address, address + length);
  bytes.fill(0, address, address + length);
  return digest;
}
