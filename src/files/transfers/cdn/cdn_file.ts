/**
 * A file at a CDN: https://core.telegram.org/cdn#getting-files-from-a-cdn
 *
 * The CDN is not trusted. Its bytes are decrypted, and leave this module only if the SHA-256 of
 * each window with them is the one that the data center of the file has named.
 *
 * | answer                       | what follows                                                   |
 * |------------------------------|----------------------------------------------------------------|
 * | cdnFile                      | it is decrypted and checked; wrong bytes are a `SecurityError` |
 * | cdnFileReuploadNeeded        | the data center of the file is asked to upload it, once for    |
 * |                              | all parts that need it; then the part is asked for again       |
 * | the same, again and again    | `CdnFailure`                                                   |
 * | CDN_UPLOAD_TIMEOUT           | the CDN may have the part all the same: it is asked for again  |
 * | an error                     | thrown as it is                                                |
 *
 * A hash that is missing is asked for; without it, the part is a `CdnFailure`.
 */
import { RpcError } from "../../../connection/mod.ts";
import { AesCtr, bytesToHex, equalBytes, sha256 } from "../../../crypto/mod.ts";
import { SecurityError } from "../../../mtproto/mod.ts";
import type { Api, TlObject } from "../../../tl/mod.ts";
import { type CdnRead, counterAt, type HashWindow, HashWindows, planCdnReads } from "./cdn_plan.ts";

/** How often a part is asked for again after the file was uploaded to the CDN. */
const REUPLOADS = 3;
const KEY_LENGTH = 32;
const IV_LENGTH = 16;

/** A file cannot be read from its CDN, and can be read from its data center. */
export class CdnFailure extends Error {
  override readonly name = "CdnFailure";
}

/** Calls a method at the CDN, or at the data center of the file. */
type Call = (request: TlObject, signal: AbortSignal) => Promise<unknown>;

/** The parts of a {@linkcode CdnFile}. */
export interface CdnFileOptions {
  readonly redirect: Api.upload.fileCdnRedirect;
  /** The number of bytes of the file. */
  readonly size: number;
  /** Calls a method at the CDN. */
  readonly callCdn: Call;
  /** Calls a method at the data center of the file. */
  readonly callOrigin: Call;
}

/** A file at a CDN, by one token. */
export class CdnFile {
  readonly #options: CdnFileOptions;
  readonly #hashes: HashWindows;
  /** The uploads to the CDN that are under way, by their tokens. */
  readonly #reuploads = new Map<string, Promise<void>>();

  /** @throws {CdnFailure} for a redirect without a key */
  constructor(options: CdnFileOptions) {
    const { redirect: { encryptionKey, encryptionIv, fileHashes }, size } = options;
    if (encryptionKey.length !== KEY_LENGTH || encryptionIv.length !== IV_LENGTH) {
      throw new CdnFailure("Cannot use the CDN: Telegram named no key of the file");
    }
    this.#options = options;
    this.#hashes = new HashWindows(size);
    this.#hashes.add(fileHashes);
  }

  /**
   * Returns the bytes from `from` to `to`.
   *
   * @throws {SecurityError} if the CDN sent others
   * @throws {CdnFailure} if it does not send them, or they cannot be checked
   */
  async read(from: number, to: number, signal: AbortSignal): Promise<Uint8Array> {
    const windows = await this.#windowsOf(from, to, signal);
    const start = Math.min(...windows.map(({ offset }) => offset));
    const stop = Math.max(...windows.map(({ end }) => end));
    const bytes = await this.#bytes(start, stop, signal);
    for (const window of windows) {
      const { offset, end, hash } = window;
      if (!equalBytes(sha256(bytes.subarray(offset - start, end - start)), hash)) {
        throw wrongBytes(`the hash of the bytes from ${offset} to ${end} differs`);
      }
    }
    for (const window of windows) this.#hashes.forget(window);
    return bytes.subarray(from - start, to - start);
  }

  /** Returns the hashes of bytes, and asks for those that are missing. */
  async #windowsOf(
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<readonly HashWindow[]> {
    const { callOrigin, redirect: { fileToken } } = this.#options;
    for (let asked = -1;;) {
      const found = this.#hashes.covering(from, to);
      if (typeof found !== "number") return found;
      if (found <= asked) {
        throw new CdnFailure(`Cannot use the CDN: Telegram names no hash of byte ${found}`);
      }
      asked = found;
      const request = { _: "upload.getCdnFileHashes", fileToken, offset: BigInt(found) };
      this.#hashes.add(await callOrigin(request, signal) as Api.FileHash[]);
    }
  }

  /** Returns bytes that are decrypted, and not checked yet. */
  async #bytes(start: number, stop: number, signal: AbortSignal): Promise<Uint8Array> {
    const reads = planCdnReads(start, stop);
    const pieces: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
    for (const read of reads) {
      pieces.push({ offset: read.offset, bytes: await this.#decrypted(read, signal) });
    }
    const [first] = pieces;
    if (pieces.length === 1) return first.bytes.subarray(start - first.offset, stop - first.offset);
    const whole = new Uint8Array(stop - start);
    for (const { offset, bytes } of pieces) {
      const from = Math.max(start, offset);
      const wanted = bytes.subarray(from - offset, stop - offset);
      whole.set(wanted, from - start);
    }
    return whole;
  }

  async #decrypted(read: CdnRead, signal: AbortSignal): Promise<Uint8Array> {
    const { size, redirect: { encryptionKey, encryptionIv } } = this.#options;
    const { offset, limit } = read;
    const bytes = await this.#get(read, signal);
    const expected = Math.min(limit, size - offset);
    if (bytes.length !== expected) {
      throw wrongBytes(`it sent ${bytes.length} bytes at ${offset}, expected ${expected}`);
    }
    return new AesCtr(encryptionKey, counterAt(encryptionIv, offset)).apply(bytes);
  }

  async #get({ offset, limit }: CdnRead, signal: AbortSignal): Promise<Uint8Array> {
    const { callCdn, redirect: { fileToken } } = this.#options;
    const request = { _: "upload.getCdnFile", fileToken, offset: BigInt(offset), limit };
    for (let reuploads = 0;; reuploads++) {
      const answer = await callCdn(request, signal) as Api.upload.CdnFile;
      if (answer._ === "upload.cdnFile") return answer.bytes;
      if (reuploads === REUPLOADS) {
        throw new CdnFailure("Cannot use the CDN: it asks for the file again and again");
      }
      await this.#reupload(answer.requestToken, signal);
    }
  }

  /** Has the file uploaded to the CDN. Parts that need it meanwhile share this. */
  async #reupload(requestToken: Uint8Array, signal: AbortSignal): Promise<void> {
    const { callOrigin, redirect: { fileToken } } = this.#options;
    const name = bytesToHex(requestToken);
    const known = this.#reuploads.get(name);
    if (known !== undefined) return await known;
    const request = { _: "upload.reuploadCdnFile", fileToken, requestToken };
    const reupload = callOrigin(request, signal)
      .then((hashes) => this.#hashes.add(hashes as Api.FileHash[]), (error) => {
        if (!(error instanceof RpcError && error.is("CDN_UPLOAD_TIMEOUT"))) throw error;
      })
      .finally(() => this.#reuploads.delete(name));
    this.#reuploads.set(name, reupload);
    await reupload;
  }
}

function wrongBytes(what: string): SecurityError {
  return new SecurityError(
    "file_hash",
    `Cannot go on with the download: the CDN sent other bytes than those of the file: ${what}. ` +
      "None of them were passed on.",
  );
}
