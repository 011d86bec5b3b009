/**
 * Signs in as a bot and prints its name: deno run -A main.ts
 *
 * It connects to Telegram if TELEGRAM_API_ID, TELEGRAM_API_HASH (https://my.telegram.org) and
 * BOT_TOKEN (@BotFather) are set, otherwise to an offline Telegram in this process.
 */
import process from "node:process";
import { Client, StringSession } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";

const { TELEGRAM_API_ID, TELEGRAM_API_HASH = "", BOT_TOKEN, BOT_SESSION } = process.env;
const { apiId, apiHash, clientOptions } = TELEGRAM_API_ID
  ? { apiId: Number(TELEGRAM_API_ID), apiHash: TELEGRAM_API_HASH, clientOptions: {} }
  : new OfflineTelegram();

const session = new StringSession(BOT_SESSION); // the string of the last run, if any
await using client = new Client(session, apiId, apiHash, clientOptions);
client.on("status", (status) => {
  if (status.state === "waiting") console.error(`Not connected: ${status.reason.message}`);
});
const bot = await client.start({ botAuthToken: BOT_TOKEN ?? "777:TESTTOKEN" });

console.log(`Signed in as ${bot.firstName}, @${bot.username}.`);
console.log(`For the next time: BOT_SESSION=${client.session.save()}`);
