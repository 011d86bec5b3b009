/**
 * GramJS on one side of a QR code. "show" prints codes, one a line, and signs in by one. "approve"
 * signs in with phone and code, reads the URL of a code, and approves it. The last line is the user
 * as JSON.
 */

import { Buffer } from "node:buffer";
import process from "node:process";
import { createInterface } from "node:readline";
import { returnBigInt } from "telegram/Helpers.js";
import { Api, TelegramClient } from "telegram/index.js";
import { _serverKeys } from "telegram/crypto/RSA.js";
import { Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import { LogLevel } from "telegram/extensions/Logger.js";
import { ConnectionTCPFull } from "telegram/network/index.js";
import { StringSession } from "telegram/sessions/index.js";
import { modulusOf, type Target } from "./target.ts";

const [role, line] = process.argv.slice(2);
const target = JSON.parse(line) as Target;
const { apiId, apiHash, accounts: [{ phone, code, password }], dcs: [{ id, host, port }] } = target;
const n = modulusOf(target).reduce((n, byte) => n * 256n + BigInt(byte), 0n);
const keys = _serverKeys as Map<string, { n: unknown; e: number }>;
keys.set(target.fingerprint, { n: returnBigInt(String(n)), e: 65537 });

const session = new StringSession("");
// The socket below knows the port: the strings have no room for ports above 32767.
session.setDC(id, host, 80);
const client = new TelegramClient(session, apiId, apiHash, {
  connection: ConnectionTCPFull,
  networkSocket: class extends PromisedNetSockets {
    override connect(): Promise<this> {
      return super.connect(port, host) as Promise<this>;
    }
  },
  baseLogger: new Logger(LogLevel.NONE),
  connectionRetries: 1,
});
const answers = {
  password: () => Promise.resolve(password ?? ""),
  onError: (error: Error): Promise<boolean> => Promise.reject(error),
};
const say = (text: string): void => void process.stdout.write(`${text}\n`);

await client.connect();
if (role === "show") {
  await client.signInUserWithQrCode({ apiId, apiHash }, {
    ...answers,
    qrCode({ token }) {
      say(`tg://login?token=${token.toString("base64url")}`);
      return Promise.resolve();
    },
  });
} else {
  const phoneCode = (): Promise<string> => Promise.resolve(code);
  await client.signInUser({ apiId, apiHash }, { ...answers, phoneNumber: phone, phoneCode });
  say("ready");
  const url = await new Promise<string>((resolve) =>
    createInterface({ input: process.stdin }).once("line", resolve)
  );
  const token = Buffer.from(url.slice(url.indexOf("=") + 1), "base64url");
  await client.invoke(new Api.auth.AcceptLoginToken({ token }));
}
const me = await client.getMe();
say(JSON.stringify({ id: String(me.id) }));
process.exit(0);
