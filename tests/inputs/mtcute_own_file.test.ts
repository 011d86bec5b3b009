/** A session file that mtcute itself has made, by signing in where its client begins. */
import { TcpTransport, TelegramClient } from "@mtcute/node";
import { addPublicKey, NodeCryptoProvider } from "@mtcute/node/utils.js";
import { Client } from "../../mod.ts";
import { importSession } from "../../src/session/convert/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import "../helpers/quick_passwords.ts";
import { BOT_TOKEN } from "../helpers/sign_in_flows.ts";
import { openMtcute } from "../session/mtcute_storage.ts";

Deno.test("P31 a person imports mtcute's own file of an account that never moved", async () => {
  await using telegram = await OfflineTelegram.start();
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/mtcute.session`;
    await signInWithMtcute(telegram, path);
    const imported = await importSession(path);
    assertEquals([imported.format, imported.state.dcId], ["mtcute-file", 2]);
    const { apiId, apiHash, clientOptions } = telegram;
    await using client = new Client(imported, apiId, apiHash, clientOptions);
    assertEquals((await client.getMe())?.id, 777n);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function signInWithMtcute(telegram: OfflineTelegram, path: string): Promise<void> {
  const { apiId, apiHash } = telegram;
  const [{ id, host, port }] = telegram.dcs;
  const dc = { id, ipAddress: host, port, testMode: false };
  addPublicKey(new NodeCryptoProvider(), telegram.publicKeyPem, false);
  const { storage, save, close } = await openMtcute(path);
  const client = new TelegramClient({
    apiId,
    apiHash,
    defaultDcs: { main: dc, media: dc },
    storage,
    transport: new TcpTransport(),
    logLevel: 0,
  });
  await client.start({ botToken: BOT_TOKEN });
  save();
  await client.destroy();
  await close();
}
