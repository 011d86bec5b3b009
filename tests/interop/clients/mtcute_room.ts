/** mtcute (npm `@mtcute/node`) in a room: a person who receives, answers, and fetches gaps. */

import { MemoryStorage, TelegramClient } from "@mtcute/node";
import { addPublicKey, type BasicDcOption, NodeCryptoProvider } from "@mtcute/node/utils.js";
import { readTarget, Room } from "./room.ts";

const target = readTarget();
addPublicKey(new NodeCryptoProvider(), target.publicKeyPem, false);
const [{ id, host, port }] = target.dcs;
const dc: BasicDcOption = { id, ipAddress: host, port, testMode: false };
const client = new TelegramClient({
  apiId: target.apiId,
  apiHash: target.apiHash,
  defaultDcs: { main: dc, media: dc },
  storage: new MemoryStorage(),
  logLevel: 0,
});
const room = new Room("mtcute");
client.onNewMessage.add(async (message) => {
  if (message.isOutgoing || message.action !== null) return;
  const answer = room.receive(message.text);
  if (answer !== undefined) await client.sendText(message.chat, answer);
});
const account = target.accounts.find(({ phone }) => phone === target.phone);
if (account === undefined) await client.start({ botToken: target.bots[0].token });
else await client.start({ ...account, password: "", codeSentCallback: () => {} });
room.ready();
