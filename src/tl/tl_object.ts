/**
 * The JavaScript type of a TL object: https://core.telegram.org/mtproto/TL
 * The file has no code.
 */

/**
 * A TL object: `_` is the verbatim name of its constructor or method, and the other properties are
 * its fields in camelCase.
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
