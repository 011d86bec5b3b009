/** This project receives messages. */
import { Client, StringSession } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import { handler, listening, setting } from "./meter.ts";

const { dc, publicKeyPem, apiId, apiHash, token } = setting;
const client = new Client(new StringSession(), apiId, apiHash, {
  dcs: [dc],
  keys: [parseRsaPublicKey(publicKeyPem)],
});
client.on("message", handler(({ id, text, sender }) => [id, text, sender?.id]));
await client.start({ botAuthToken: token });
listening();
