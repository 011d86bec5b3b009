/**
 * Encrypted messages and temporary keys against two other implementations: GramJS and mtcute.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import {
  createAesIgeForMessage,
  generateKeyAndIvFromNonce,
  type ICryptoProvider,
} from "@mtcute/core/utils.js";
import { AuthKey as GramJsAuthKey } from "telegram/crypto/AuthKey.js";
import { returnBigInt } from "telegram/Helpers.js";
import { MTProtoState } from "telegram/network/MTProtoState.js";
import { bytesToHex, concatBytes, igeEncrypt } from "../../src/crypto/mod.ts";
import { AuthKey, openEnvelope, sealEnvelope } from "../../src/mtproto/mod.ts";
import { temporaryAes } from "../../src/mtproto/key_exchange_crypto.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { encode } from "../helpers/hand_sealed.ts";

const CASES = 60;

function signedLong(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
}

/** GramJS's half of a session. */
async function gramJsState(key: Uint8Array, salt: bigint, id: bigint): Promise<MTProtoState> {
  const authKey = new GramJsAuthKey();
  await authKey.setKey(Buffer.from(key));
  const state = new MTProtoState(authKey, undefined, false);
  state.salt = returnBigInt(salt.toString());
  Object.assign(state, { id: returnBigInt(id.toString()) });
  return state;
}

Deno.test("openEnvelope() reads what GramJS encrypts", async () => {
  const random = seededRandom(1);
  for (let i = 0; i < CASES; i++) {
    const key = random(256);
    const [salt, sessionId] = [signedLong(random(8)), signedLong(random(8))];
    const state = await gramJsState(key, salt, sessionId);
    const body = random(4 * pick(random, 300));
    const head = Buffer.alloc(16);
    head.writeBigUInt64LE(4n * BigInt(i + 1), 0);
    head.writeUInt32LE(2 * i + 1, 8);
    head.writeUInt32LE(body.length, 12);
    const packet = await state.encryptMessageData(Buffer.concat([head, body]));
    const envelope = openEnvelope(packet, { authKey: new AuthKey(key), sender: "client" });
    assertEquals(envelope, {
      salt,
      sessionId,
      msgId: 4n * BigInt(i + 1),
      seqNo: 2 * i + 1,
      body,
    });
  }
});

Deno.test("GramJS decrypts what sealEnvelope() encrypts as a server", async () => {
  const random = seededRandom(2);
  for (let i = 0; i < CASES; i++) {
    const key = random(256);
    const authKey = new AuthKey(key);
    const sessionId = signedLong(random(8));
    const msgId = (7_000_000_000_000_000_000n & ~3n) + BigInt(4 * i + 1);
    const msgIds = Array.from({ length: 1 + pick(random, 50) }, () => signedLong(random(8)));
    const body = encode({ _: "msgs_ack", msgIds });
    const packet = sealEnvelope(
      { salt: 5n, sessionId, msgId, seqNo: 2 * i, body },
      { authKey, sender: "server", random },
    );
    const state = await gramJsState(key, 5n, sessionId);
    const message = await state.decryptMessageData(Buffer.from(packet));
    assertEquals(String(message.msgId), String(msgId));
    assertEquals(Reflect.get(message, "seqNo"), 2 * i);
    const acknowledged: unknown[] = message.obj.msgIds;
    assertEquals(acknowledged.map(String), msgIds.map(String));
  }
});

/** mtcute's derivations over OpenSSL's hashes; it returns key and IV instead of encrypting. */
function mtcuteCrypto(seen: (key: Uint8Array, iv: Uint8Array) => void): ICryptoProvider {
  const hash = (name: string) => (data: Uint8Array): Uint8Array =>
    new Uint8Array(createHash(name).update(data).digest());
  const createAesIge = (key: Uint8Array, iv: Uint8Array): unknown => (seen(key, iv), {});
  return { sha1: hash("sha1"), sha256: hash("sha256"), createAesIge } as unknown as ICryptoProvider;
}

Deno.test("sealEnvelope() encrypts with mtcute's AES key and IV, in both directions", () => {
  const random = seededRandom(3);
  for (let i = 0; i < CASES; i++) {
    const sender = i % 2 === 0 ? "client" : "server";
    const key = random(256);
    const authKey = new AuthKey(key);
    const body = random(4 * pick(random, 100));
    const envelope = { salt: 1n, sessionId: 2n, msgId: BigInt(4 * i), seqNo: i, body };
    const padding: Uint8Array[] = [];
    const packet = sealEnvelope(envelope, {
      authKey,
      sender,
      random: (length) => {
        const bytes = random(length);
        padding.push(bytes);
        return bytes;
      },
    });
    const aes: Uint8Array[] = [];
    const msgKey = packet.subarray(8, 24);
    createAesIgeForMessage(
      mtcuteCrypto((...derived) => aes.push(...derived)),
      key,
      msgKey,
      sender === "client",
    );
    const header = new Uint8Array(32);
    const view = new DataView(header.buffer);
    view.setBigInt64(0, 1n, true);
    view.setBigInt64(8, 2n, true);
    view.setBigInt64(16, BigInt(4 * i), true);
    view.setUint32(24, i, true);
    view.setUint32(28, body.length, true);
    const plaintext = concatBytes(header, body, padding[padding.length - 1]);
    const encrypted = igeEncrypt(plaintext, aes[0], aes[1]);
    assertEquals(bytesToHex(packet.subarray(24)), bytesToHex(encrypted));
    const x = sender === "client" ? 88 : 96;
    const msgKeyLarge = createHash("sha256").update(key.subarray(x, x + 32)).update(plaintext);
    assertEquals(bytesToHex(msgKey), msgKeyLarge.digest("hex").slice(16, 48));
    assertEquals(
      bytesToHex(packet.subarray(0, 8)),
      createHash("sha1").update(key).digest("hex").slice(24),
    );
  }
});

Deno.test("temporaryAes() derives the same as mtcute", () => {
  const random = seededRandom(4);
  for (let i = 0; i < CASES; i++) {
    const [serverNonce, newNonce] = [random(16), random(32)];
    const [key, iv] = generateKeyAndIvFromNonce(mtcuteCrypto(() => {}), serverNonce, newNonce);
    const ours = temporaryAes(newNonce, serverNonce);
    assertEquals([ours.key, ours.iv], [new Uint8Array(key), new Uint8Array(iv)]);
    assert(ours.key.length === 32 && ours.iv.length === 32);
  }
});
