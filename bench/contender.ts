/**
 * The functions of a library that are measured. For a library without one function for an encrypted
 * message, this file joins three hashes and an IGE, as the client of that library does.
 */
import { concatBytes } from "../src/crypto/mod.ts";
import type { Target } from "../tests/interop/clients/target.ts";

/** An auth key, 256 bytes, and its id, 8 bytes. */
export interface AuthKey {
  bytes: Uint8Array;
  id: Uint8Array;
}

/** A client that is signed in. */
export interface SignedIn {
  /** Calls users.getUsers for the user who is signed in. */
  call(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** A library under measurement. A promise that a function returns is awaited. */
export interface Contender {
  name: string;
  igeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array;
  igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array;
  sha256(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Returns a packet of the client: auth_key_id (known beforehand), msg_key, encrypted data. */
  encryptMessage(key: AuthKey, plaintext: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Decrypts a result of encryptMessage(); throws if msg_key does not match. */
  decryptMessage(key: AuthKey, packet: Uint8Array): Uint8Array | Promise<Uint8Array>;
  modPow(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array;
  /** Returns the smaller factor. */
  factorizePq(pq: bigint): bigint;
  /** The codec of the newest layer, if the library has it; `encode` takes a result of `decode`. */
  tl?: { decode(bytes: Uint8Array): unknown; encode(object: unknown): Uint8Array };
  /** Signs in as a bot over TCP. */
  signIn(target: Target): Promise<SignedIn>;
}

/** Returns aes_key and aes_iv for a message of a client, from the two hashes. */
export function joinKeys(a: Uint8Array, b: Uint8Array): [key: Uint8Array, iv: Uint8Array] {
  return [
    concatBytes(a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)),
    concatBytes(b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)),
  ];
}

/** Returns the input of the two hashes. */
export function keyInputs(authKey: Uint8Array, msgKey: Uint8Array): [a: Uint8Array, b: Uint8Array] {
  return [
    concatBytes(msgKey, authKey.subarray(0, 36)),
    concatBytes(authKey.subarray(40, 76), msgKey),
  ];
}

/** Returns the input of the hash whose middle is msg_key. */
export function msgKeyInput(authKey: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return concatBytes(authKey.subarray(88, 120), plaintext);
}
