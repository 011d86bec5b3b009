/** Errors of the file system in words that say what to do. */
import { SessionError } from "../session_error.ts";

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: "it may not be read or written. Change its permissions.",
  EPERM: "it may not be read or written. Change its permissions.",
  EROFS: "it may not be written to, as the disk is read-only. Choose another folder.",
  ENOENT: "there is no such file or folder. Create the folder first.",
  ENOSPC: "the disk is full. Free some space; what was saved before is intact.",
  ENOTDIR: "it is a file, expected a folder",
  EEXIST: "there is a file already. Choose another path.",
};

/**
 * Turns an error of the file system into a `SessionError`, and returns any other error as it is.
 *
 * @param doing what failed, for example `save the session to "me"`
 * @param cause the error
 */
export function fileError(doing: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === undefined) return cause;
  const meaning = MEANINGS[code] ?? (cause as Error).message;
  return new SessionError(`Cannot ${doing}: ${meaning}`, { cause });
}

/** The system's code of an error, for example `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code;
}
