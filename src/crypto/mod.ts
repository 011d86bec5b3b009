/**
 * Floor 1, cryptography, as the floors above import it. HMAC, PBKDF2, SRP and the PEM text of keys
 * are in `entry.ts` only, because a runtime loads every module that a door names, and a bundler
 * keeps them in the chunk that loads the door. A bot does not need them; a sign-in with a 2FA
 * password loads `entry.ts`, which has everything.
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
