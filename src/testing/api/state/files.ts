/**
 * The files of the offline Telegram: the parts that clients upload, and the photos and documents
 * that are made of them. https://core.telegram.org/api/files
 *
 * The parts of an upload belong to the account, and are kept until they are sent. A file reference
 * is good for a time: https://core.telegram.org/api/file-references
 */
import type { Random } from "../../../runtime/mod.ts";
import { randomLong } from "../../../runtime/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import { badRequest, RpcFailure } from "../failure.ts";

const KIB = 1024;
/** The length of a part divides this. */
const LARGEST_PART = 512 * KIB;
/** The largest file that is not "big". */
export const MAX_SMALL_FILE = 10 * KIB * KIB;
const MAX_PARTS = 4000;
const MAX_PARTS_PREMIUM = 8000;

/** A part of an upload, and where it belongs. */
export interface UploadPart {
  /** The account that uploads. */
  readonly owner: bigint;
  /** The `file_id`. */
  readonly id: bigint;
  readonly part: number;
  readonly bytes: Uint8Array;
  /** Whether the parts are those of a "big" file. */
  readonly isBig: boolean;
  /** Whether the account has premium. */
  readonly isPremium: boolean;
}

/** The parts of one file that is being uploaded. */
interface Upload {
  readonly parts: Map<number, Uint8Array>;
  readonly isBig: boolean;
  /** When the last part came, in Unix seconds. */
  at: number;
}

/** The bytes of a file, wherever they are. */
export interface FileBytes {
  readonly size: number;
  /** Reads bytes; fewer at the end. */
  read(offset: number, length: number): Uint8Array;
}

/** A photo or document that the server keeps. */
export interface StoredFile {
  readonly kind: "photo" | "document";
  readonly id: bigint;
  readonly accessHash: bigint;
  /** In Unix seconds. */
  readonly date: number;
  readonly mime: string;
  readonly attributes: readonly Api.DocumentAttribute[];
  readonly bytes: FileBytes;
  /** The pixels of an image. */
  readonly width: number;
  readonly height: number;
  /** The small image of a document. */
  readonly thumb?: FileBytes;
  /** The data center where it is. */
  dcId: number;
}

/** How long uploaded parts and file references are good, in seconds. */
export interface FileLifetimes {
  /** Of a part that was not sent; an hour by default. */
  readonly parts: number;
  /** Of a file reference; for ever by default. */
  readonly references: number;
}

const LIFETIMES: FileLifetimes = { parts: 3600, references: Infinity };

/** The files of the offline Telegram. */
export class Files {
  readonly #random: Random;
  readonly #clock: () => number;
  readonly #lifetimes: FileLifetimes;
  readonly #uploads = new Map<string, Upload>();
  readonly #files = new Map<bigint, StoredFile>();
  /** References of earlier epochs are void. */
  #epoch = 1;

  constructor(random: Random, clock: () => number, lifetimes: Partial<FileLifetimes> = {}) {
    this.#random = random;
    this.#clock = clock;
    this.#lifetimes = { ...LIFETIMES, ...lifetimes };
  }

  /** Keeps a part. https://core.telegram.org/method/upload.saveFilePart */
  save({ owner, id, part, bytes, isBig, isPremium }: UploadPart, total?: number): void {
    const most = isPremium ? MAX_PARTS_PREMIUM : MAX_PARTS;
    if (part < 0 || part >= most) throw badRequest("FILE_PART_INVALID");
    if (total !== undefined && (total === 0 || total < -1 || total > most)) {
      throw badRequest("FILE_PARTS_INVALID");
    }
    if (bytes.length > LARGEST_PART) throw badRequest("FILE_PART_TOO_BIG");
    // A stream that ended with a whole part is ended by an empty one.
    const endsStream = isBig && part > 0 && total === part;
    if (bytes.length === 0 && !endsStream) throw badRequest("FILE_PART_EMPTY");
    const name = `${owner} ${id}`;
    const upload = this.#uploads.get(name) ?? { parts: new Map(), isBig, at: 0 };
    if (upload.isBig !== isBig) throw badRequest("FILE_PART_INVALID");
    const known = upload.parts.get(part);
    if (known !== undefined && known.length !== bytes.length) {
      throw badRequest("FILE_PART_SIZE_CHANGED");
    }
    upload.parts.set(part, bytes.slice());
    upload.at = this.#clock();
    this.#uploads.set(name, upload);
  }

  /** Forgets a part, as Telegram does after some hours. */
  dropPart(owner: bigint, id: bigint, part: number): void {
    this.#uploads.get(`${owner} ${id}`)?.parts.delete(part);
  }

  /** Returns the bytes of an uploaded file; refuses one with missing or uneven parts. */
  uploaded(owner: bigint, file: Api.InputFile): FileBytes {
    if (file._ === "inputFileStoryDocument") throw badRequest("FILE_ID_INVALID");
    const upload = this.#uploads.get(`${owner} ${file.id}`);
    const isGone = upload !== undefined && upload.at + this.#lifetimes.parts < this.#clock();
    if (file.parts < 1 || file.parts > MAX_PARTS_PREMIUM) throw badRequest("FILE_PARTS_INVALID");
    const parts = Array.from({ length: file.parts }, (_, index) => {
      const part = isGone ? undefined : upload?.parts.get(index);
      if (part === undefined) throw badRequest(`FILE_PART_${index}_MISSING`);
      return part;
    });
    if (upload?.isBig !== (file._ === "inputFileBig")) throw badRequest("FILE_ID_INVALID");
    const [{ length: partSize }] = parts;
    const isPartSize = parts.length === 1 ||
      partSize % KIB === 0 && LARGEST_PART % partSize === 0;
    if (!isPartSize || parts.slice(1, -1).some(({ length }) => length !== partSize)) {
      throw badRequest("FILE_PART_SIZE_INVALID");
    }
    const last = parts.at(-1)?.length ?? 0;
    if (last > partSize) throw badRequest("FILE_PART_SIZE_INVALID");
    const size = (parts.length - 1) * partSize + last;
    if (!upload.isBig && size > MAX_SMALL_FILE) throw badRequest("FILE_PARTS_INVALID");
    return { size, read: (offset, length) => readParts(parts, partSize, offset, length) };
  }

  /** Keeps a photo or document. */
  add(file: Omit<StoredFile, "id" | "accessHash" | "date">): StoredFile {
    const id = randomLong(this.#random) & 0x7fff_ffff_ffff_ffffn;
    const accessHash = randomLong(this.#random);
    const stored: StoredFile = { ...file, id, accessHash, date: Math.floor(this.#clock()) };
    this.#files.set(id, stored);
    return stored;
  }

  /** Returns a photo or document; undefined for a wrong id or access hash. */
  find(id: bigint, accessHash: bigint): StoredFile | undefined {
    const file = this.#files.get(id);
    return file?.accessHash === accessHash ? file : undefined;
  }

  /** Returns a fresh reference to a file. */
  reference({ id }: StoredFile): Uint8Array {
    const bytes = new Uint8Array(17);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, 1);
    view.setUint32(1, this.#epoch);
    view.setUint32(5, Math.floor(this.#clock()));
    view.setBigInt64(9, id);
    return bytes;
  }

  /** Refuses a reference that is missing, of another file, or too old. */
  checkReference({ id }: StoredFile, reference: Uint8Array): void {
    if (reference.length === 0) throw badRequest("FILE_REFERENCE_EMPTY");
    const view = new DataView(reference.buffer, reference.byteOffset, reference.length);
    if (reference.length !== 17 || view.getBigInt64(9) !== id) {
      throw badRequest("FILE_REFERENCE_INVALID");
    }
    const isOld = view.getUint32(5) + this.#lifetimes.references <= this.#clock();
    if (view.getUint32(1) !== this.#epoch || isOld) throw badRequest("FILE_REFERENCE_EXPIRED");
  }

  /** Makes all references void that were given so far. */
  expireReferences(): void {
    this.#epoch++;
  }

  /** Moves a file to another data center, as if it had always been there. */
  move(id: bigint, dcId: number): void {
    const file = this.#files.get(id);
    if (file === undefined) throw new TypeError(`Cannot move the file "${id}": it does not exist`);
    file.dcId = dcId;
  }
}

/** Reads bytes of parts of one length. */
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
  const whole = new Uint8Array(length - left);
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}

/** Returns a 303: the file is at another data center. */
export function fileMigrate(dcId: number): RpcFailure {
  return new RpcFailure(303, `FILE_MIGRATE_${dcId}`);
}
