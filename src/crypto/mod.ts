/**
 * Floor 0, as the floors above use it. What only a 2FA password needs is in `entry.ts` alone, which has it all: a program
 * without one need not load it.
 */
export * from "./bytes.ts";
export { AesCtr } from "./ctr.ts";
export { igeDecrypt, igeEncrypt } from "./ige.ts";
export * from "./message.ts";
export * from "./modexp.ts";
export * from "./pq.ts";
export * from "./primes.ts";
export * from "./rsa.ts";
export * from "./rsa_key.ts";
export * from "./sha.ts";
export { embeddedWasm, provideWasm } from "./wasm.ts";
