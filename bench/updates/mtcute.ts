/** mtcute receives messages, as its client for Node does. */
import { MemoryStorage, TelegramClient } from "@mtcute/node";
import { addPublicKey, NodeCryptoProvider } from "@mtcute/node/utils.js";
import { listening, setting, take } from "./meter.ts";

const { dc: { id, host, port }, publicKeyPem, apiId, apiHash, token } = setting;
addPublicKey(new NodeCryptoProvider(), publicKeyPem, false);
const dc = { id, ipAddress: host, port, testMode: false };
const client = new TelegramClient({
  apiId,
  apiHash,
  defaultDcs: { main: dc, media: dc },
  storage: new MemoryStorage(),
  logLevel: 0,
});
client.onNewMessage.add((message) => take(message.id, message.text, message.sender.id));
await client.start({ botToken: token });
listening();
