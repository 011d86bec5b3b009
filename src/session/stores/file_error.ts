/**
 * What the file system says when something is wrong, in words that say what to do.
 */
import { SessionError } from "../session_error.ts";

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: "it may not be read or written, expected one that may",
  EPERM: "it may not be read or written, expected one that may",
  EROFS: "it may not be written to, expected one that may",
  ENOENT: "there is no such file or folder, expected the folder to be there",
  ENOSPC: "the disk is full, expected room on it; what was kept before is still there",
  ENOTDIR: "it is a file, expected a folder",
  EEXIST: "there is a file already",
};

/** An error of the file system as an error of the session; any other as it is. `doing` says what was tried, with what. */
export function fileError(doing: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === undefined) return cause;
  const meaning = MEANINGS[code] ?? (cause as Error).message;
  return new SessionError(`Cannot ${doing}: ${meaning}`, { cause });
}

/** The name that the system has for an error. */
export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code;
}
