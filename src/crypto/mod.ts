/**
 * Floor 1, cryptography, as the floors above import it. HMAC, PBKDF2 and SRP are in `entry.ts`
 * only: Deno and Node load every module that a door names, and only a sign-in with a 2FA password
 * needs these three. That sign-in loads `entry.ts`, which has everything.
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
