import { generateKeyPairSync, sign } from "node:crypto";
import { bytesToBigInt, decodeBase64, sha256 } from "../../../../src/crypto/mod.ts";
import { isOnCurve, type Point, verifyP256 } from "../../../../src/testing/api/webauthn/p256.ts";
import { assert, assertEquals } from "../../../helpers/assert.ts";
import { runs } from "../../../helpers/long.ts";

Deno.test("verifyP256() accepts signatures of node:crypto, and no changed ones", () => {
  let previous: Point | undefined;
  for (let i = 0; i < runs(3, 40); i++) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    const key = { x: bytesToBigInt(decodeBase64(x)), y: bytesToBigInt(decodeBase64(y)) };
    assert(isOnCurve(key));
    assert(!isOnCurve({ x: key.x, y: key.y ^ 1n }));
    const message = new Uint8Array(i).fill(i);
    const signature = new Uint8Array(sign("sha256", message, privateKey));
    assert(verifyP256(key, sha256(message), signature));
    assert(!verifyP256(key, sha256(message, Uint8Array.of(0)), signature));
    assert(!verifyP256(previous ?? { x: key.x, y: -key.y }, sha256(message), signature));
    const at = i % signature.length;
    assert(!verifyP256(key, sha256(message), signature.with(at, signature[at] ^ 1)), `byte ${at}`);
    previous = key;
  }
});

Deno.test("verifyP256() accepts only the exact signature of RFC 6979, A.2.5", () => {
  // https://www.rfc-editor.org/rfc/rfc6979#appendix-A.2.5, with SHA-256 and the message "sample"
  const key = {
    x: 0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6n,
    y: 0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299n,
  };
  const r = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
  const s = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
  const der = (length: string, more = "") => {
    return Uint8Array.fromHex(`30${length}022100${r}022100${s}${more}`);
  };
  const hash = sha256(new TextEncoder().encode("sample"));
  assertEquals(verifyP256(key, hash, der("46")), true);
  assertEquals(verifyP256(key, hash, der("46", "00")), false);
  assertEquals(verifyP256(key, hash, der("47", "00")), false);
  const unpadded = Uint8Array.fromHex(`30440220${r}0220${s}`);
  assertEquals(verifyP256(key, hash, unpadded), false); // negative numbers
});
