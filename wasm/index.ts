// The entry of the one WASM module: what it exports is what JavaScript can call (src/crypto/wasm.ts has the types).

export { CHUNK_SIZE, DATA, DIGEST, IV, KEY } from "./memory";
export { sha256Begin, sha256End, sha256Update } from "./sha256";
