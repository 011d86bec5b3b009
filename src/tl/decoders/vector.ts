/** Vectors, for the generated decoders. */
import { type Cursor, uint } from "../cursor.ts";
import { enterVector, expectVector } from "../decoder.ts";

/** Reads a vector by a function for its elements. */
export function vector<T>(cursor: Cursor, read: (cursor: Cursor) => T): T[] {
  expectVector(uint(cursor));
  const count = enterVector(cursor);
  const elements: T[] = [];
  while (elements.length < count) elements.push(read(cursor));
  cursor.depth--;
  return elements;
}
