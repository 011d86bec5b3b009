/**
 * A store of texts in a folder, a file for each key, through `node:fs` of Deno, Node and Bun. A file is written beside the old one,
 * flushed to the disk (unless it is of a cache) and then put in its place, so that it is always one of the two. Folder and
 * files are for their owner only.
 *
 * Texts that are swapped are files with numbers, of which the highest counts: a number can be taken by one program only, as a
 * link is made to it only if there is none.
 */
import { fileNameOf, pathOf } from "./file_name.ts";
import type { KeyValueStore } from "./key_value.ts";
import { builtinModule, type FileSystem } from "../../runtime/mod.ts";
import { codeOf, fileError } from "./file_error.ts";
import { SessionError } from "../session_error.ts";

const TEMPORARY = "~new";
/** Between the name of a file and its number. */
const NUMBERED = "~";
/** Milliseconds after which a file that was not put in its place was left behind. */
const LEFT_BEHIND = 60_000;
/** How often a swap looks again when it is disturbed. */
const MAX_LOOKS = 100;

/**
 * Keeps texts in the folder at `path`, which is made when something is first kept: `new StoreSession("me",
 * folderStore("./sessions"))`.
 *
 * @throws {TypeError} if this runtime has no file system.
 */
export function folderStore(path: string | URL): KeyValueStore {
  const files = builtinModule("node:fs");
  if (files === undefined) {
    throw new TypeError(`Cannot keep sessions in the folder "${path}": this runtime has no files`);
  }
  return new FolderStore(files, pathOf(path).replace(/(?<=[^/\\])[/\\]+$/, ""));
}

class FolderStore implements KeyValueStore {
  readonly #files: FileSystem;
  readonly #folder: string;
  #made = false;
  #writes = 0;

  constructor(files: FileSystem, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  get(key: string): string | undefined {
    const name = fileNameOf(key);
    return this.#try("read", () => this.#read(name) ?? this.#current(name).text);
  }

  set(key: string, value: string): void {
    this.#try("save", () => {
      this.#replace(key, this.#write(value));
      this.#flushFolder();
    });
  }

  setCache(key: string, value: string): void {
    this.#try("save", () => this.#replace(key, this.#write(value, { isCache: true })));
  }

  delete(key: string): void {
    this.#try("save", () => this.#remove(fileNameOf(key)));
  }

  swap(key: string, current: string | undefined, next: string | undefined): boolean {
    const name = fileNameOf(key);
    return this.#try("save", () => {
      const before = this.#current(name);
      if (before.text !== current) return false;
      const number = before.number + 1;
      const temporary = this.#write(next ?? "");
      try {
        this.#files.linkSync(temporary, this.#path(`${name}${NUMBERED}${number}`));
      } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        throw error;
      } finally {
        this.#files.unlinkSync(temporary);
      }
      const numbers = this.#numbers(name);
      // Meanwhile others may have gone further, and removed the number that was taken here.
      const isHighest = numbers.every((one) => one <= number);
      for (const one of numbers) {
        if (isHighest ? one < number : one === number) this.#remove(`${name}${NUMBERED}${one}`);
      }
      return isHighest;
    });
  }

  /** The text of the highest number. It may be gone before it is read: then there is a higher one. */
  #current(name: string): { number: number; text: string | undefined } {
    for (let look = 0; look < MAX_LOOKS; look++) {
      const number = Math.max(0, ...this.#numbers(name));
      if (number === 0) return { number, text: undefined };
      const text = this.#read(`${name}${NUMBERED}${number}`);
      if (text !== undefined) return { number, text: text === "" ? undefined : text };
    }
    throw new TypeError("other programs keep changing it");
  }

  #numbers(name: string): number[] {
    const prefix = name + NUMBERED;
    return this.#list()
      .filter((file) => file.startsWith(prefix))
      .map((file) => Number(file.slice(prefix.length)))
      .filter(Number.isSafeInteger);
  }

  #list(): string[] {
    try {
      return this.#files.readdirSync(this.#folder);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  }

  #read(name: string): string | undefined {
    try {
      return new TextDecoder().decode(this.#files.readFileSync(this.#path(name)));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  #replace(key: string, temporary: string): void {
    this.#files.renameSync(temporary, this.#path(fileNameOf(key)));
  }

  /** Writes a text to a file that nobody else writes to, and has it reach the disk, if it is no cache. */
  #write(text: string, { isCache = false } = {}): string {
    if (!this.#made) this.#prepare();
    this.#made = true;
    const unique = `${crypto.randomUUID()}-${this.#writes++}`;
    const path = this.#path(`${unique}${TEMPORARY}`);
    const file = this.#files.openSync(path, "wx", 0o600);
    try {
      this.#files.writeFileSync(file, text);
      if (!isCache) this.#files.fsyncSync(file);
    } catch (error) {
      this.#remove(`${unique}${TEMPORARY}`);
      throw error;
    } finally {
      this.#files.closeSync(file);
    }
    return path;
  }

  /** Makes the folder, or removes what programs left behind that were killed while they wrote. */
  #prepare(): void {
    this.#files.mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of this.#list().filter((file) => file.endsWith(TEMPORARY))) {
      try {
        const age = Date.now() - this.#files.statSync(this.#path(name)).mtimeMs;
        if (age > LEFT_BEHIND) this.#remove(name);
      } catch {
        // Another program was quicker.
      }
    }
  }

  /** A new name, too, has to reach the disk; Windows cannot, and does not need to, open folders. */
  #flushFolder(): void {
    try {
      const folder = this.#files.openSync(this.#folder, "r");
      try {
        this.#files.fsyncSync(folder);
      } finally {
        this.#files.closeSync(folder);
      }
    } catch {
      // The file itself is whole; only a loss of power right now could bring back the one before.
    }
  }

  #remove(name: string): void {
    try {
      this.#files.unlinkSync(this.#path(name));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }

  #path(name: string): string {
    return `${this.#folder}/${name}`;
  }

  #try<T>(doing: string, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw folderError(`${doing} the session in "${this.#folder}"`, cause);
    }
  }
}

function folderError(doing: string, cause: unknown): unknown {
  if (codeOf(cause) !== "EEXIST") return fileError(doing, cause);
  return new SessionError(`Cannot ${doing}: it is a file, expected a folder`, { cause });
}
