/** This project. */
import { Client, StringSession } from "../../mod.ts";
import {
  AesCtr,
  decryptMessage,
  encryptMessage,
  factorizePq,
  igeDecrypt,
  igeEncrypt,
  modPow,
  parseRsaPublicKey,
  sha256,
} from "../../src/crypto/entry.ts";
import { useGeneratedDecoders } from "../../src/tl/decoders/mod.ts";
import { apiSchema, type TlObject } from "../../src/tl/mod.ts";
import { serve } from "./meter.ts";

const schema = apiSchema();
useGeneratedDecoders(); // as each client that takes updates or reads a history

await serve({
  layer: schema.layer,
  igeEncrypt,
  igeDecrypt,
  sha256,
  stream(key, iv) {
    const cipher = new AesCtr(key, iv);
    return (data) => cipher.apply(data);
  },
  encryptMessage: ({ bytes, id }, plaintext) => encryptMessage(bytes, plaintext, "client", id),
  decryptMessage({ bytes }, packet) {
    const plaintext = decryptMessage(bytes, packet, "server");
    if (plaintext === undefined) throw new Error("msg_key does not match");
    return plaintext;
  },
  modPow,
  factorizePq: (pq) => factorizePq(pq)[0],
  decode: (bytes) => schema.decode(bytes),
  encode: (object) => schema.encode(object as TlObject),
  async signIn({ dcs, publicKeyPem, apiId, apiHash, bots: [{ token }] }) {
    const keys = [parseRsaPublicKey(publicKeyPem)];
    const client = new Client(new StringSession(), apiId, apiHash, { dcs, keys });
    await client.start({ botAuthToken: token });
    return () => client.invoke({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] });
  },
});
