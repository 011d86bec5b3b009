/** This project. */
import {
  authKeyId,
  decryptMessage,
  encryptMessage,
  factorizePq,
  igeDecrypt,
  igeEncrypt,
  modPow,
  sha256,
} from "../src/crypto/mod.ts";
import type { Contender } from "./contender.ts";

/** A session knows the id of its key. */
const ids = new WeakMap<Uint8Array, Uint8Array>();

export const tessera: Contender = {
  name: "tessera",
  igeEncrypt,
  igeDecrypt,
  sha256,
  encryptMessage(authKey, plaintext) {
    let id = ids.get(authKey);
    if (id === undefined) ids.set(authKey, id = authKeyId(authKey));
    return encryptMessage(authKey, plaintext, "client", id).subarray(8);
  },
  decryptMessage(authKey, packet) {
    // The others get no auth_key_id either; a client has it in the same buffer.
    const whole = new Uint8Array(8 + packet.length);
    whole.set(packet, 8);
    const plaintext = decryptMessage(authKey, whole, "client");
    if (plaintext === undefined) throw new Error("msg_key does not match");
    return plaintext;
  },
  modPow,
  factorizePq: (pq) => factorizePq(pq)[0],
};
