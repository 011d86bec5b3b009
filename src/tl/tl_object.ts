// A TL value as JavaScript sees it: https://core.telegram.org/mtproto/TL
// Only the type: nothing of this file is left at run time.

/**
 * A TL object: `_` is the name of its constructor (or method), verbatim, and the other properties are its
 * fields in camelCase.
 *
 * | TL | JavaScript |
 * |---|---|
 * | `int`, `double` | `number` |
 * | `long` | `bigint` (signed) |
 * | `int128`, `int256`, `bytes` | `Uint8Array` |
 * | `string` | `string` |
 * | `Bool` | `boolean` |
 * | `flags.N?true` | `true` when set, `undefined` when not |
 * | `flags.N?T` | `T`, `undefined` when absent |
 * | `Vector<T>` | array |
 */
export interface TlObject {
  /** The name of the constructor or method, for example `auth.sentCode`. */
  readonly _: string;
  /** The fields. */
  readonly [field: string]: unknown;
}
