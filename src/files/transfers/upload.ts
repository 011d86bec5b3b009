/**
 * Uploading a file: https://core.telegram.org/api/files#uploading-files
 *
 * Parts go over several connections at once, and each is sent again until Telegram has it. Reading
 * waits while as many parts as can be under way are in memory. The last part of a file whose size
 * nobody knows goes when all others are there, as it tells how many there are.
 */
import { abortable, checkFields, randomLong, withAnySignal } from "../../runtime/mod.ts";
import type { Api, TlObject } from "../../tl/mod.ts";
import type { FileHost } from "../file_host.ts";
import { type FileKind, fileKind, HEAD_LENGTH } from "./info/mod.ts";
import type { Lanes, Transfer } from "./lanes.ts";
import { chosenName, type FileSource, type OpenSource, openSource, partsOf } from "./source.ts";
import { transfersOf } from "./transfers.ts";
import { emptyFile, planUpload, tooLarge, type UploadPlan } from "./upload_plan.ts";

/** How often a part is sent again that Telegram says it did not save. */
const REFUSALS = 5;

const UPLOAD_FIELDS = ["name", "mime", "size", "signal", "onProgress"];

/** Told with each part that has arrived: the bytes so far, and of the whole file, if known. */
export type ProgressListener = (done: number, total: number | undefined) => void;

/** How a file is uploaded. */
export interface UploadOptions {
  /** The name of the file; by default that of the path, the `File` or the URL. */
  readonly name?: string;
  /** Its media type, such as `image/png`; by default, its first bytes tell. */
  readonly mime?: string;
  /** The number of its bytes, for a stream of known length. */
  readonly size?: number;
  /** Ends the upload. */
  readonly signal?: AbortSignal;
  /** Told with each part that has arrived. */
  readonly onProgress?: ProgressListener;
}

/** Uploads a part again; returns undefined if there is no such part. */
type Restore = (part: number) => Promise<UploadedFile | undefined>;

/** A file that Telegram has the bytes of. It can be sent for some hours, to many chats. */
export class UploadedFile {
  /** The file as methods of Telegram take it. */
  readonly input: Api.inputFile | Api.inputFileBig;
  /** The number of its bytes. */
  readonly size: number;
  /** The name of the file. */
  readonly name: string;
  /** Its media type. */
  readonly mime: string;
  readonly #kind: FileKind;
  readonly #restore: Restore | undefined;

  /** Use {@linkcode upload}. */
  constructor(
    input: Api.inputFile | Api.inputFileBig,
    { size, kind, restore }: {
      readonly size: number;
      readonly kind: FileKind;
      readonly restore?: Restore | undefined;
    },
  ) {
    this.input = input;
    this.size = size;
    this.name = input.name;
    this.mime = kind.mime;
    this.#kind = kind;
    this.#restore = restore;
  }

  /** Returns what is known of the content of a file. */
  static kindOf(file: UploadedFile): FileKind {
    return file.#kind;
  }

  /**
   * Uploads a part again that Telegram does not have any more; without the first one, all of them.
   * Returns the file to send; undefined if that cannot be, as a stream can be read once only.
   */
  static async restored(file: UploadedFile, part: number): Promise<UploadedFile | undefined> {
    return await file.#restore?.(part);
  }
}

/**
 * Uploads a file.
 *
 * @throws {TypeError} for a source that cannot be read
 * @throws {RangeError} for a file that is empty or too large
 * @throws {RpcError} if Telegram refuses a part
 */
export async function upload(
  host: FileHost,
  source: FileSource,
  options: UploadOptions = {},
): Promise<UploadedFile> {
  checkFields("upload a file", options, UPLOAD_FIELDS);
  checkValue("name", options.name, "string", "text");
  checkValue("mime", options.mime, "string", "text");
  checkValue("onProgress", options.onProgress, "function", "a function");
  const chosen = options.name === undefined ? undefined : chosenName(options.name);
  return await withAnySignal(host.lifetime, options.signal, async (signal) => {
    signal.throwIfAborted();
    const open = await openSource(source, signal, host.hasProxy);
    try {
      const parts = await new Upload(host, open, options, signal).run();
      const { mime = open.mime } = options;
      const kind = await fileKind({ ...parts, name: chosen ?? open.name, mime, at: open.at });
      const { id, plan, size } = parts;
      const all = { id, parts: parts.count, name: kind.name };
      const input: Api.inputFile | Api.inputFileBig = plan.isBig
        ? { _: "inputFileBig", ...all }
        : { _: "inputFile", ...all, md5Checksum: "" };
      const restore = async (part: number): Promise<UploadedFile | undefined> => {
        const { signal: _, ...again } = options;
        if (part === 0) return await upload(host, source, again);
        if (part >= parts.count) return undefined; // there is no such part to send again
        const { offset, length } = rangeOf(part, plan.partSize, size);
        const reopened = await openSource(source, host.lifetime, host.hasProxy);
        try {
          if (reopened.size !== size || reopened.changedAt !== open.changedAt) {
            throw new Error(
              `Cannot upload part ${part} again, which Telegram has lost: the file has changed ` +
                "meanwhile. Upload it anew.",
            );
          }
          const bytes = await reopened.at?.(offset, length) ?? new Uint8Array(0);
          const transfer = { size };
          const lost = { transfer, id, plan, part, total: parts.count, bytes };
          await sendPart(host, await lanesOf(host, plan), lost, host.lifetime);
        } finally {
          await reopened.close();
        }
        return file;
      };
      const file = new UploadedFile(input, { size, kind, ...(open.at && { restore }) });
      return file;
    } finally {
      await open.close(signal.reason);
    }
  });
}

/** Refuses an option of another type, before a byte is sent. */
function checkValue(option: string, value: unknown, type: string, expected: string): void {
  if (value === undefined || typeof value === type) return;
  throw new TypeError(
    `Cannot upload a file: ${option} is of type ${value === null ? "null" : typeof value}, ` +
      `expected ${expected}`,
  );
}

/** The bytes of a part. */
function rangeOf(
  part: number,
  partSize: number,
  size: number,
): { readonly offset: number; readonly length: number } {
  const offset = part * partSize;
  return { offset, length: Math.min(partSize, size - offset) };
}

/** A part, and where it belongs. */
interface Part {
  readonly transfer: Transfer;
  /** The `file_id`. */
  readonly id: bigint;
  readonly plan: UploadPlan;
  readonly part: number;
  /** The number of parts; -1 while it is not known. */
  readonly total: number;
  readonly bytes: Uint8Array;
}

/** Returns the connections for the parts of a file; none for one part, which needs no other. */
async function lanesOf(host: FileHost, { parts }: UploadPlan): Promise<Lanes | undefined> {
  return parts === 1 ? undefined : await transfersOf(host).lanes("upload", undefined);
}

/** Sends a part, again and again until Telegram has saved it. */
async function sendPart(
  host: FileHost,
  lanes: Lanes | undefined,
  sent: Part,
  signal: AbortSignal,
): Promise<void> {
  const { transfer, id, plan, part, total, bytes } = sent;
  const request: TlObject = plan.isBig
    ? { _: "upload.saveBigFilePart", fileId: id, filePart: part, fileTotalParts: total, bytes }
    : { _: "upload.saveFilePart", fileId: id, filePart: part, bytes };
  for (let refusals = 0; refusals < REFUSALS; refusals++) {
    const saved = lanes === undefined
      ? await host.invokeForFile(request, { purpose: "calls", signal })
      : await lanes.call(transfer, request, signal);
    if (saved === true) return;
    host.log.info(`Part ${part} of a file was not saved: it is sent again`);
  }
  throw new Error(`Cannot upload the file: Telegram did not save part ${part}. Try again later.`);
}

/** The sending of all parts of a file. */
class Upload {
  readonly #host: FileHost;
  readonly #source: OpenSource;
  readonly #options: UploadOptions;
  readonly #signal: AbortSignal;
  readonly #size: number | undefined;
  readonly #id: bigint;
  readonly #transfer: Transfer;
  readonly #running = new Set<Promise<void>>();
  #done = 0;

  constructor(host: FileHost, source: OpenSource, options: UploadOptions, signal: AbortSignal) {
    this.#host = host;
    this.#source = source;
    this.#options = options;
    this.#signal = signal;
    this.#size = source.size ?? options.size;
    this.#transfer = { size: this.#size };
    this.#id = randomLong(host.random);
  }

  async run(): Promise<SentParts> {
    const failure = new AbortController();
    return await withAnySignal(this.#signal, failure.signal, async (signal) => {
      try {
        return await this.#run(signal, (error) => failure.abort(error));
      } finally {
        failure.abort(new Error("Cannot go on with a part: the upload has ended"));
        await Promise.allSettled(this.#running);
      }
    });
  }

  async #run(signal: AbortSignal, failed: (error: unknown) => void): Promise<SentParts> {
    const plan = planUpload(this.#size, Infinity);
    const maxParts = plan.parts === 1
      ? 1
      : (await abortable(transfersOf(this.#host).limits(), signal)).maxParts;
    if ((plan.parts ?? 0) > maxParts) throw tooLarge(this.#size, maxParts);
    const lanes = await lanesOf(this.#host, plan);
    const most = lanes?.capacity ?? 1;
    const parts = partsOf(this.#source, plan.partSize);
    let count = 0;
    let size = 0;
    let head = new Uint8Array(0);
    for (;;) {
      const { value, done } = await abortable(parts.next(), signal);
      if (done) break;
      const { bytes, isLast } = value;
      size += bytes.length;
      if (this.#size !== undefined && size > this.#size) {
        throw otherSize(`over ${this.#size}`, this.#size);
      }
      if (count === maxParts) throw tooLarge(undefined, maxParts);
      if (count === 0) head = bytes.slice(0, HEAD_LENGTH);
      // Telegram learns the number of parts with the last one, which must not overtake another.
      await this.#untilFewer(isLast && plan.parts === undefined ? 1 : most, signal);
      const total = plan.parts ?? (isLast ? count + 1 : -1);
      const part = {
        transfer: this.#transfer,
        id: this.#id,
        plan,
        part: count++,
        total,
        bytes,
      };
      this.#start(sendPart(this.#host, lanes, part, signal), bytes.length, failed);
    }
    await this.#untilFewer(1, signal);
    if (count === 0) throw emptyFile();
    if (this.#size !== undefined && size !== this.#size) throw otherSize(size, this.#size);
    return { id: this.#id, plan, count, size, head };
  }

  /** Notes a part that is on its way. */
  #start(sent: Promise<void>, length: number, failed: (error: unknown) => void): void {
    const sending = sent
      .then(() => {
        this.#done += length;
        this.#options.onProgress?.(this.#done, this.#size);
      })
      .catch(failed)
      .finally(() => this.#running.delete(sending));
    this.#running.add(sending);
  }

  async #untilFewer(most: number, signal: AbortSignal): Promise<void> {
    while (this.#running.size >= most) await abortable(Promise.race(this.#running), signal);
    signal.throwIfAborted();
  }
}

/** The parts of a file that Telegram has. */
interface SentParts {
  /** The `file_id`. */
  readonly id: bigint;
  readonly plan: UploadPlan;
  readonly count: number;
  readonly size: number;
  /** The first bytes. */
  readonly head: Uint8Array;
}

function otherSize(size: number | string, expected: number): RangeError {
  return new RangeError(
    `Cannot upload the file: it has ${size} bytes, expected ${expected}. Leave out its size, or ` +
      "pass the right one.",
  );
}
