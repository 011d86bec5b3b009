/**
 * MD5 (RFC 1321), which Telegram Desktop uses for the names and check sums of its files. It is
 * broken as a hash: it detects accidental damage only.
 */

/** The rotations of the steps of each round, in bits. */
const ROTATIONS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/** The MD5 of bytes, 16 bytes. */
export function md5(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((data.length + 9) / 64) * 64);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(data.length) * 8n, true);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < padded.length; block += 64) {
    let [a, b, c, d] = state;
    for (let step = 0; step < 64; step++) {
      const [mixed, word] = mix(step, b, c, d);
      const constant = Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32);
      const sum = (a + mixed + constant + view.getUint32(block + word * 4, true)) | 0;
      const by = ROTATIONS[step >> 4][step & 3];
      [a, b, c, d] = [d, (b + (sum << by | sum >>> (32 - by))) | 0, b, c];
    }
    state.set([state[0] + a, state[1] + b, state[2] + c, state[3] + d]);
  }
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, index) => digest.setUint32(index * 4, word, true));
  return new Uint8Array(digest.buffer);
}

/** The result of the function of a step's round, and the word of the block that the step reads. */
function mix(step: number, b: number, c: number, d: number): [mixed: number, word: number] {
  if (step < 16) return [b & c | ~b & d, step];
  if (step < 32) return [d & b | ~d & c, (5 * step + 1) % 16];
  if (step < 48) return [b ^ c ^ d, (3 * step + 5) % 16];
  return [c ^ (b | ~d), (7 * step) % 16];
}
