import { hmacSha256, hmacSha512 } from "../../src/crypto/hmac.ts";
import { AesCtr } from "../../src/crypto/ctr.ts";
import { igeDecrypt, igeEncrypt } from "../../src/crypto/ige.ts";
import { decryptMessage, encryptMessage } from "../../src/crypto/message.ts";
import { pbkdf2HmacSha512 } from "../../src/crypto/pbkdf2.ts";
import { sha1, sha256, sha512 } from "../../src/crypto/sha.ts";
import { embeddedWasm, kernels, provideWasm } from "../../src/crypto/wasm.ts";
import { type Build, build } from "../../tools/build_wasm.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const MODULE = new URL("../../src/crypto/mod.ts", import.meta.url).href;

/** Runs a script in its own process, and returns its output, trimmed. */
async function run(
  script: string,
  ...args: string[]
): Promise<{ success: boolean; stdout: string; stderr: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", script, ...args],
  });
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).trim();
  return { success, stdout: text(stdout), stderr: text(stderr) };
}

/** Makes every attempt to compile throw. */
const FORBID_COMPILING = `
  WebAssembly.Module = new Proxy(WebAssembly.Module, {
    construct() { throw new Error("compiled from bytes"); },
  });
`;

let built: Promise<Build> | undefined;

/** Builds the module from the sources, once. */
function buildOnce(): Promise<Build> {
  return built ??= build();
}

longTest("The embedded module is what the sources make, byte for byte", async () => {
  const { embedded } = await buildOnce();
  const url = new URL("../../src/crypto/wasm_embedded.ts", import.meta.url);
  assert(embedded === Deno.readTextFileSync(url), "wasm_embedded.ts is old. Run `deno task wasm`.");
});

Deno.test("The module has no imports, and a memory that cannot grow", () => {
  const module = new WebAssembly.Module(embeddedWasm());
  assertEquals(WebAssembly.Module.imports(module), []);
  const { memory } = new WebAssembly.Instance(module).exports;
  assert(memory instanceof WebAssembly.Memory);
  assertEquals(memory.buffer.byteLength, 8 * 65536);
  assertThrows(() => memory.grow(1), RangeError);
});

Deno.test("The module is the same by fromHex, by Buffer, and by the decoder of the library", () => {
  const { fromHex } = Uint8Array;
  const { Buffer } = globalThis;
  const expected = embeddedWasm();
  try {
    Object.assign(Uint8Array, { fromHex: undefined });
    assertEquals(embeddedWasm(), expected);
    Object.assign(globalThis, { Buffer: undefined });
    assertEquals(embeddedWasm(), expected);
  } finally {
    Object.assign(Uint8Array, { fromHex });
    Object.assign(globalThis, { Buffer });
  }
});

Deno.test("kernels() returns the same view of the same memory every time", () => {
  assert(kernels() === kernels());
  assert(kernels().bytes === kernels().bytes);
});

Deno.test("Importing the kernels compiles and instantiates nothing", async () => {
  const { success, stdout, stderr } = await run(`
    ${FORBID_COMPILING}
    const { sha256 } = await import("${MODULE}");
    console.log("imported");
    try { sha256(); } catch (error) { console.log(error.message); }
  `);
  assert(success, stderr);
  assertEquals(stdout, "imported\ncompiled from bytes");
});

Deno.test("provideWasm() brings the kernels where bytes cannot be compiled", async () => {
  const { success, stdout, stderr } = await run(`
    const { bytesToHex, embeddedWasm, provideWasm, sha1 } = await import("${MODULE}");
    const module = new WebAssembly.Module(embeddedWasm());
    ${FORBID_COMPILING}
    provideWasm(module);
    console.log(bytesToHex(sha1()));
  `);
  assert(success, stderr);
  assertEquals(stdout, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
});

Deno.test("provideWasm() refuses another module", () => {
  const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  assertThrows(
    () => provideWasm(empty),
    TypeError,
    "Cannot use the provided WASM module",
  );
});

const random = seededRandom(21);
const key = random(32);
const iv = random(32);
const authKey = random(256);
const message = random(1024);
const long = new Uint8Array(2 * kernels().CHUNK_SIZE + 160);
for (let i = 0; i < long.length; i += 1000) long.set(random(32), i);
const packets = [message, long].map((plaintext) => encryptMessage(authKey, plaintext, "client"));

const calls: Record<string, () => unknown> = {
  "sha1()": () => sha1(message),
  "sha256()": () => sha256(message, key),
  "sha512()": () => sha512(long),
  "hmacSha256()": () => hmacSha256(key, message),
  "hmacSha512()": () => hmacSha512(authKey, message),
  "pbkdf2HmacSha512()": () => pbkdf2HmacSha512(key, iv, 5),
  "igeEncrypt()": () => igeEncrypt(message, key, iv),
  "igeDecrypt()": () => igeDecrypt(message, key, iv),
  "igeEncrypt() in chunks": () => igeEncrypt(long, key, iv),
  "igeDecrypt() in chunks": () => igeDecrypt(long, key, iv),
  "AesCtr.apply()": () => new AesCtr(key, iv.subarray(16)).apply(message.subarray(0, 1001)),
  "AesCtr.apply() in chunks": () => new AesCtr(key, iv.subarray(16)).apply(long.subarray(1)),
  "encryptMessage()": () => encryptMessage(authKey, message, "client"),
  "encryptMessage() in chunks": () => encryptMessage(authKey, long, "client"),
  "decryptMessage()": () => decryptMessage(authKey, packets[0], "client"),
  "decryptMessage() in chunks": () => decryptMessage(authKey, packets[1], "client"),
  "decryptMessage() of a wrong packet": () => decryptMessage(authKey, packets[0], "server"),
  "decryptMessage() of a wrong packet in chunks": () =>
    decryptMessage(authKey, packets[1], "server"),
};

for (const [name, call] of Object.entries(calls)) {
  Deno.test(`${name} leaves the memory of the module as in a new one`, () => {
    call();
    const { memory } = new WebAssembly.Instance(new WebAssembly.Module(embeddedWasm())).exports;
    assert(memory instanceof WebAssembly.Memory);
    const fresh = new Uint8Array(memory.buffer);
    const { bytes } = kernels();
    const left = bytes.findIndex((byte, address) => byte !== fresh[address]);
    assertEquals(left, -1, `the byte at ${left} is left behind`);
  });
}

longTest("Without relaxed SIMD, only the opcodes of look-ups are others", async () => {
  const { wasm } = await buildOnce();
  const plain = embeddedWasm();
  assertEquals(plain.length, wasm.length);
  const others = [...plain.keys()].filter((at) => plain[at] !== wasm[at]);
  assertEquals(others.length, 2 * 64);
  for (const at of others.filter((_, i) => i % 2 === 0)) {
    assertEquals([...wasm.subarray(at - 1, at + 2)], [0xfd, 0x80, 0x02]);
    assertEquals([...plain.subarray(at - 1, at + 2)], [0xfd, 0x8e, 0x00]);
  }
});

longTest("The kernels compute the same with and without relaxed SIMD", async () => {
  const script = `
    const all = await import("${MODULE}");
    if (Deno.args[0] === "plain") WebAssembly.validate = () => false;
    const random = (length, seed) => all.sha512(Uint8Array.of(seed)).subarray(0, length);
    let digest = new Uint8Array(64);
    for (let seed = 0; seed < 200; seed++) {
      const key = random(32, seed), iv = all.sha256(key), authKey = new Uint8Array(256).fill(seed);
      const data = all.concatBytes(...Array(1 + seed % 40).fill(random(16, seed + 1)), digest);
      digest = all.sha512(
        digest,
        all.igeEncrypt(data, key, iv),
        all.igeDecrypt(data, key, iv),
        new all.AesCtr(key, iv.subarray(16)).apply(data),
        all.encryptMessage(authKey, data, "client"),
        all.modPow(data.subarray(0, 64), key, all.TELEGRAM_DH_PRIME),
      );
    }
    console.log(all.bytesToHex(digest));
  `;
  const [relaxed, plain] = await Promise.all([run(script), run(script, "plain")]);
  assert(relaxed.success && plain.success, relaxed.stderr + plain.stderr);
  assertEquals(plain.stdout, relaxed.stdout);
  assertEquals(plain.stdout.length, 128);
});
