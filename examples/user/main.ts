/**
 * Asks for phone number, code and password, and sends a message: deno run -A main.ts
 *
 * It connects to Telegram if TELEGRAM_API_ID and TELEGRAM_API_HASH (https://my.telegram.org) are
 * set, otherwise to an offline Telegram: +9996622222, code 22222, password hunter2.
 */
import process from "node:process";
import { Client, StringSession } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";

const { TELEGRAM_API_ID, TELEGRAM_API_HASH = "", TELEGRAM_SESSION } = process.env;
const { apiId, apiHash, clientOptions } = TELEGRAM_API_ID
  ? { apiId: Number(TELEGRAM_API_ID), apiHash: TELEGRAM_API_HASH, clientOptions: {} }
  : new OfflineTelegram();

const session = new StringSession(TELEGRAM_SESSION); // the string of the last run, if any
await using client = await Client.open(session, apiId, apiHash, clientOptions);
const me = await client.interactiveLogin();
const { text } = await client.sendMessage("me", `Hello, ${me.firstName}!`);

console.log(`Sent to Saved Messages: ${text}`);
console.log(`For the next time: TELEGRAM_SESSION=${client.session.save()}`);
