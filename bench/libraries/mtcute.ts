/**
 * mtcute, as its clients for Deno, Node and Bun have it: AES-IGE in C compiled to WASM, hashes and
 * AES-CTR of the runtime (`node:crypto`, and `Bun.SHA256` in Bun), BigInt for the rest. The readers
 * and writers are those of the newest layer; its clients of that layer cannot be installed yet.
 */
import { bigint, typed, u8 } from "@fuman/utils";
import { createAesIgeForMessage, factorizePQSync } from "@mtcute/core/utils.js";
import { MemoryStorage, TelegramClient } from "@mtcute/node";
import { addPublicKey, NodeCryptoProvider } from "@mtcute/node/utils.js";
import { TlBinaryReader, TlBinaryWriter } from "@mtcute/tl-runtime";
import { ige256Decrypt, ige256Encrypt } from "@mtcute/wasm";
import { inputs, serve } from "./meter.ts";

interface BunHash {
  readonly byteLength: number;
  hash(data: Uint8Array, into: Uint8Array): unknown;
}

const { Bun } = globalThis as { Bun?: { readonly SHA256: BunHash } };

/** The hash of @mtcute/bun. */
class BunCryptoProvider extends NodeCryptoProvider {
  override sha256(data: Uint8Array): Uint8Array {
    const hash = u8.alloc(Bun?.SHA256.byteLength ?? 0);
    Bun?.SHA256.hash(data, hash);
    return hash;
  }
}

const provider = Bun === undefined ? new NodeCryptoProvider() : new BunCryptoProvider();
await provider.initialize();
const { __tlReaderMap } = await import(`${inputs.mtcuteCodec}reader.js`);
const { __tlWriterMap } = await import(`${inputs.mtcuteCodec}writer.js`);

await serve({
  layer: 228,
  igeEncrypt: ige256Encrypt,
  igeDecrypt: ige256Decrypt,
  sha256: (data) => provider.sha256(data),
  stream(key, iv) {
    const cipher = provider.createAesCtr(key, iv);
    return (data) => cipher.process(data);
  },
  encryptMessage({ bytes, id }, plaintext) {
    const hash = provider.sha256(u8.concat2(bytes.subarray(88, 120), plaintext));
    const msgKey = hash.subarray(8, 24);
    const aes = createAesIgeForMessage(provider, bytes, msgKey, true);
    return u8.concat3(id, msgKey, aes.encrypt(plaintext));
  },
  decryptMessage({ bytes }, packet) {
    const msgKey = packet.subarray(8, 24);
    const aes = createAesIgeForMessage(provider, bytes, msgKey, false);
    const plaintext = aes.decrypt(packet.subarray(24));
    const hash = provider.sha256(u8.concat2(bytes.subarray(96, 128), plaintext));
    if (!typed.equal(msgKey, hash.subarray(8, 24))) throw new Error("msg_key does not match");
    return plaintext;
  },
  modPow: (base, exponent, modulus) =>
    bigint.toBytes(
      bigint.modPowBinary(
        bigint.fromBytes(base),
        bigint.fromBytes(exponent),
        bigint.fromBytes(modulus),
      ),
      modulus.length,
    ),
  factorizePq: (pq) => bigint.fromBytes(factorizePQSync(provider, bigint.toBytes(pq, 8))[0]),
  decode: (bytes) => TlBinaryReader.deserializeObject(__tlReaderMap, bytes),
  encode: (object) => TlBinaryWriter.serializeObject(__tlWriterMap, object as { _: string }),
  async signIn({ dcs: [{ id, host, port }], publicKeyPem, apiId, apiHash, bots: [{ token }] }) {
    addPublicKey(provider, publicKeyPem, false);
    const dc = { id, ipAddress: host, port, testMode: false };
    const client = new TelegramClient({
      apiId,
      apiHash,
      defaultDcs: { main: dc, media: dc },
      storage: new MemoryStorage(),
      logLevel: 0,
    });
    await client.start({ botToken: token });
    return () => client.call({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] });
  },
});
