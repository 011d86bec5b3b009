/** Writes a text to a new file that only its owner can read. */
import { fileError } from "../session/stores/file_error.ts";

/**
 * Reserves a new file, before a person answers questions for its content.
 *
 * @throws {SessionError} if there is a file already, or its folder does not exist
 */
export async function newPrivateFile(path: string): Promise<PrivateFile> {
  const { rm, writeFile } = await import("node:fs/promises");
  const doing = `write the session to "${path}"`;
  await writeFile(path, "", { flag: "wx", mode: 0o600 }).catch((cause) => {
    throw fileError(doing, cause);
  });
  let isWritten = false;
  return {
    async write(text) {
      await writeFile(path, `${text}\n`).catch((cause) => {
        throw fileError(doing, cause);
      });
      isWritten = true;
    },
    async [Symbol.asyncDispose]() {
      if (!isWritten) await rm(path, { force: true });
    },
  };
}

/** A file that is removed again unless something was written. */
export interface PrivateFile extends AsyncDisposable {
  /** Writes a line. */
  write(text: string): Promise<void>;
}
