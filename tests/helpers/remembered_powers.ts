/**
 * Remembers the results of the two slowest kernels, PBKDF2 and the modular power, within a file of
 * tests. Import it where a hundred sign-ins differ in their lines or refusals, but not in their
 * numbers: with the same random bytes, each key exchange and each password is computed once, and
 * by the kernel itself. The tests of the kernels never import it.
 */
import { kernels } from "../../src/crypto/wasm.ts";
import { runs } from "./long.ts";
import { seededRandom } from "./seeded_random.ts";
import type { Random } from "../../src/runtime/mod.ts";

const POWER_BYTES = 256;
const SHORT_BYTES = 4;
const PASSWORD_BLOCK_BYTES = 128;
const DERIVED_BYTES = 64;

const running = kernels();
const { bytes, KEY, DIGEST, MODEXP, modexp, pbkdf2HmacSha512 } = running;
const results = new Map<string, Uint8Array>();

/** Runs a kernel, or writes what it wrote for the same arguments, and wipes what it wipes. */
function remembered(
  call: string,
  inputs: readonly Uint8Array[],
  output: Uint8Array,
  run: () => void,
): void {
  const key = [call, ...inputs.map((input) => input.toHex())].join(" ");
  const known = results.get(key);
  if (known === undefined) {
    run();
    results.set(key, output.slice());
  } else {
    for (const input of inputs) input.fill(0);
    output.set(known);
  }
}

running.modexp = (...lengths) => {
  const operands = [0, 1, 2].map((index) => {
    const start = MODEXP + index * POWER_BYTES;
    return bytes.subarray(start, start + lengths[index]);
  });
  const power = bytes.subarray(MODEXP, MODEXP + lengths[2]);
  remembered(`modexp ${lengths}`, operands, power, () => modexp(...lengths));
};

running.pbkdf2HmacSha512 = (iterations) => {
  const block = bytes.subarray(KEY, KEY + PASSWORD_BLOCK_BYTES);
  const derived = bytes.subarray(DIGEST, DIGEST + DERIVED_BYTES);
  const run = () => pbkdf2HmacSha512(iterations);
  remembered(`pbkdf2 ${iterations}`, [block, derived], derived, run);
};

/** In `deno task test`, makes random exponents short: quick_powers.ts skips their zeros. */
export function shortExponents(random: Random): Random {
  return (length) => {
    const bytes = random(length);
    return length === POWER_BYTES ? bytes.fill(0, 0, length - runs(SHORT_BYTES, length)) : bytes;
  };
}

/** Random bytes for one offline Telegram and for one client of it, the same for each pair. */
export function sameRandom(): { readonly server: Random; readonly client: Random } {
  return { server: shortExponents(seededRandom(1)), client: shortExponents(seededRandom(2)) };
}
