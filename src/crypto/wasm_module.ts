/**
 * Compiles the embedded WASM module. For runtimes that forbid compiling (conditions `workerd` and
 * `edge-light`), the npm package has another file in this place, with a static import of
 * `tessera.wasm` and no embedded bytes. See build_npm.ts.
 *
 * The module uses `i8x16.relaxed_swizzle`, which makes AES a third faster but which some engines
 * lack. For those, each becomes an `i8x16.swizzle` before compiling: the opcodes differ in one
 * LEB128 number, which can be padded to the same length. A test compares the results of both.
 */
import { hexToBytes } from "./bytes.ts";
import { WASM_HEX } from "./wasm_embedded.ts";

const RELAXED_SWIZZLE = /fd8002/g;
const SWIZZLE = "fd8e00";

/**
 * Returns the bytes of the embedded module in the form that every engine with SIMD accepts. A build
 * for a runtime that needs a `.wasm` file writes them to it.
 */
export function embeddedWasm(): Uint8Array<ArrayBuffer> {
  return bytesOf(WASM_HEX.replace(RELAXED_SWIZZLE, SWIZZLE));
}

/** Compiles the module, in the faster form if the engine accepts it. */
export function compileWasm(): WebAssembly.Module {
  const relaxed = bytesOf(WASM_HEX);
  return new WebAssembly.Module(WebAssembly.validate(relaxed) ? relaxed : embeddedWasm());
}

/** The decoders of runtimes: they take microseconds, ours takes 2 ms of a start. */
interface HexDecoders {
  readonly Uint8Array: { readonly fromHex?: (hex: string) => Uint8Array<ArrayBuffer> };
  readonly Buffer?: { from(text: string, encoding: "hex"): Uint8Array };
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const { Uint8Array: newer, Buffer: node } = globalThis as HexDecoders;
  return newer.fromHex?.(hex) ?? new Uint8Array(node?.from(hex, "hex") ?? hexToBytes(hex));
}
