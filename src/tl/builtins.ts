/**
 * Constants that the codec needs without a schema: the ids of vectors and booleans, and the limit
 * on nesting. https://core.telegram.org/mtproto/serialize#base-types
 */

import { TlError } from "./tl_error.ts";

/** `vector#1cb5c415 {t:Type} # [ t ] = Vector t` */
export const VECTOR = 0x1cb5c415;
/** `boolFalse#bc799737 = Bool` */
export const BOOL_FALSE = 0xbc799737;
/** `boolTrue#997275b5 = Bool` */
export const BOOL_TRUE = 0x997275b5;
/** `true#3fedd339 = True` */
export const TRUE = 0x3fedd339;
/** `null#56730bcc = Null` */
export const NULL = 0x56730bcc;

/**
 * The limit on nested objects and vectors. Telegram's deepest values (formatted text in an instant
 * view in a message in an update) stay far below it. Without a limit, hostile bytes would overflow
 * the stack.
 */
export const MAX_DEPTH = 128;

/** Throws if a value is nested too deeply to encode or decode it. */
export function checkDepth(action: string, depth: number): void {
  if (depth < MAX_DEPTH) return;
  throw new TlError(
    action,
    `nested too deeply, expected at most ${MAX_DEPTH} levels`,
  );
}
