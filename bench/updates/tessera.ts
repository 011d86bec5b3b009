/** This project receives messages. */
import { Client, StringSession } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import { listening, setting, take } from "./meter.ts";

const { dc, publicKeyPem, apiId, apiHash, token } = setting;
const client = new Client(new StringSession(), apiId, apiHash, {
  dcs: [dc],
  keys: [parseRsaPublicKey(publicKeyPem)],
});
client.on("message", (message) => take(message.id, message.text, message.sender?.id));
await client.start({ botAuthToken: token });
listening();
