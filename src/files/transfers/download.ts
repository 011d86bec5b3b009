/**
 * Downloading a file: https://core.telegram.org/api/files#downloading-files
 *
 * Several parts are under way at once, and leave the stream in their order. Nothing is asked for
 * beyond these before the reader takes more. A part that is shorter or longer than it must be is an
 * error: the file that is read is the file that was sent, or the stream fails.
 *
 * | answer                             | what follows                                            |
 * |------------------------------------|---------------------------------------------------------|
 * | the bytes                          | they leave in their turn                                |
 * | FILE_MIGRATE_X                     | this part and all later ones are asked for at DC X      |
 * | FILE_REFERENCE_EXPIRED, _INVALID,  | the message is read again, once for all parts, and the  |
 * | _EMPTY                             | part is asked for again with the new reference          |
 * | FLOOD_WAIT_X, a lost connection    | waited for, below                                       |
 * | fileCdnRedirect                    | this part and all later ones are asked for at the CDN   |
 * | the CDN sends wrong bytes          | the stream fails with a `SecurityError`, before them    |
 * | FILE_TOKEN_INVALID,                | this part and all later ones are asked for at the data  |
 * | REQUEST_TOKEN_INVALID              | center of the file, which may name another token        |
 * | the CDN cannot be used otherwise   | the same, without a CDN                                 |
 */
import { RpcError } from "../../connection/mod.ts";
import { abortable, checkFields } from "../../runtime/mod.ts";
import type { Api, TlObject } from "../../tl/mod.ts";
import { CdnRoute } from "./cdn/mod.ts";
import { type PartRange, planDownload } from "./download_plan.ts";
import type { FileHost } from "../file_host.ts";
import { isStale, messageAgain } from "./file_reference.ts";
import type { Lanes, Transfer } from "./lanes.ts";
import { type Downloadable, fileIn, type InlineFile, type RemoteFile } from "./media.ts";
import { transfersOf } from "./transfers.ts";
import type { ProgressListener } from "./upload.ts";

/** Up to this size, a file of the home comes over the connection that is there: 128 KiB. */
const SMALL = 131_072;
/** How often a part is asked for anew: at another data center, or with another reference. */
const TURNS = 5;
/** How often a part is sent to a CDN: more than any way over CDNs takes. */
const REDIRECTS = 8;

const DOWNLOAD_FIELDS = ["offset", "length", "thumb", "signal", "onProgress"];

/** Which bytes are downloaded, and how. */
export interface DownloadOptions {
  /** The first byte; 0 by default. */
  readonly offset?: number;
  /** The most bytes; all by default. */
  readonly length?: number;
  /** A smaller image in place of the file: `"smallest"`, or the type of a size, such as `"m"`. */
  readonly thumb?: string;
  /** Ends the download: the stream fails with its reason. */
  readonly signal?: AbortSignal;
  /** Told with each part that leaves the stream. */
  readonly onProgress?: ProgressListener;
}

/**
 * Yields the bytes of a file in their order.
 *
 * @param failed called with the error of a part, before the end of the others is waited for: it
 * aborts `signal`
 * @throws {TypeError} if there is no file
 * @throws {RpcError} if Telegram refuses a part
 */
export async function* fileParts(
  host: FileHost,
  source: Downloadable,
  options: DownloadOptions,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { offset = 0, length = Infinity, thumb, onProgress } = options;
  checkRange(offset, length);
  const file = fileIn(source, thumb);
  if ("bytes" in file) {
    // A copy: the reader may transfer or change the bytes, and these are those of the message.
    const bytes = file.bytes.slice(offset, offset + length);
    if (bytes.length > 0) yield bytes;
    return;
  }
  const { size } = file;
  const end = Math.min(size ?? Infinity, offset + length);
  const total = end === Infinity ? undefined : Math.max(0, end - offset);
  const parts = new Parts(host, file, source, thumb);
  const ranges = planDownload(offset, end === Infinity ? undefined : end, size);
  const waiting: Promise<Uint8Array>[] = [];
  let done = 0;
  try {
    const most = await abortable(parts.width(), signal);
    for (let isOver = false; !isOver || waiting.length > 0;) {
      while (!isOver && waiting.length < most) {
        const { value, done } = ranges.next();
        isOver = done === true;
        if (value === undefined) break;
        const part = parts.get(value, signal);
        part.catch(() => {}); // seen in its turn
        waiting.push(part);
      }
      const part = await waiting.shift();
      if (part === undefined) break;
      done += part.length;
      if (part.length > 0) {
        onProgress?.(done, total);
        yield part;
      }
      if (size === undefined && parts.hasEnd) return;
    }
  } catch (error) {
    failed(error);
    throw error;
  } finally {
    await Promise.allSettled(waiting);
  }
}

function checkRange(offset: number, length: number): void {
  const isCount = (value: number): boolean => value >= 0 && Number.isSafeInteger(value);
  if (!isCount(offset)) {
    throw new RangeError(`Cannot download from byte ${offset}, expected a whole number from 0 on`);
  }
  if (length !== Infinity && !isCount(length)) {
    throw new RangeError(`Cannot download ${length} bytes, expected a whole number`);
  }
}

/** The parts of one file. */
class Parts {
  readonly #host: FileHost;
  readonly #source: Downloadable;
  readonly #thumb: string | undefined;
  readonly #transfer: Transfer;
  #file: RemoteFile;
  #dcId: number;
  #refresh: Promise<void> | undefined;
  /** The way over a CDN; undefined for a file that is read where it is. */
  readonly #route: CdnRoute | undefined;
  /** Whether an answer was shorter than asked for: nothing comes after it. */
  hasEnd = false;

  constructor(
    host: FileHost,
    file: RemoteFile,
    source: Downloadable,
    thumb: string | undefined,
  ) {
    this.#host = host;
    this.#source = source;
    this.#thumb = thumb;
    this.#file = file;
    this.#dcId = file.dcId ?? host.session.state.dcId;
    const { size } = file;
    // What has no known size is a profile photo. It must not wait for large files.
    this.#transfer = { size: size ?? 0 };
    // A CDN is not worth the way there for a small file. One of unknown size has no known hashes.
    if (size !== undefined && size > SMALL) this.#route = this.#routeFor(size);
  }

  /** Returns how many parts may be under way: one, if it is not known how many there are. */
  async width(): Promise<number> {
    if (this.#file.size === undefined || this.#isSmall) return 1;
    return (await this.#lanes()).capacity;
  }

  /** Returns the wanted bytes of a part. */
  async get(range: PartRange, signal: AbortSignal): Promise<Uint8Array> {
    const { limit, skip, take } = range;
    for (let redirects = 1;; redirects++) {
      const fromCdn = await this.#route?.read(range.offset + skip, take, signal);
      if (fromCdn !== undefined) return fromCdn;
      const answer = await this.#ask(range, signal);
      if (answer._ === "upload.fileCdnRedirect") {
        if (this.#route === undefined || redirects > REDIRECTS) {
          throw new TypeError(`Cannot download: Telegram answered "${answer._}" to no purpose`);
        }
        await this.#route.follow(answer, signal);
        continue;
      }
      const { bytes } = answer;
      this.#check(range, bytes.length);
      if (bytes.length < limit) this.hasEnd = true;
      return skip === 0 && bytes.length <= take ? bytes : bytes.subarray(skip, skip + take);
    }
  }

  #check({ offset, limit }: PartRange, got: number): void {
    const { size } = this.#file;
    const expected = size === undefined ? got : Math.max(0, Math.min(limit, size - offset));
    if (got === expected && got <= limit) return;
    throw new Error(
      `Cannot download: Telegram sent ${got} bytes at ${offset}, expected ${
        Math.min(expected, limit)
      }`,
    );
  }

  #routeFor(size: number): CdnRoute {
    const { log } = this.#host;
    const transfers = transfersOf(this.#host);
    const { cdns } = transfers;
    return new CdnRoute({
      cdns,
      size,
      log,
      callCdn: async (cdn, request, signal) => {
        const lanes = await abortable(transfers.lanes("download", cdn), signal);
        return await lanes.call(this.#transfer, request, signal);
      },
      callOrigin: (request, signal) => this.#call(request, signal),
    });
  }

  async #ask(
    { offset, limit, precise }: PartRange,
    signal: AbortSignal,
  ): Promise<Api.upload.File> {
    for (let turn = 1;; turn++) {
      const file = this.#file;
      const { location } = file;
      const request: TlObject = {
        _: "upload.getFile",
        ...(precise && { precise: true }),
        ...(this.#route?.isOpen && { cdnSupported: true }),
        location,
        offset: BigInt(offset),
        limit,
      };
      try {
        return await this.#call(request, signal) as Api.upload.File;
      } catch (error) {
        if (!(error instanceof RpcError) || turn === TURNS) throw error;
        if (error.is("FILE_MIGRATE") && error.value !== undefined) this.#dcId = error.value;
        else if (isStale(error)) {
          await abortable(this.#refreshed(file, error), signal);
        } else throw error;
      }
    }
  }

  async #call(request: TlObject, signal: AbortSignal): Promise<unknown> {
    if (this.#isSmall) return await this.#host.invokeForFile(request, { purpose: "calls", signal });
    const lanes = await abortable(this.#lanes(), signal);
    return await lanes.call(this.#transfer, request, signal);
  }

  get #isSmall(): boolean {
    const { size = Infinity } = this.#file;
    return size <= SMALL && this.#dcId === this.#host.session.state.dcId;
  }

  #lanes(): Promise<Lanes> {
    const { dcId } = this.#host.session.state;
    const transfers = transfersOf(this.#host);
    return transfers.lanes("download", this.#dcId === dcId ? undefined : this.#dcId);
  }

  /** Reads the message again, for a fresh reference. Parts that need it meanwhile share this. */
  async #refreshed(stale: RemoteFile, error: RpcError): Promise<void> {
    if (this.#file !== stale) return; // another part has done it
    const refresh = this.#refresh ??= this.#readAgain(error).finally(() => {
      this.#refresh = undefined;
    });
    await refresh;
  }

  async #readAgain(error: RpcError): Promise<void> {
    const source = this.#source;
    if (!("raw" in source)) {
      throw new Error(
        "Cannot download: the reference to the file has expired. Pass the message with it, which " +
          "is read again then, or fetch the media anew.",
        { cause: error },
      );
    }
    const message = await messageAgain(this.#host, source);
    if (message === undefined) {
      throw new Error("Cannot go on with the download: the message was deleted", { cause: error });
    }
    const file: RemoteFile | InlineFile = fileIn(message, this.#thumb);
    if ("bytes" in file || file.id !== this.#file.id) {
      throw new Error("Cannot go on with the download: the message has another file now", {
        cause: error,
      });
    }
    this.#file = file;
  }
}

/** The download behind a stream: it asks for the bytes as they are read. */
export class Download {
  readonly #parts: AsyncGenerator<Uint8Array, void, undefined>;
  readonly #controller: ReadableStreamDefaultController<Uint8Array>;
  readonly #signals: readonly (AbortSignal | undefined)[];
  readonly #ended = new AbortController();
  readonly #abort = (): void => this.#fail(this.#signals.find((one) => one?.aborted)?.reason);

  /** Begins when the stream of this controller is read for the first time. */
  constructor(
    host: FileHost,
    source: Downloadable,
    options: DownloadOptions,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ) {
    this.#controller = controller;
    checkFields("download", options, DOWNLOAD_FIELDS);
    this.#signals = [options.signal, host.lifetime];
    const failed = (error: unknown): void => {
      if (!this.#ended.signal.aborted) this.#fail(error);
    };
    this.#parts = fileParts(host, source, options, this.#ended.signal, failed);
    for (const signal of this.#signals) {
      signal?.addEventListener("abort", this.#abort, { once: true });
    }
    if (this.#signals.some((signal) => signal?.aborted)) this.#abort();
  }

  /** Puts the next bytes into the stream, or ends it. */
  async pull(): Promise<void> {
    try {
      const { value, done } = await abortable(this.#parts.next(), this.#ended.signal);
      if (!done) return this.#controller.enqueue(value);
      this.#end(new Error("Cannot go on: the download has ended"));
      this.#controller.close();
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#fail(error);
    }
  }

  /** Ends the download, as nobody reads it any more. */
  async cancel(reason: unknown): Promise<void> {
    this.#end(reason ?? new Error("Cannot go on: the download was cancelled"));
    await this.#parts.return();
  }

  #fail(reason: unknown): void {
    this.#end(reason);
    this.#controller.error(reason);
  }

  #end(reason: unknown): void {
    for (const signal of this.#signals) signal?.removeEventListener("abort", this.#abort);
    this.#ended.abort(reason);
  }
}
