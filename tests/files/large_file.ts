/**
 * A file of any size that nobody has: its bytes are made from their places. Each part of 512 KiB
 * differs from the others.
 */
const WORD = 4;
const FACTOR = 2_654_435_761;
const PIECE = 512 * 1024;

/** Makes the bytes from `offset` on, a multiple of 4. */
export function bytesAt(offset: number, length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / WORD));
  fill(words, offset);
  return new Uint8Array(words.buffer, 0, length);
}

function fill(words: Uint32Array, offset: number): void {
  const first = offset / WORD;
  for (let i = 0; i < words.length; i++) words[i] = (first + i) * FACTOR;
}

/** Yields the bytes of a file of that size. A piece is good until the next one. */
export function* piecesOf(size: number): Generator<Uint8Array> {
  const piece = new Uint8Array(PIECE);
  for (let offset = 0; offset < size; offset += PIECE) {
    const length = Math.min(PIECE, size - offset);
    fill(new Uint32Array(piece.buffer), offset);
    yield piece.subarray(0, length);
  }
}
