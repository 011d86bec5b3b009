/**
 * A store of texts in a folder, a file for each key, through `node:fs` of Deno, Node and Bun. A new
 * file is written beside the old one, flushed to the disk (unless it is a cache) and then renamed,
 * so that a killed program leaves one of the two. Only their owner can read the folder and the
 * files.
 *
 * A swapped text has numbered files, of which the highest counts. Only one program can take a
 * number, as the system makes a link only where there is no file.
 */
import { builtinModule, type FileSystem } from "../../runtime/mod.ts";
import type { KeyValueStore, StoreClaims, StoreGuard } from "../key_value_store.ts";
import { SessionError } from "../mod.ts";
import { codeOf, fileError } from "./file_error.ts";
import { fileClaims } from "./file_claims.ts";
import { fileNameOf, pathOf } from "./file_name.ts";

/** The end of the name of a file that is being written. */
const TEMPORARY = "~new";
/** Between the name of a file and its number. */
const NUMBERED = "~";
/** The age after which a temporary file was left behind by a killed program, in milliseconds. */
const LEFT_BEHIND = 60_000;
/** How often a read of a swapped text starts again when other programs change it meanwhile. */
const MAX_LOOKS = 100;

/**
 * Keeps texts in a folder: `new StoreSession("me", folderStore("./sessions"))`. The first write
 * creates the folder.
 *
 * @param path the path of the folder, or its `file:` URL
 * @returns the store
 * @throws {TypeError} if this runtime has no file system, or the URL is not a `file:` URL.
 */
export function folderStore(path: string | URL): KeyValueStore {
  const files = builtinModule("node:fs");
  if (files === undefined) {
    throw new TypeError(
      `Cannot keep sessions in the folder "${path}": this runtime has no files. Use another store.`,
    );
  }
  return new FolderStore(files, pathOf(path).replace(/(?<=[^/\\])[/\\]+$/, ""));
}

class FolderStore implements KeyValueStore {
  readonly #files: FileSystem;
  readonly #folder: string;
  readonly claims: StoreClaims | undefined;
  #made = false;
  #writes = 0;

  constructor(files: FileSystem, folder: string) {
    this.#files = files;
    this.#folder = folder;
    this.claims = fileClaims(() => {
      this.#prepareOnce();
      return this.#path("lock~");
    });
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

  /**
   * The check and the change are two steps. The claims keep other programs of this machine out of
   * both; in a folder on a network, a program that is paused between the two can write too late.
   */
  setIf(
    key: string,
    value: string | undefined,
    guard: StoreGuard,
    { isCache = false, mayLag = false }: { isCache?: boolean; mayLag?: boolean } = {},
  ): boolean {
    return this.#try("save", () => {
      const temporary = value === undefined ? undefined : this.#write(value, { isCache });
      if (!this.get(guard.key)?.startsWith(guard.prefix)) {
        if (temporary !== undefined) this.#files.unlinkSync(temporary);
        return false;
      }
      if (temporary === undefined) this.delete(key);
      else this.#replace(key, temporary);
      if (!isCache && !mayLag) this.#flushFolder();
      return true;
    });
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
      // Other programs may have swapped since, and removed the number that was taken here.
      const isHighest = numbers.every((one) => one <= number);
      for (const one of numbers) {
        if (isHighest ? one < number : one === number) this.#remove(`${name}${NUMBERED}${one}`);
      }
      return isHighest;
    });
  }

  /**
   * Reads the file with the highest number. If it is gone before that, there is a higher one: look
   * again.
   */
  #current(name: string): { number: number; text: string | undefined } {
    for (let look = 0; look < MAX_LOOKS; look++) {
      const number = Math.max(0, ...this.#numbers(name));
      if (number === 0) return { number, text: undefined };
      const text = this.#read(`${name}${NUMBERED}${number}`);
      if (text !== undefined) return { number, text: text === "" ? undefined : text };
    }
    throw new TypeError("Cannot read the lease: other programs keep changing it. Try again.");
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

  /**
   * Writes a text to a new temporary file, flushes it to the disk unless it is a cache, returns its
   * path.
   */
  #write(text: string, { isCache = false } = {}): string {
    this.#prepareOnce();
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

  #prepareOnce(): void {
    if (!this.#made) this.#prepare();
    this.#made = true;
  }

  /** Creates the folder, and removes the temporary files of killed programs. */
  #prepare(): void {
    this.#files.mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of this.#list().filter((file) => file.endsWith(TEMPORARY))) {
      try {
        const age = Date.now() - this.#files.statSync(this.#path(name)).mtimeMs;
        if (age > LEFT_BEHIND) this.#remove(name);
      } catch {
        // Another program has removed it.
      }
    }
  }

  /**
   * Flushes the renaming of a file to the disk. Windows cannot open folders, and needs no flush.
   */
  #flushFolder(): void {
    try {
      const folder = this.#files.openSync(this.#folder, "r");
      try {
        this.#files.fsyncSync(folder);
      } finally {
        this.#files.closeSync(folder);
      }
    } catch {
      // The file itself is flushed. A power failure now could at most bring back the one before.
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
