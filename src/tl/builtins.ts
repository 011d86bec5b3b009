// What the codec knows without a schema: the ids of vectors and booleans, and the limit on nesting.
// https://core.telegram.org/mtproto/serialize#base-types

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
 * How many objects and vectors may stand inside of each other. The deepest that Telegram sends, formatted text in an
 * instant view in a message in an update, stays far below; hostile bytes reach the end of the stack without a limit.
 */
export const MAX_DEPTH = 128;
