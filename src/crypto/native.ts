/**
 * SHA-256 and AES of the runtime (`node:crypto`), for what they do faster than the WASM module. The
 * module stays the reference, and does everything in browsers and edge runtimes. The objects behind
 * these functions keep copies of keys and hashed bytes that nobody can wipe.
 *
 * THRESHOLDS has the lengths from which the runtime wins, by `deno task bench:native`; for the hash
 * in Node and Deno by `deno task bench:updates`, too: among other work a native hash costs several
 * times what a loop of hashes shows, as each digest is an object with memory of its own. Counter
 * mode wins for all but the shortest packets of Node, by 20 times for long ones.
 */
import {
  type NativeCrypto,
  nativeCrypto,
  type NodeCipher,
  type NodeCrypto,
  type NodeHash,
  runtimeKind,
} from "../runtime/mod.ts";

/** From how many bytes of plaintext on a message is hashed and encrypted natively. */
export interface Thresholds {
  /** SHA-256 for msg_key. */
  readonly hash: number;
  /** CBC for the encryption with IGE, which needs the hash, too. */
  readonly ige: number;
}

const THRESHOLDS: Readonly<Record<NativeCrypto["kind"], Thresholds>> = {
  bun: { hash: 64, ige: 1024 },
  node: { hash: 1024, ige: 1536 },
  deno: { hash: 1536, ige: 8192 },
};

/** What the runtime has. */
export class Native implements Thresholds {
  readonly hash: number;
  readonly ige: number;
  readonly #crypto: NodeCrypto;

  constructor(crypto: NodeCrypto, { hash, ige }: Thresholds) {
    this.hash = hash;
    this.ige = ige;
    this.#crypto = crypto;
  }

  /** Returns the SHA-256 of bytes. */
  sha256(bytes: Uint8Array): Uint8Array {
    return this.#crypto.hash?.("sha256", bytes, "buffer") ??
      this.#crypto.createHash("sha256").update(bytes).digest();
  }

  /** Begins a SHA-256 of bytes that come in parts. */
  sha256Parts(): NodeHash {
    return this.#crypto.createHash("sha256");
  }

  /** Begins AES-256-CTR. */
  ctr(key: Uint8Array, iv: Uint8Array): NodeCipher {
    return this.#crypto.createCipheriv("aes-256-ctr", key, iv);
  }

  /** Begins the encryption of whole blocks with AES-256-CBC. */
  cbc(key: Uint8Array, iv: Uint8Array): NodeCipher {
    const cipher = this.#crypto.createCipheriv("aes-256-cbc", key, iv);
    cipher.setAutoPadding(false);
    return cipher;
  }
}

/** Returns a Node Buffer as what it extends. */
export function plainBytes({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** What is used; null for nothing, undefined before the first use. */
let chosen: Native | null | undefined;

/** Returns what to use of the runtime; undefined if it has nothing. */
export function native(): Native | undefined {
  if (chosen === undefined) chooseNative();
  return chosen ?? undefined;
}

/**
 * Bytes of long messages that a program has seen before it loads `node:crypto`, which takes Node as
 * long as hashing a megabyte: a program that signs in and sends a message never loads it.
 */
const WORTH_LOADING = 64 * 1024;
let seen = 0;
/** The length from which on a message counts. */
let shortest: number | undefined;

/** Returns what to use for a message of a length. */
export function nativeFor(length: number): Native | undefined {
  if (chosen === undefined) {
    shortest ??= THRESHOLDS[runtimeKind() ?? "node"].hash;
    if (length < shortest || (seen += length) < WORTH_LOADING) return undefined;
  }
  return native();
}

/**
 * Chooses the thresholds: those of this runtime by default; with null, nothing is done natively.
 * For tests and measurements, which run both ways.
 */
export function chooseNative(thresholds?: Thresholds | null): void {
  const found = thresholds === null ? undefined : nativeCrypto();
  chosen = found ? new Native(found.crypto, thresholds ?? THRESHOLDS[found.kind]) : null;
}
