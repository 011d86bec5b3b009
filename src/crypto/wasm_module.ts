/**
 * The WASM module, compiled from the bytes that are embedded. The npm package has another file in place of this one for
 * runtimes that forbid compiling (conditions `workerd` and `edge-light`): there a static import of `tessera.wasm` gives the
 * module, and no bytes are embedded. See build_npm.ts.
 */
import { hexToBytes } from "./bytes.ts";
import { WASM_HEX } from "./wasm_embedded.ts";

/** The bytes of the embedded module: what a build for a runtime that needs a `.wasm` file writes to that file. */
export function embeddedWasm(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hexToBytes(WASM_HEX));
}

/** Compiles the module. */
export function compileWasm(): WebAssembly.Module {
  return new WebAssembly.Module(embeddedWasm());
}
