/** The part of native.ts that measures: it runs in each runtime, and prints a table. */
import { AesCtr } from "../src/crypto/ctr.ts";
import { authKeyId, decryptMessage, encryptMessage } from "../src/crypto/message.ts";
import { chooseNative, type Thresholds } from "../src/crypto/native.ts";

const WAYS: Readonly<Record<string, Thresholds | null>> = {
  WASM: null,
  "SHA-256": { hash: 0, ige: Infinity },
  "CBC": { hash: 0, ige: 0 },
};
const ROUNDS = 200;
/** Milliseconds: short ones, as some then fall between what else the machine does. */
const ROUND = 0.5;

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 2_654_435_761) >>> 24);
}

const authKey = bytes(256);
const keyId = authKeyId(authKey);
const key = bytes(32);
const iv = bytes(16);

/** Work, and what to do before each round of it. */
interface Task {
  readonly prepare?: () => void;
  readonly run: () => void;
}

/** Returns the milliseconds of each task, which take turns: those of the fastest round. */
function measure(tasks: readonly Task[]): number[] {
  const samples: number[][] = tasks.map(() => []);
  const repeats = tasks.map(({ prepare, run }) => {
    prepare?.();
    let count = 0;
    const end = performance.now() + 100 * ROUND;
    for (; performance.now() < end; count++) run();
    return Math.max(1, Math.round(count / 100));
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { prepare, run }] of tasks.entries()) {
      prepare?.();
      const start = performance.now();
      for (let count = 0; count < repeats[i]; count++) run();
      samples[i].push((performance.now() - start) / repeats[i]);
    }
  }
  return samples.map((list) => Math.min(...list));
}

/** Prints the time of the first way in µs, and how many times as fast the others are. */
function print(name: string, [first, ...others]: readonly number[]): void {
  const cells = others.map((time) => (first / time).toFixed(2).padStart(9));
  // deno-lint-ignore no-console
  console.log(name.padEnd(26), (first * 1000).toFixed(1).padStart(10), ...cells);
}

for (const size of [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 65_536, 524_288]) {
  const plaintext = bytes(size);
  const packet = encryptMessage(authKey, plaintext, "client", keyId);
  const tasks = (run: () => unknown): Task[] =>
    Object.values(WAYS).map((way) => ({ prepare: () => chooseNative(way), run }));
  const encrypt = tasks(() => encryptMessage(authKey, plaintext, "client", keyId));
  const decrypt = tasks(() => decryptMessage(authKey, packet, "client")).slice(0, 2);
  print(`encrypt ${size}`, measure(encrypt));
  print(`decrypt ${size}`, measure(decrypt));
}
for (const size of [16, 128, 1024, 16_384, 65_536]) {
  const data = bytes(size);
  const ciphers = [null, { hash: 0, ige: 0 }].map((way) => {
    chooseNative(way);
    return new AesCtr(key, iv);
  });
  print(`AES-CTR ${size}`, measure(ciphers.map((cipher) => ({ run: () => cipher.apply(data) }))));
}
