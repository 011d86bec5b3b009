/**
 * The bytes of a file, wherever they are: in memory, in the parts of an upload, or made when they
 * are read. The hashes of a file: https://core.telegram.org/type/FileHash
 */
import { sha256 } from "../../../crypto/mod.ts";
import type { Api } from "../../../tl/mod.ts";

/** The bytes of a file, wherever they are. */
export interface FileBytes {
  readonly size: number;
  /** Reads bytes; fewer at the end. */
  read(offset: number, length: number): Uint8Array;
}

/** How many bytes one hash is of. */
export const HASHED = 131_072;
/** How many hashes come at once. */
const HASHES = 10;

/** Returns bytes that are in memory. */
export function bytesInMemory(bytes: Uint8Array): FileBytes {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Returns bytes that are made when they are read. */
export function bytesMade(
  size: number,
  at: (offset: number, length: number) => Uint8Array,
): FileBytes {
  return {
    size,
    read: (offset, length) => {
      const left = Math.max(0, Math.min(length, size - offset));
      const bytes = left === 0 ? new Uint8Array(0) : at(offset, left);
      if (bytes.length === left) return bytes;
      throw new TypeError(
        `Cannot make the bytes of a file: "at" made ${bytes.length} at ${offset}, expected ${left}`,
      );
    },
  };
}

/** Returns the bytes of parts, which are all of one length but the last. */
export function bytesInParts(parts: readonly Uint8Array[]): FileBytes {
  const partSize = parts[0].length;
  const size = (parts.length - 1) * partSize + (parts.at(-1) ?? parts[0]).length;
  return { size, read: (offset, length) => readParts(parts, partSize, offset, length) };
}

function readParts(
  parts: readonly Uint8Array[],
  partSize: number,
  offset: number,
  length: number,
): Uint8Array {
  const pieces: Uint8Array[] = [];
  let left = length;
  for (let at = offset; left > 0;) {
    const part = parts[Math.floor(at / partSize)];
    const piece = part?.subarray(at % partSize, at % partSize + left) ?? new Uint8Array(0);
    if (piece.length === 0) break;
    pieces.push(piece);
    at += piece.length;
    left -= piece.length;
  }
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(length - left);
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}

/**
 * Returns the hashes of a file, from that of an offset on. The last one names as many bytes as all
 * others, though it is of fewer.
 */
export function hashesOf(file: FileBytes, offset: number): Api.fileHash[] {
  const hashes: Api.fileHash[] = [];
  let at = Math.floor(offset / HASHED) * HASHED;
  for (; at < file.size && hashes.length < HASHES; at += HASHED) {
    hashes.push({ _: "fileHash", offset: BigInt(at), limit: HASHED, hash: hashAt(file, at) });
  }
  return hashes;
}

/** The hashes of files, by their offsets: clients ask for the same ones again and again. */
const known = new WeakMap<FileBytes, Map<number, Uint8Array>>();

function hashAt(file: FileBytes, offset: number): Uint8Array {
  const hashes = known.get(file) ?? new Map<number, Uint8Array>();
  known.set(file, hashes);
  const hash = hashes.get(offset) ?? sha256(file.read(offset, HASHED));
  hashes.set(offset, hash);
  return hash.slice();
}
