/**
 * The one seam between TypeScript and the WASM module (wasm/*.ts): compiles it on first use, and
 * declares the types of its kernels.
 *
 * The module has no imports and a memory of fixed size, so one view of the memory stays valid. A
 * kernel reads and writes at fixed addresses, and wipes its input. Calls are synchronous: a caller
 * copies bytes in, runs the kernel, and copies the result out.
 */
import { compileWasm } from "./wasm_module.ts";

export { embeddedWasm } from "./wasm_module.ts";

/**
 * The exports of the module: upper case are addresses (and one size), the rest are functions. To
 * add a kernel, export it in wasm/index.ts and declare its type here.
 */
export interface KernelExports {
  /** The capacity of {@linkcode KernelExports.DATA}, bytes. */
  readonly CHUNK_SIZE: number;
  /** The bytes to work on. */
  readonly DATA: number;
  /** A key, up to 256 bytes. */
  readonly KEY: number;
  /** An initialization vector, up to 32 bytes. */
  readonly IV: number;
  /** A result, up to 64 bytes. */
  readonly DIGEST: number;

  sha1Begin(): void;
  sha1Update(address: number, length: number): void;
  sha1End(digest: number): void;

  sha256Begin(): void;
  sha256Update(address: number, length: number): void;
  sha256End(digest: number): void;

  sha512Begin(): void;
  sha512Update(address: number, length: number): void;
  sha512End(digest: number): void;

  /** KEY: the key as a block of 128 bytes. DIGEST: U1 in, the derived key out. */
  pbkdf2HmacSha512(iterations: number): void;

  /** KEY and IV in, then the chunks; igeEnd() wipes. */
  igeEncryptBegin(): void;
  igeDecryptBegin(): void;
  igeEncryptChunk(address: number, length: number): void;
  igeDecryptChunk(address: number, length: number): void;
  igeEnd(): void;
  /** The two steps around CBC that make it IGE. IV: p[-2] and p[-1], which is the plaintext. */
  igeMask(plain: number, masked: number, length: number): void;
  igeUnmask(plain: number, masked: number, length: number): void;

  /** KEY and IV in, the next counter in IV out. Overwrites up to 15 bytes after the data. */
  ctrApply(address: number, length: number): void;

  /** The msg_key of a long message, 16 bytes. */
  readonly MSG_KEY: number;
  /** The AES key of a message, 32 bytes. */
  readonly AES_KEY: number;
  /** KEY: the auth key; x: 0 if a client sends, 8 if a server does. Both wipe KEY. */
  messageEncrypt(length: number, x: number): void;
  messageDecrypt(length: number, x: number): number;
  /** The same but for the hash: DIGEST has it before messageEncryptHashed() and messageCheck(). */
  messageEncryptHashed(length: number, x: number): void;
  messageDecryptUnchecked(length: number, x: number): void;
  messageCheck(length: number): number;
  /** The same in steps, for a message longer than a chunk. messageEnd() wipes. */
  messageHashBegin(x: number): void;
  messageEncryptKeys(x: number): void;
  messageDecryptKeys(x: number): void;
  messageMatches(): number;
  messageEnd(): void;

  /** Base, exponent and modulus of {@linkcode KernelExports.modexp}, 256 bytes each. */
  readonly MODEXP: number;
  modexp(baseLength: number, exponentLength: number, modulusLength: number): void;
  isPrime64(value: bigint): number;
  factorize64(value: bigint): bigint;
}

/** The running module: its exports and its memory. */
export interface Kernels extends KernelExports {
  /** The whole memory of the module; the addresses above are indexes into it. */
  readonly bytes: Uint8Array;
}

let provided: WebAssembly.Module | undefined;
let running: Kernels | undefined;

function instantiate(module: WebAssembly.Module): Kernels {
  const exports: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(new WebAssembly.Instance(module).exports)) {
    if (value instanceof WebAssembly.Memory) exports.bytes = new Uint8Array(value.buffer);
    else if (value instanceof WebAssembly.Global) exports[name] = value.value;
    else exports[name] = value;
  }
  return exports as unknown as Kernels;
}

/**
 * Sets the compiled WASM module, for runtimes that forbid compiling from bytes, such as Cloudflare
 * Workers. Other runtimes compile the embedded module on first use, and need no call of this.
 *
 * @param module The `.wasm` file of the same version of this package, by a static import.
 * @throws {TypeError} if it is another module
 *
 * @example
 * ```ts
 * import { embeddedWasm, provideWasm, sha256 } from "@tessera/mtproto/crypto";
 *
 * // In a worker: import module from "@tessera/mtproto/tessera.wasm";
 * const module = new WebAssembly.Module(embeddedWasm());
 * provideWasm(module);
 * sha256(new Uint8Array(3));
 * ```
 */
export function provideWasm(module: WebAssembly.Module): void {
  const names = new Set(WebAssembly.Module.exports(module).map((item) => item.name));
  if (!names.has("memory") || !names.has("DATA") || WebAssembly.Module.imports(module).length > 0) {
    throw new TypeError(
      `Cannot use the provided WASM module: it exports ${names.size} other names, ` +
        "expected the tessera.wasm of this package",
    );
  }
  provided = module;
  running = undefined;
}

/** Returns the running module. The first call compiles and instantiates it. */
export function kernels(): Kernels {
  running ??= instantiate(provided ?? compileWasm());
  return running;
}

/**
 * Copies the joined byte strings into {@linkcode KernelExports.DATA}. Calls `run` with the length
 * each time DATA is full, and for the rest at the end. Wipes the copies before it returns.
 */
export function feed(parts: readonly Uint8Array[], run: (length: number) => void): void {
  const { bytes, DATA, CHUNK_SIZE } = kernels();
  let held = 0;
  let used = 0;
  for (const part of parts) {
    for (let offset = 0; offset < part.length;) {
      const piece = part.subarray(offset, offset + CHUNK_SIZE - held);
      bytes.set(piece, DATA + held);
      held += piece.length;
      offset += piece.length;
      used = Math.max(used, held);
      if (held === CHUNK_SIZE) {
        run(held);
        held = 0;
      }
    }
  }
  if (held > 0) run(held);
  bytes.fill(0, DATA, DATA + used);
}
