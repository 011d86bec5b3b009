/** mtcute receives messages, as its client for Node does. */
import { MemoryStorage, type Message, TelegramClient } from "@mtcute/node";
import { addPublicKey, NodeCryptoProvider } from "@mtcute/node/utils.js";
import { handler, listening, setting } from "./meter.ts";

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
client.onNewMessage.add(
  handler<Message>(({ id, text, sender }) => [id, text, sender.id]) as () => void,
);
await client.start({ botToken: token });
listening();
