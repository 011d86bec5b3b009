/**
 * mtcute (npm `@mtcute/node`) signs in, and changes the 2FA password of its account. Arguments:
 * `set`, `change` or `remove`, the server, and a new password.
 */

import process from "node:process";
import { MemoryStorage, TelegramClient } from "@mtcute/node";
import { addPublicKey, type BasicDcOption, NodeCryptoProvider } from "@mtcute/node/utils.js";
import type { Target } from "./target.ts";

const [step, json, newPassword] = process.argv.slice(2);
const target = JSON.parse(json) as Target;
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
const [{ phone, code, password = "" }] = target.accounts;
await client.start({ phone, code, password, codeSentCallback: () => {} });
if (step === "set") await client.enableCloudPassword({ password: newPassword, hint: "a pet" });
if (step === "change") {
  await client.changeCloudPassword({ currentPassword: password, newPassword, hint: "two pets" });
}
if (step === "remove") await client.removeCloudPassword(password);
process.stdout.write("done\n");
process.exit(0);
