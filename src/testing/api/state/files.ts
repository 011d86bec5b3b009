/**
 * The files of the offline Telegram: the parts that clients upload, and the photos and documents
 * that are made of them. https://core.telegram.org/api/files
 *
 * The parts of an upload belong to the account, and are kept until they are sent. A file reference
 * is good for a time: https://core.telegram.org/api/file-references
 */
import type { Random } from "../../../runtime/mod.ts";
import { checkFields, randomLong } from "../../../runtime/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import { bytesInParts, type FileBytes } from "./file_bytes.ts";

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
  /** Whether it is the photo of a user or a chat. */
  readonly isProfile?: boolean;
  /** The small image of a document. */
  readonly thumb?: FileBytes;
  /** The data center where it is. */
  dcId: number;
}

/** How the server treats files. */
export interface FileRules {
  /** How long an uploaded part that was not sent is kept, in seconds; an hour by default. */
  readonly partLifetime: number;
  /** How long a file reference is good, in seconds; for ever by default. */
  readonly referenceLifetime: number;
  /**
   * Whether the bytes of uploads are kept; true by default. If not, only their lengths are, and
   * zeros are read: for uploads that are larger than the memory.
   */
  readonly keepsUploads: boolean;
  /**
   * After how many bytes of files, up or down, an account without premium must wait; by default
   * never. Its next calls for parts are refused by `FLOOD_PREMIUM_WAIT_X`.
   */
  readonly freeBytes: number;
  /** How long it must wait, in seconds; 3 by default. */
  readonly floodWait: number;
}

const RULES: FileRules = {
  partLifetime: 3600,
  referenceLifetime: Infinity,
  keepsUploads: true,
  freeBytes: Infinity,
  floodWait: 3,
};

/** The files of the offline Telegram. */
export class Files {
  readonly #random: Random;
  readonly #clock: () => number;
  readonly #rules: FileRules;
  readonly #uploads = new Map<string, Upload>();
  readonly #files = new Map<bigint, StoredFile>();
  /** The traffic of accounts without premium, by their ids. */
  readonly #traffic = new Map<bigint, { bytes: number; waitsUntil: number }>();
  /** References of earlier epochs are void. */
  #epoch = 1;

  constructor(random: Random, clock: () => number, rules: Partial<FileRules> = {}) {
    checkFields("set the rules of an offline Telegram's files", rules, Object.keys(RULES));
    this.#random = random;
    this.#clock = clock;
    this.#rules = { ...RULES, ...rules };
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
    upload.parts.set(part, this.#rules.keepsUploads ? bytes.slice() : zeros(bytes.length));
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
    const isGone = upload !== undefined && upload.at + this.#rules.partLifetime < this.#clock();
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
    const bytes = bytesInParts(parts);
    if (!upload.isBig && bytes.size > MAX_SMALL_FILE) throw badRequest("FILE_PARTS_INVALID");
    return bytes;
  }

  /** Keeps a photo or document. */
  add(file: Omit<StoredFile, "id" | "accessHash" | "date">): StoredFile {
    const id = randomLong(this.#random) & 0x7fff_ffff_ffff_ffffn;
    const accessHash = randomLong(this.#random);
    const stored: StoredFile = { ...file, id, accessHash, date: Math.floor(this.#clock()) };
    this.#files.set(id, stored);
    return stored;
  }

  /**
   * Counts the bytes that an account without premium uploads or downloads. After those that are
   * free it must wait, and its calls are refused.
   */
  count(id: bigint, isPremium: boolean, bytes: number): void {
    const { freeBytes, floodWait } = this.#rules;
    if (isPremium || freeBytes === Infinity) return;
    const now = this.#clock();
    const traffic = this.#traffic.get(id) ?? { bytes: 0, waitsUntil: 0 };
    this.#traffic.set(id, traffic);
    const left = Math.ceil(traffic.waitsUntil - now);
    if (left > 0) throw new RpcFailure(420, `FLOOD_PREMIUM_WAIT_${left}`);
    const isFirst = traffic.bytes === 0;
    traffic.bytes += bytes;
    if (isFirst || traffic.bytes <= freeBytes) return;
    Object.assign(traffic, { bytes: 0, waitsUntil: now + floodWait });
    throw new RpcFailure(420, `FLOOD_PREMIUM_WAIT_${floodWait}`);
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
    const isOld = view.getUint32(5) + this.#rules.referenceLifetime <= this.#clock();
    if (view.getUint32(1) !== this.#epoch || isOld) throw badRequest("FILE_REFERENCE_EXPIRED");
  }

  /** Makes all references void that were given so far. */
  expireReferences(): void {
    this.#epoch++;
  }

  /** Moves a file to another data center, as if it had always been there. */
  move(id: bigint, dcId: number): void {
    this.known(id, "move").dcId = dcId;
  }

  /** Returns a photo or document for a test that does something with it. */
  known(id: bigint, task: string): StoredFile {
    const file = this.#files.get(id);
    if (file !== undefined) return file;
    throw new TypeError(`Cannot ${task} the file "${id}": it does not exist`);
  }
}

let allZeros: Uint8Array | undefined;

/** Returns zeros without new memory. */
function zeros(length: number): Uint8Array {
  return (allZeros ??= new Uint8Array(LARGEST_PART)).subarray(0, length);
}

/** Returns a 303: the file is at another data center. */
export function fileMigrate(dcId: number): RpcFailure {
  return new RpcFailure(303, `FILE_MIGRATE_${dcId}`);
}
