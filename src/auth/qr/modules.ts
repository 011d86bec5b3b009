/**
 * The modules of a QR code, the dark and light squares that it is made of: ISO/IEC 18004. Only as
 * much as a link needs: byte mode, error correction level L, versions 1 to 6, which is at most 134
 * bytes. No library is used for it, as everybody who imports this one would have to fetch that,
 * too.
 */

/**
 * Of each version: the blocks, and how many codewords of data and of error correction are in each.
 */
const VERSIONS: readonly (readonly [blocks: number, data: number, correction: number])[] = [
  [1, 19, 7],
  [1, 34, 10],
  [1, 55, 15],
  [1, 80, 20],
  [1, 108, 26],
  [2, 68, 18],
];

const BYTE_MODE = "0100";
const TERMINATOR = "0000";
const PADDING = [0xec, 0x11];
const LEVEL_L = 0b01;

/** Whether a mask inverts the module at x, y. The mask with the lowest penalty is used. */
const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => ((x / 3 | 0) + (y / 2 | 0)) % 2 === 0,
  (x, y) => x * y % 2 + x * y % 3 === 0,
  (x, y) => (x * y % 2 + x * y % 3) % 2 === 0,
  (x, y) => ((x + y) % 2 + x * y % 3) % 2 === 0,
];

/** Rows of modules, `true` for a dark one; `undefined` for those that are left for the data. */
type Rows = (boolean | undefined)[][];

/**
 * Returns the rows of the smallest QR code for `text`, `true` for a dark module; undefined if it is
 * too long.
 */
export function encodeQr(text: string): boolean[][] | undefined {
  // Not by encodeUtf8(): a module that two parts of a bundle share becomes one more file.
  const bytes = new TextEncoder().encode(text);
  const index = VERSIONS.findIndex(([blocks, data]) => bytes.length + 2 <= blocks * data);
  if (index < 0) return undefined;
  const version = index + 1;
  const bits = Array.from(codewords(bytes, VERSIONS[index]), toBits).join("");
  const rows = functionPatterns(version);
  const free = placement(rows);
  const masked = MASKS.map((mask, number) => {
    const copy = rows.map((row) => [...row]);
    free.forEach(([x, y], i) => copy[y][x] = (bits[i] === "1") !== mask(x, y));
    writeFormat(copy, number);
    return copy as boolean[][];
  });
  const penalties = masked.map(penalty);
  return masked[penalties.indexOf(Math.min(...penalties))];
}

function toBits(byte: number): string {
  return byte.toString(2).padStart(8, "0");
}

/**
 * The data and its error correction, in the order in which they are placed: the blocks take turns.
 */
function codewords(
  bytes: Uint8Array,
  [blocks, data, correction]: (typeof VERSIONS)[number],
): number[] {
  const bits = BYTE_MODE + toBits(bytes.length) + Array.from(bytes, toBits).join("") + TERMINATOR;
  const said = bits.match(/.{8}/g) ?? [];
  const all = Array.from(
    { length: blocks * data },
    (_, i) => i < said.length ? parseInt(said[i], 2) : PADDING[(i - said.length) % 2],
  );
  const parts = Array.from({ length: blocks }, (_, i) => all.slice(i * data, (i + 1) * data));
  const checks = parts.map((part) => errorCorrection(part, correction));
  return [...inTurns(parts), ...inTurns(checks)];
}

function inTurns(blocks: readonly number[][]): number[] {
  return blocks[0].flatMap((_, i) => blocks.map((block) => block[i]));
}

/** The product of two elements of GF(256), modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (; b > 0; b >>= 1) {
    if (b & 1) product ^= a;
    a = a & 0x80 ? a << 1 ^ 0x11d : a << 1;
  }
  return product;
}

/**
 * Reed-Solomon: the remainder of the data, as a polynomial, divided by (x - 1)(x - 2)(x - 4)…
 * with `length` factors.
 */
function errorCorrection(data: readonly number[], length: number): number[] {
  let generator = [1];
  for (let i = 0, root = 1; i < length; i++, root = multiply(root, 2)) {
    const before = generator;
    generator = [...before, 0].map((one, j) => one ^ multiply(before[j - 1] ?? 0, root));
  }
  const rest = [...data, ...new Array<number>(length).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i];
    generator.forEach((one, j) => rest[i + j] ^= multiply(one, factor));
  }
  return rest.slice(data.length);
}

/** All that does not depend on the data: what scanners look for, and room for the format. */
function functionPatterns(version: number): Rows {
  const size = 17 + 4 * version;
  const rows: Rows = Array.from({ length: size }, () => new Array(size).fill(undefined));
  for (let i = 0; i < size; i++) rows[6][i] = rows[i][6] = i % 2 === 0;
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(rows, x, y, [2, 4]);
  if (version > 1) square(rows, size - 7, size - 7, [1]);
  writeFormat(rows, 0);
  return rows;
}

/** Concentric squares around x, y: those at the distances in `light` are light, the others dark. */
function square(rows: Rows, x: number, y: number, light: readonly number[]): void {
  const reach = light.length * 2;
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if (rows[y + dy]?.length > x + dx && x + dx >= 0) {
        rows[y + dy][x + dx] = !light.includes(Math.max(Math.abs(dx), Math.abs(dy)));
      }
    }
  }
}

/** Writes level and mask, twice, each time with the error correction of a BCH code. */
function writeFormat(rows: Rows, mask: number): void {
  const size = rows.length;
  const data = LEVEL_L << 3 | mask;
  let rest = data << 10;
  for (let bit = 14; bit >= 10; bit--) if (rest >> bit & 1) rest ^= 0x537 << bit - 10;
  const format = (data << 10 | rest) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const isDark = (format >> i & 1) === 1;
    // Around the corner at the top left, past the lines of dots; then at the two other ends of
    // these lines.
    if (i < 8) rows[i < 6 ? i : i + 1][8] = rows[8][size - 1 - i] = isDark;
    else rows[8][i < 9 ? 7 : 14 - i] = rows[size - 15 + i][8] = isDark;
  }
  rows[size - 8][8] = true;
}

/**
 * Where the data goes: in columns of two from the right, upwards and downwards in turns, around
 * what is there.
 */
function placement(rows: Rows): [x: number, y: number][] {
  const size = rows.length;
  const places: [x: number, y: number][] = [];
  for (let right = size - 1, isUpward = true; right > 0; right -= 2, isUpward = !isUpward) {
    if (right === 6) right = 5; // a column of dots
    for (let i = 0; i < size; i++) {
      const y = isUpward ? size - 1 - i : i;
      for (const x of [right, right - 1]) if (rows[y][x] === undefined) places.push([x, y]);
    }
  }
  return places;
}

/** How much there is in the code that scanners could take for something else, or get lost in. */
function penalty(rows: readonly boolean[][]): number {
  const size = rows.length;
  const across = rows.map((row) => row.map(Number).join(""));
  const down = across.map((_, x) => across.map((line) => line[x]).join(""));
  let sum = 0;
  for (const line of [...across, ...down]) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
    // What looks like a corner, with light modules before or after it: around the code all is
    // light.
    const inLight = `0000${line}0000`;
    for (const corner of [/(?<=0)1011101(?=0000)/g, /(?<=0000)1011101(?=0)/g]) {
      sum += 40 * (inLight.match(corner)?.length ?? 0);
    }
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const one = rows[y][x];
      if (rows[y][x - 1] === one && rows[y - 1][x] === one && rows[y - 1][x - 1] === one) sum += 3;
    }
  }
  const dark = across.join("").replaceAll("0", "").length;
  return sum + 10 * Math.floor(Math.abs(dark / size ** 2 - 0.5) * 20);
}
