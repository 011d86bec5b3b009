/**
 * The message that binds a temporary key, against two public clients: the whole message of gotd,
 * and the key and IV of mtcute.
 */
import { createHash } from "node:crypto";
import { createAesIgeForMessageOld, type ICryptoProvider } from "@mtcute/core/utils.js";
import { bytesToHex, concatBytes, hexToBytes, igeEncrypt } from "../../src/crypto/mod.ts";
import {
  type Binding,
  bindingMessage,
  keyIdAsLong,
  openBindingMessage,
} from "../../src/mtproto/binding/mod.ts";
import { AuthKey } from "../../src/mtproto/mod.ts";
import { mtprotoSchema } from "../../src/tl/mod.ts";
import type { Random } from "../../src/runtime/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { readVectors } from "../helpers/vectors.ts";

interface Vector {
  readonly permanentKey: string;
  readonly temporaryKey: string;
  readonly nonce: string;
  readonly sessionId: string;
  readonly expiresAt: number;
  readonly msgId: string;
  readonly random: string;
  readonly encryptedMessage: string;
}

const VECTORS = readVectors<Vector>("binding_message.json");

function bindingOf(vector: Vector): Binding {
  return {
    permanentKey: new AuthKey(hexToBytes(vector.permanentKey)),
    temporaryKey: new AuthKey(hexToBytes(vector.temporaryKey)),
    nonce: BigInt(vector.nonce),
    sessionId: BigInt(vector.sessionId),
    expiresAt: vector.expiresAt,
    msgId: BigInt(vector.msgId),
  };
}

/** The given bytes, one after the other. */
function given(bytes: Uint8Array): Random {
  let at = 0;
  return (length) => bytes.slice(at, at += length);
}

function sha1(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha1").update(data).digest());
}

Deno.test("bindingMessage() returns the bytes of gotd", () => {
  for (const vector of VECTORS) {
    const message = bindingMessage(bindingOf(vector), given(hexToBytes(vector.random)));
    assertEquals(message.length, 104);
    assertEquals(bytesToHex(message), vector.encryptedMessage);
  }
});

Deno.test("bindingMessage() encrypts with the key and IV of mtcute", () => {
  for (const vector of VECTORS) {
    const binding = bindingOf(vector);
    const random = hexToBytes(vector.random);
    const inner = mtprotoSchema().encode({
      _: "bind_auth_key_inner",
      nonce: binding.nonce,
      tempAuthKeyId: keyIdAsLong(binding.temporaryKey),
      permAuthKeyId: keyIdAsLong(binding.permanentKey),
      tempSessionId: binding.sessionId,
      expiresAt: binding.expiresAt,
    });
    const middle = new DataView(new ArrayBuffer(16));
    middle.setBigUint64(0, binding.msgId, true);
    middle.setUint32(12, inner.length, true);
    const plaintext = concatBytes(random.subarray(0, 16), new Uint8Array(middle.buffer), inner);
    const msgKey = sha1(plaintext).subarray(4, 20);
    const aes: Uint8Array[] = [];
    const createAesIge = (...keyAndIv: Uint8Array[]): unknown => (aes.push(...keyAndIv), {});
    const { bytes } = binding.permanentKey;
    createAesIgeForMessageOld(
      { sha1, createAesIge } as unknown as ICryptoProvider,
      bytes,
      msgKey,
      true,
    );
    const encrypted = igeEncrypt(concatBytes(plaintext, random.subarray(16)), aes[0], aes[1]);
    const message = bindingMessage(binding, given(random));
    assertEquals(message, concatBytes(sha1(bytes).subarray(12), msgKey, encrypted));
  }
});

Deno.test("openBindingMessage() reads a binding message, and no other", () => {
  for (const vector of VECTORS) {
    const { permanentKey, temporaryKey, ...binding } = bindingOf(vector);
    const message = hexToBytes(vector.encryptedMessage);
    const opened = openBindingMessage(message, permanentKey);
    assert(opened !== undefined);
    assertEquals(opened, {
      msgId: binding.msgId,
      inner: {
        _: "bind_auth_key_inner",
        nonce: binding.nonce,
        tempAuthKeyId: keyIdAsLong(temporaryKey),
        permAuthKeyId: keyIdAsLong(permanentKey),
        tempSessionId: binding.sessionId,
        expiresAt: binding.expiresAt,
      },
    });
    assertEquals(openBindingMessage(message, temporaryKey), undefined);
    // msg_key says nothing of the padding, the last 8 bytes; in IGE they change the last block.
    for (let at = 0; at < message.length - 16; at++) {
      const wrong = message.slice();
      wrong[at] ^= 1;
      assertEquals(openBindingMessage(wrong, permanentKey), undefined, `byte ${at}`);
    }
    for (let length = 0; length < message.length - 16; length++) {
      assertEquals(openBindingMessage(message.subarray(0, length), permanentKey), undefined);
    }
  }
});
