/** GramJS receives messages. */
import { createPublicKey } from "node:crypto";
import { Buffer } from "node:buffer";
import { _serverKeys } from "telegram/crypto/RSA.js";
import { NewMessage, type NewMessageEvent } from "telegram/events/index.js";
import { Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import { returnBigInt } from "telegram/Helpers.js";
import { TelegramClient } from "telegram/index.js";
import { StringSession } from "telegram/sessions/index.js";
import { handler, listening, setting } from "./meter.ts";

const { dc: { id, host, port }, publicKeyPem, fingerprint, apiId, apiHash, token } = setting;
const { n } = createPublicKey(publicKeyPem).export({ format: "jwk" });
const modulus = BigInt(`0x${Buffer.from(String(n), "base64url").toString("hex")}`);
const keys = _serverKeys as Map<string, unknown>;
keys.set(fingerprint, { n: returnBigInt(String(modulus)), e: 65537 });
const session = new StringSession("");
session.setDC(id, host, 80); // the socket below knows the port
const client = new TelegramClient(session, apiId, apiHash, {
  networkSocket: class extends PromisedNetSockets {
    override connect(): Promise<this> {
      return super.connect(port, host) as Promise<this>;
    }
  },
  baseLogger: new Logger("none" as ConstructorParameters<typeof Logger>[0]),
});
client.addEventHandler(
  handler(({ message }: NewMessageEvent) => [message.id, message.message, message.senderId]),
  new NewMessage({}),
);
await client.connect();
await client.signInBot({ apiId, apiHash }, { botAuthToken: token });
listening();
