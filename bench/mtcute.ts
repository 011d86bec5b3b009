// deno-lint-ignore-file no-import-prefix -- a library that is only measured is not a dependency
/**
 * mtcute: C in WASM for AES and SHA (@mtcute/wasm, its SIMD build), BigInt for the rest
 * (@mtcute/core).
 */
import { bigint } from "npm:@fuman/utils@0.0.20";
import { __tlReaderMap, __tlWriterMap, factorizePQSync } from "npm:@mtcute/core@0.30.3/utils.js";
import { MemoryStorage, TelegramClient } from "npm:@mtcute/node@0.30.3";
import { addPublicKey, NodeCryptoProvider } from "npm:/@mtcute/node@0.30.3/utils.js";
import { TlBinaryReader, TlBinaryWriter } from "npm:@mtcute/tl-runtime@0.30.3";
import {
  getWasmUrl,
  ige256Decrypt,
  ige256Encrypt,
  initSync,
  sha1,
  sha256,
} from "npm:@mtcute/wasm@0.30.3";
import { bigIntToBytes, bytesToBigInt, concatBytes, equalBytes } from "../src/crypto/mod.ts";
import { type Contender, joinKeys, keyInputs, msgKeyInput } from "./contender.ts";

initSync(new WebAssembly.Module(Deno.readFileSync(getWasmUrl())));

type Provider = Parameters<typeof factorizePQSync>[0];

/** The random numbers for its factorisation, which does not hash. */
const provider = {
  sha1,
  sha256,
  randomFill: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes),
  randomBytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
} as unknown as Provider;

function deriveKeys(authKey: Uint8Array, msgKey: Uint8Array): [Uint8Array, Uint8Array] {
  const [a, b] = keyInputs(authKey, msgKey);
  return joinKeys(sha256(a), sha256(b));
}

export const mtcute: Contender = {
  name: "mtcute",
  igeEncrypt: ige256Encrypt,
  igeDecrypt: ige256Decrypt,
  sha256,
  encryptMessage({ bytes, id }, plaintext) {
    const msgKey = sha256(msgKeyInput(bytes, plaintext)).subarray(8, 24);
    return concatBytes(id, msgKey, ige256Encrypt(plaintext, ...deriveKeys(bytes, msgKey)));
  },
  decryptMessage({ bytes }, packet) {
    const msgKey = packet.subarray(8, 24);
    const plaintext = ige256Decrypt(packet.subarray(24), ...deriveKeys(bytes, msgKey));
    const expected = sha256(msgKeyInput(bytes, plaintext)).subarray(8, 24);
    if (!equalBytes(msgKey, expected)) throw new Error("msg_key does not match");
    return plaintext;
  },
  modPow: (base, exponent, modulus) =>
    bigIntToBytes(
      bigint.modPowBinary(bytesToBigInt(base), bytesToBigInt(exponent), bytesToBigInt(modulus)),
      modulus.length,
    ),
  factorizePq: (pq) => bytesToBigInt(factorizePQSync(provider, bigIntToBytes(pq, 8))[0]),
  tl: {
    decode: (bytes) => TlBinaryReader.deserializeObject(__tlReaderMap, bytes),
    encode: (object) => TlBinaryWriter.serializeObject(__tlWriterMap, object as { _: string }),
  },
  async signIn({ dcs: [{ id, host, port }], publicKeyPem, apiId, apiHash, bots: [{ token }] }) {
    addPublicKey(new NodeCryptoProvider(), publicKeyPem, false);
    const dc = { id, ipAddress: host, port, testMode: false };
    const client = new TelegramClient({
      apiId,
      apiHash,
      defaultDcs: { main: dc, media: dc },
      storage: new MemoryStorage(),
      logLevel: 0,
    });
    await client.start({ botToken: token });
    return {
      call: () => client.call({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] }),
      close: () => client.destroy(),
    };
  },
};
