/** What the engine of this runtime does fast: for programs that decode a lot, which load it. */
export { type EngineLimits, engineLimits } from "./limits.ts";
export { nativeUtf8Decoder, type Utf8Decoder } from "./utf8.ts";
