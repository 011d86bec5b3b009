/**
 * What a library must be able to do to be measured, and the flow of an encrypted message for those
 * that have no one call for it: three hashes and an IGE, joined as their own clients join them.
 */
import { concatBytes } from "../src/crypto/mod.ts";
import type { Target } from "../tests/interop/clients/target.ts";

/** An auth key, 256 bytes, and its name, 8 bytes. */
export interface AuthKey {
  bytes: Uint8Array;
  id: Uint8Array;
}

/** A client that is signed in. */
export interface SignedIn {
  /** Calls users.getUsers for oneself. */
  call(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** A library under measurement. A call that gives a promise is awaited. */
export interface Contender {
  name: string;
  igeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array;
  igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array;
  sha256(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** A packet of the client: auth_key_id (which a client has at hand), msg_key, encrypted data. */
  encryptMessage(key: AuthKey, plaintext: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Reads what encryptMessage() made; throws if msg_key does not match. */
  decryptMessage(key: AuthKey, packet: Uint8Array): Uint8Array | Promise<Uint8Array>;
  modPow(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array;
  /** The smaller factor. */
  factorizePq(pq: bigint): bigint;
  /** Objects of the newest layer, for those that have it: `encode` takes what `decode` gives. */
  tl?: { decode(bytes: Uint8Array): unknown; encode(object: unknown): Uint8Array };
  /** Signs in as a bot over TCP. */
  signIn(target: Target): Promise<SignedIn>;
}

/** aes_key and aes_iv for what a client sends, of the two hashes. */
export function joinKeys(a: Uint8Array, b: Uint8Array): [key: Uint8Array, iv: Uint8Array] {
  return [
    concatBytes(a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)),
    concatBytes(b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)),
  ];
}

/** What the two hashes are of. */
export function keyInputs(authKey: Uint8Array, msgKey: Uint8Array): [a: Uint8Array, b: Uint8Array] {
  return [
    concatBytes(msgKey, authKey.subarray(0, 36)),
    concatBytes(authKey.subarray(40, 76), msgKey),
  ];
}

/** What msg_key is the middle of the hash of. */
export function msgKeyInput(authKey: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return concatBytes(authKey.subarray(88, 120), plaintext);
}
