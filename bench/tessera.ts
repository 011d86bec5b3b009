/** This project. */
import { Client, StringSession } from "../mod.ts";
import {
  decryptMessage,
  encryptMessage,
  factorizePq,
  igeDecrypt,
  igeEncrypt,
  modPow,
  parseRsaPublicKey,
  sha256,
} from "../src/crypto/mod.ts";
import { apiSchema, type TlObject } from "../src/tl/mod.ts";
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
  tl: {
    decode: (bytes) => apiSchema().decode(bytes),
    encode: (object) => apiSchema().encode(object as TlObject),
  },
  async signIn({ dcs, publicKeyPem, apiId, apiHash, bots: [{ token }] }) {
    const keys = [parseRsaPublicKey(publicKeyPem)];
    const client = new Client(new StringSession(), apiId, apiHash, { dcs, keys });
    await client.start({ botAuthToken: token });
    return {
      call: () => client.invoke({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] }),
      close: () => client.disconnect(),
    };
  },
};
