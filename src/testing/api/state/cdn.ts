/**
 * The files that a CDN gives out: https://core.telegram.org/cdn
 *
 * A CDN has no copy of a file until a client has asked for it and Telegram has uploaded it there.
 * The copy is encrypted, with a key that only clients get.
 */
import { AesCtr, bytesToHex } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { StoredFile } from "./files.ts";

/** A file at a CDN. */
export interface CdnFile {
  readonly file: StoredFile;
  readonly token: Uint8Array;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** What a client shows to have the file uploaded to the CDN. */
  readonly requestToken: Uint8Array;
  /** Whether the CDN has the file. */
  isThere: boolean;
}

const TOKEN_LENGTH = 24;
const BLOCK = 16;

/** The CDNs, and their files. */
export class Cdn {
  /** The number of the CDN; undefined if there is none. */
  readonly dcId: number | undefined;
  readonly #random: Random;
  /** The ids of the files that are at the CDN. */
  readonly #ids = new Set<bigint>();
  readonly #byToken = new Map<string, CdnFile>();
  readonly #byId = new Map<bigint, CdnFile>();

  constructor(random: Random, dcId: number | undefined) {
    this.#random = random;
    this.dcId = dcId;
  }

  /** Lets the CDN give out a file. */
  add(id: bigint): void {
    this.#ids.add(id);
  }

  /** Returns the file at the CDN to which a download is sent; undefined if it is not there. */
  of(file: StoredFile): CdnFile | undefined {
    if (this.dcId === undefined || !this.#ids.has(file.id)) return undefined;
    const known = this.#byId.get(file.id);
    if (known !== undefined) return known;
    const made: CdnFile = {
      file,
      token: this.#random(TOKEN_LENGTH),
      key: this.#random(32),
      iv: this.#random(BLOCK),
      requestToken: this.#random(TOKEN_LENGTH),
      isThere: false,
    };
    this.#byId.set(file.id, made);
    this.#byToken.set(bytesToHex(made.token), made);
    return made;
  }

  /** Finds a file by its token; undefined for a wrong or void one. */
  find(token: Uint8Array): CdnFile | undefined {
    return this.#byToken.get(bytesToHex(token));
  }

  /** Makes all tokens void: the next downloads get others. */
  expire(): void {
    this.#byToken.clear();
    this.#byId.clear();
  }

  /** Lets the CDN lose its copies: clients must have them uploaded again. */
  lose(): void {
    for (const file of this.#byId.values()) file.isThere = false;
  }
}

/** Encrypts bytes of a file from an offset on, a multiple of 16. */
export function encryptAt({ key, iv }: CdnFile, offset: number, bytes: Uint8Array): Uint8Array {
  const counter = iv.slice();
  new DataView(counter.buffer).setUint32(BLOCK - 4, offset / BLOCK);
  return new AesCtr(key, counter).apply(bytes.slice());
}
