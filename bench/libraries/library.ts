/**
 * What is measured of a library: the same work in the words of each. Where a library has no single
 * function for a piece of work, its file joins the functions that its client calls, in the way of
 * that client.
 */

/** The libraries. Each has a file of its name in this folder. */
export const LIBRARIES = ["tessera", "mtcute", "gramjs", "teleproto"] as const;

/** The name of a library. */
export type LibraryName = typeof LIBRARIES[number];

/** An auth key, 256 bytes, and its id, 8 bytes. */
export interface AuthKey {
  readonly bytes: Uint8Array;
  readonly id: Uint8Array;
}

/** An offline Telegram: a part of what `serve --json` prints. */
export interface Target {
  readonly dcs: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  readonly publicKeyPem: string;
  readonly fingerprint: string;
  readonly apiId: number;
  readonly apiHash: string;
  readonly bots: readonly { readonly token: string }[];
}

/** The same for all libraries: random data, and where to find what is made once. */
export interface Inputs {
  readonly target: Target;
  /** The folder of the generated readers and writers of the newest mtcute, as an address. */
  readonly mtcuteCodec: string;
  /** Bytes by name, in base64. */
  readonly bytes: Readonly<Record<string, string>>;
}

/** A library under measurement. A promise that a function returns is awaited. */
export interface Library {
  /** The API layer of its codec. */
  readonly layer: number;
  igeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array;
  igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array;
  sha256(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Returns the cipher of one direction of an obfuscated connection. */
  stream(key: Uint8Array, iv: Uint8Array): (data: Uint8Array) => Uint8Array;
  /** Returns a packet of the client: auth_key_id, msg_key, encrypted data. */
  encryptMessage(key: AuthKey, plaintext: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Decrypts a packet of the server; throws if msg_key does not match. */
  decryptMessage(key: AuthKey, packet: Uint8Array): Uint8Array | Promise<Uint8Array>;
  modPow(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array;
  /** Returns the smaller factor. */
  factorizePq(pq: bigint): bigint;
  decode(bytes: Uint8Array): unknown;
  /** Encodes a result of `decode`. */
  encode(object: unknown): Uint8Array;
  /** Signs in as a bot over TCP. Returns a function that calls users.getUsers for the bot. */
  signIn(target: Target): Promise<() => Promise<unknown>>;
}
