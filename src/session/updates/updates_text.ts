/**
 * The text of the state of the updates in a store: `tessera-updates1.`, the id of its user, a dot,
 * the first eight bytes in hex of the SHA-256 of the id and the rest, which reveal damage, a dot,
 * and the text of the client as it is. The number is the version of this form; the text of the
 * client has one of its own.
 */
import { bytesToHex, encodeUtf8 } from "../../crypto/mod.ts";
import { checkSum } from "../state/check_sum.ts";

const PREFIX = "tessera-updates1.";
const SUM_LENGTH = 8;
const HEAD = /^tessera-updates1\.(-?\d{1,20})\.([\da-f]{16})\./;
/** The most characters of the head of a text. */
const MAX_HEAD_LENGTH = 64;

/**
 * The most characters of a text of the client. A bot in 100,000 channels needs three quarters. A
 * longer one is refused before it is read.
 */
export const MAX_UPDATES_LENGTH = 2 ** 22;

/** Thrown for a text that cannot be used. Its message is the reason only. */
export class UpdatesTextError extends Error {}

/** The state of the updates of a user. */
export interface OwnedUpdates {
  readonly userId: bigint;
  readonly text: string;
}

/** Writes the text. */
export function writeUpdatesText({ userId, text }: OwnedUpdates): string {
  return `${PREFIX}${userId}.${sumOf(userId, text)}.${text}`;
}

/**
 * Reads the text.
 *
 * @throws {UpdatesTextError} if it is damaged, too long, of a later version, or of something else.
 */
export function readUpdatesText(kept: unknown): OwnedUpdates {
  if (typeof kept !== "string") throw new UpdatesTextError("it is no text");
  if (kept.length > MAX_UPDATES_LENGTH + MAX_HEAD_LENGTH) {
    throw new UpdatesTextError(
      `it has ${kept.length} characters, expected at most ${MAX_UPDATES_LENGTH}`,
    );
  }
  const head = HEAD.exec(kept);
  if (head === null) {
    const version = /^tessera-updates(\d{1,9})\./.exec(kept)?.[1];
    throw new UpdatesTextError(
      version === undefined || kept.startsWith(PREFIX)
        ? "it is damaged"
        : `it is of version ${version}, expected 1: a later tessera wrote it`,
    );
  }
  const userId = BigInt(head[1]);
  const text = kept.slice(head[0].length);
  if (sumOf(userId, text) !== head[2]) throw new UpdatesTextError("it is damaged");
  return { userId, text };
}

function sumOf(userId: bigint, text: string): string {
  return bytesToHex(checkSum(encodeUtf8(`${userId}.${text}`), SUM_LENGTH));
}
