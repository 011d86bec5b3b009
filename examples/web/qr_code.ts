/**
 * A text as a QR code (ISO/IEC 18004): bytes, error correction M, versions 1 to 6, which is 106 bytes: enough for a login code.
 */

/** By version: bytes in all, bytes of error correction in a block, blocks, and where the second alignment pattern is. */
const VERSIONS = [
  { total: 26, correction: 10, blocks: 1, alignment: 0 },
  { total: 44, correction: 16, blocks: 1, alignment: 18 },
  { total: 70, correction: 26, blocks: 1, alignment: 22 },
  { total: 100, correction: 18, blocks: 2, alignment: 26 },
  { total: 134, correction: 24, blocks: 2, alignment: 30 },
  { total: 172, correction: 16, blocks: 4, alignment: 34 },
] as const;

type Version = (typeof VERSIONS)[number];

const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => ((row >> 1) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => (row * column) % 2 + (row * column) % 3 === 0,
  (row, column) => ((row * column) % 2 + (row * column) % 3) % 2 === 0,
  (row, column) => ((row + column) % 2 + (row * column) % 3) % 2 === 0,
];

/** The modules of a QR code, row by row: true is dark. Around it belong four modules of light. */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const index = VERSIONS.findIndex((version) => bytes.length + 2 <= dataLength(version));
  if (index < 0) {
    throw new RangeError(`Cannot draw a QR code: ${bytes.length} bytes, expected at most 106`);
  }
  const version = VERSIONS[index];
  const size = 21 + 4 * index;
  const words = withCorrection(dataWords(bytes, dataLength(version)), version);
  const codes = MASKS.map((_, mask) => draw(words, size, version, mask));
  // The standard weighs four rules against each other; fewest equal neighbours comes close, and any mask can be read.
  return codes.reduce((best, code) => neighbours(code) < neighbours(best) ? code : best);
}

function dataLength({ total, correction, blocks }: Version): number {
  return total - correction * blocks;
}

/** Mode (bytes), length, the bytes, an end, and the two fillers in turn. */
function dataWords(bytes: Uint8Array, length: number): Uint8Array {
  const nibbles = [4, bytes.length >> 4, bytes.length & 15];
  for (const byte of bytes) nibbles.push(byte >> 4, byte & 15);
  nibbles.push(0);
  const words = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const filler = (i - nibbles.length / 2) % 2 === 0 ? 0xec : 0x11;
    words[i] = 2 * i < nibbles.length ? nibbles[2 * i] << 4 | nibbles[2 * i + 1] : filler;
  }
  return words;
}

/** Multiplies in the field of 256 elements with the polynomial 0x11d. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = product << 1 ^ (product >> 7) * 0x11d;
    if (b >> bit & 1) product ^= a;
  }
  return product;
}

/** The remainder of a Reed-Solomon code. */
function correctionOf(data: Uint8Array, length: number): Uint8Array {
  let generator = Uint8Array.of(1);
  for (let power = 1, i = 0; i < length; i++, power = multiply(power, 2)) {
    const next = new Uint8Array(generator.length + 1);
    for (const [j, factor] of generator.entries()) {
      next[j] ^= factor;
      next[j + 1] ^= multiply(factor, power);
    }
    generator = next;
  }
  const rest = new Uint8Array(data.length + length);
  rest.set(data);
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i];
    for (const [j, term] of generator.entries()) rest[i + j] ^= multiply(term, factor);
  }
  return rest.slice(data.length);
}

/** Splits the data into blocks, and interleaves these and their corrections. */
function withCorrection(data: Uint8Array, { blocks, correction, total }: Version): Uint8Array {
  const length = data.length / blocks;
  const words = new Uint8Array(total);
  for (let block = 0; block < blocks; block++) {
    const part = data.subarray(block * length, (block + 1) * length);
    for (const [i, word] of part.entries()) words[i * blocks + block] = word;
    for (const [i, word] of correctionOf(part, correction).entries()) {
      words[data.length + i * blocks + block] = word;
    }
  }
  return words;
}

function draw(words: Uint8Array, size: number, version: Version, mask: number): boolean[][] {
  const code = Array.from({ length: size }, () => new Array<boolean | undefined>(size));
  const square = (row: number, column: number, reach: number): void => {
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        const ring = Math.max(Math.abs(x), Math.abs(y));
        const line = code[row + y];
        if (line === undefined || column + x < 0 || column + x >= size) continue;
        line[column + x] = reach === 2 ? ring !== 1 : ring !== 2 && ring !== 4;
      }
    }
  };
  for (let i = 8; i < size - 8; i++) code[6][i] = code[i][6] = i % 2 === 0;
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]]) square(row, column, 4);
  if (version.alignment > 0) square(version.alignment, version.alignment, 2);
  drawFormat(code, mask);
  drawWords(code, words, MASKS[mask]);
  return code.map((row) => Array.from(row, (dark) => dark === true));
}

/** The level of correction (M is 0) and the mask, with a BCH code, twice. */
function drawFormat(code: (boolean | undefined)[][], mask: number): void {
  const size = code.length;
  let rest = mask << 10;
  for (let bit = 14; bit >= 10; bit--) if (rest >> bit & 1) rest ^= 0x537 << bit - 10;
  const format = (mask << 10 | rest) ^ 0x5412;
  for (let bit = 0; bit < 15; bit++) {
    const dark = (format >> bit & 1) === 1;
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : 14 - bit;
    if (bit < 8) {
      code[near][8] = dark;
      code[8][size - 1 - bit] = dark;
    } else {
      code[8][bit === 8 ? 7 : near] = dark;
      code[size - 15 + bit][8] = dark;
    }
  }
  code[size - 8][8] = true;
}

/** The words in columns of two from the right, up and down in turn, wherever nothing is yet. */
function drawWords(
  code: (boolean | undefined)[][],
  words: Uint8Array,
  mask: (row: number, column: number) => boolean,
): void {
  const size = code.length;
  let bit = 0;
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      const row = up ? size - 1 - i : i;
      for (const column of [right, right - 1]) {
        if (code[row][column] !== undefined) continue;
        const dark = (words[bit >> 3] >> 7 - (bit & 7) & 1) === 1;
        code[row][column] = dark !== mask(row, column);
        bit++;
      }
    }
  }
}

function neighbours(code: readonly (readonly boolean[])[]): number {
  let equal = 0;
  for (const [y, row] of code.entries()) {
    for (const [x, dark] of row.entries()) {
      equal += Number(row[x + 1] === dark) + Number(code[y + 1]?.[x] === dark);
    }
  }
  return equal;
}
