/** Who may read a file: its owner only, as a session is as good as a password. */
import { type FileSystem, runtimeProcess } from "../../runtime/mod.ts";
import { SessionError } from "../session_error.ts";

/** The mode of a file that only its owner can read. */
export const OWNER_ONLY = 0o600;
/** The permissions of everybody but the owner and the group. */
const OTHERS = 0o007;
const ALL_BUT_OWNER = 0o077;

/**
 * Takes the permissions of all others from a file. Windows has no such permissions.
 *
 * @throws {SessionError} if everybody may read the file, and its permissions cannot be changed.
 */
export function keepToOwner(files: FileSystem, path: string): void {
  if (runtimeProcess()?.platform === "win32") return;
  if ((files.statSync(path).mode & ALL_BUT_OWNER) === 0) return;
  let cause: unknown;
  try {
    files.chmodSync(path, OWNER_ONLY);
  } catch (error) {
    cause = error; // the file belongs to somebody else
  }
  // Some file systems accept the change and ignore it.
  if ((files.statSync(path).mode & OTHERS) === 0) return;
  throw new SessionError(
    `Cannot use the session "${path}": every user of this machine may read it, and its ` +
      "permissions cannot be changed. Make it yours with mode 0600, or choose another folder.",
    { cause },
  );
}
