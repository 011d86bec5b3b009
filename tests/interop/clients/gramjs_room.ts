/** GramJS (npm `telegram`) in a room: a person who receives and answers. It fetches no gaps. */

import { returnBigInt } from "telegram/Helpers.js";
import { TelegramClient } from "telegram/index.js";
import { _serverKeys } from "telegram/crypto/RSA.js";
import { NewMessage, type NewMessageEvent } from "telegram/events/index.js";
import { Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import { LogLevel } from "telegram/extensions/Logger.js";
import { StringSession } from "telegram/sessions/index.js";
import { readTarget, Room } from "./room.ts";
import { modulusOf } from "./target.ts";

const target = readTarget();
const n = modulusOf(target).reduce((n, byte) => n * 256n + BigInt(byte), 0n);
const keys = _serverKeys as Map<string, { n: unknown; e: number }>;
keys.set(target.fingerprint, { n: returnBigInt(String(n)), e: 65537 });
const [{ id, host, port }] = target.dcs;
const session = new StringSession("");
session.setDC(id, host, 80);
const client = new TelegramClient(session, target.apiId, target.apiHash, {
  networkSocket: class extends PromisedNetSockets {
    override connect(): Promise<this> {
      return super.connect(port, host) as Promise<this>;
    }
  },
  baseLogger: new Logger(LogLevel.NONE),
  connectionRetries: 1,
});
const room = new Room("GramJS");
client.addEventHandler(async ({ message }: NewMessageEvent) => {
  const answer = room.receive(message.text);
  if (answer === undefined || message.peerId === undefined) return;
  await client.sendMessage(message.peerId, { message: answer });
}, new NewMessage({ incoming: true }));
const account = target.accounts.find(({ phone }) => phone === target.phone);
await client.start(
  {
    ...(account === undefined ? { botAuthToken: target.bots[0].token } : {
      phoneNumber: account.phone,
      phoneCode: () => Promise.resolve(account.code),
      onError: (error: Error) => Promise.reject(error),
    }),
  } as Parameters<typeof client.start>[0],
);
room.ready();
