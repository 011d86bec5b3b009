/** This project. */
import {
  decryptMessage,
  encryptMessage,
  factorizePq,
  igeDecrypt,
  igeEncrypt,
  modPow,
  sha256,
} from "../src/crypto/mod.ts";
import type { Contender } from "./contender.ts";

export const tessera: Contender = {
  name: "tessera",
  igeEncrypt,
  igeDecrypt,
  sha256,
  encryptMessage: ({ bytes, id }, plaintext) => encryptMessage(bytes, plaintext, "client", id),
  decryptMessage({ bytes }, packet) {
    const plaintext = decryptMessage(bytes, packet, "client");
    if (plaintext === undefined) throw new Error("msg_key does not match");
    return plaintext;
  },
  modPow,
  factorizePq: (pq) => factorizePq(pq)[0],
};
