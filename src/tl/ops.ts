/**
 * The kinds of TL types as numbers, by which the codec decides what to read or write: an engine
 * compares numbers faster than texts. Those that most fields have come first.
 */

export const INT = 0;
export const LONG = 1;
export const STRING = 2;
export const BOXED = 3;
export const TRUE = 4;
export const VECTOR = 5;
export const BYTES = 6;
export const BOOL = 7;
export const DOUBLE = 8;
export const INT128 = 9;
export const INT256 = 10;
export const OBJECT = 11;
export const BARE = 12;
export const FLAGS = 13;

/** The number of each kind. */
export const OPS = {
  int: INT,
  long: LONG,
  string: STRING,
  boxed: BOXED,
  true: TRUE,
  vector: VECTOR,
  bytes: BYTES,
  Bool: BOOL,
  double: DOUBLE,
  int128: INT128,
  int256: INT256,
  object: OBJECT,
  bare: BARE,
  "#": FLAGS,
} as const;
