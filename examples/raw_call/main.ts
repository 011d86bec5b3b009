/**
 * Calls methods of the API by name, without a sign-in: deno run -A main.ts
 *
 * It connects to Telegram if TELEGRAM_API_ID and TELEGRAM_API_HASH (https://my.telegram.org) are
 * set, otherwise to an offline Telegram. All methods: https://core.telegram.org/methods
 */
import process from "node:process";
import { Client, MemorySession, RpcError } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";

const { TELEGRAM_API_ID, TELEGRAM_API_HASH = "" } = process.env;
const { apiId, apiHash, clientOptions } = TELEGRAM_API_ID
  ? { apiId: Number(TELEGRAM_API_ID), apiHash: TELEGRAM_API_HASH, clientOptions: {} }
  : new OfflineTelegram();
await using client = await Client.open(new MemorySession(), apiId, apiHash, clientOptions);

const { dcOptions } = await client.invoke({ _: "help.getConfig" });
for (const dc of dcOptions) console.log(`DC ${dc.id} is at ${dc.ipAddress}:${dc.port}.`);
try {
  await client.invoke({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] });
} catch (error) {
  if (!(error instanceof RpcError) || error.code !== 401) throw error;
  console.log(`Nobody is signed in: Telegram says ${error.errorMessage}.`);
}
