/**
 * The WASM module, compiled from the bytes that are embedded. The npm package has another file in place of this one for
 * runtimes that forbid compiling (conditions `workerd` and `edge-light`): there a static import of `tessera.wasm` gives the
 * module, and no bytes are embedded. See build_npm.ts.
 *
 * The embedded module looks up with `i8x16.relaxed_swizzle`, which makes AES a third faster but is not in every engine. Where it is
 * not, each is made an `i8x16.swizzle` before compiling: the opcodes differ in one LEB128 number, which may be padded to the same
 * length. A test compares what both compute.
 */
import { hexToBytes } from "./bytes.ts";
import { WASM_HEX } from "./wasm_embedded.ts";

const RELAXED_SWIZZLE = /fd8002/g;
const SWIZZLE = "fd8e00";

/**
 * The bytes of the embedded module, as every engine with SIMD takes it: what a build for a runtime that needs a `.wasm` file writes
 * to that file.
 */
export function embeddedWasm(): Uint8Array<ArrayBuffer> {
  return bytesOf(WASM_HEX.replace(RELAXED_SWIZZLE, SWIZZLE));
}

/** Compiles the module, the faster one if the engine takes it. */
export function compileWasm(): WebAssembly.Module {
  const relaxed = bytesOf(WASM_HEX);
  return new WebAssembly.Module(WebAssembly.validate(relaxed) ? relaxed : embeddedWasm());
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hexToBytes(hex));
}
