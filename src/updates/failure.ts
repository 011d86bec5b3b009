/**
 * What to do when a request for a difference fails.
 * https://core.telegram.org/method/updates.getChannelDifference#possible-errors
 *
 * | error                                         | common             | channel              |
 * | --------------------------------------------- | ------------------ | -------------------- |
 * | 401, AUTH_KEY_DUPLICATED                      | end                | end                  |
 * | FLOOD_WAIT_n                                  | retry after n s    | retry after n s      |
 * | PERSISTENT_TIMESTAMP_INVALID or _EMPTY        | getState           | start from now       |
 * | CHANNEL_PRIVATE, CHANNEL_INVALID, ...         | retry              | close until seen     |
 * | NO_ACCESS_HASH, the driver's                  | retry              | tell what is missing |
 * | no code: the connection                       | retry for ever     | retry for ever       |
 * | others: 500, PERSISTENT_TIMESTAMP_OUTDATED    | retry with a limit | retry with a limit   |
 */

/** Why a request failed. Without a code, it is the connection that failed. */
export interface WantFailure {
  /** The code of Telegram's error. */
  readonly code?: number;
  /** Its text, such as `CHANNEL_PRIVATE`; {@linkcode NO_ACCESS_HASH} if it could not be sent. */
  readonly text?: string;
  /** The wait that Telegram asks for. */
  readonly seconds?: number;
}

/** The driver's reason: the access hash of the channel is not known. */
export const NO_ACCESS_HASH = "NO_ACCESS_HASH";

/** What to do. */
export type Remedy =
  | { readonly kind: "end" | "reread" | "forget" | "close" | "offline" | "retry" }
  | { readonly kind: "wait"; readonly milliseconds: number };

const ENDINGS = ["AUTH_KEY_DUPLICATED", "AUTH_KEY_UNREGISTERED", "SESSION_REVOKED"];
const NO_ACCESS = [
  "CHANNEL_PRIVATE",
  "CHANNEL_INVALID",
  "CHANNEL_PUBLIC_GROUP_NA",
  "CHAT_FORBIDDEN",
  "USER_BANNED_IN_CHANNEL",
  "FROM_MESSAGE_BOT_DISABLED",
  "PEER_ID_INVALID",
];
const LOST_PLACE = ["PERSISTENT_TIMESTAMP_INVALID", "PERSISTENT_TIMESTAMP_EMPTY", "DATE_EMPTY"];
const MAX_WAIT_SECONDS = 24 * 60 * 60;

/** Returns what to do about a failure. */
export function remedyFor(failure: WantFailure, isChannel: boolean): Remedy {
  const { code, text = "" } = failure;
  if (code === 401 || ENDINGS.includes(text)) return { kind: "end" };
  if (isChannel && NO_ACCESS.includes(text)) return { kind: "close" };
  if (isChannel && text === NO_ACCESS_HASH) return { kind: "forget" };
  if (LOST_PLACE.includes(text)) return { kind: "reread" };
  const seconds = failure.seconds ?? Number(/^FLOOD_\w*?WAIT_(\d+)$/.exec(text)?.[1] ?? NaN);
  if (seconds >= 0) {
    return { kind: "wait", milliseconds: 1000 * Math.min(seconds, MAX_WAIT_SECONDS) };
  }
  return { kind: code === undefined ? "offline" : "retry" };
}
