/** Answers every message with its text: API_ID=… API_HASH=… BOT_TOKEN=… deno run -A main.ts */
import process from "node:process";
import { Client } from "@tessera/mtproto";
const { API_ID, API_HASH = "", BOT_TOKEN = "" } = process.env;
const client = new Client("echo_bot", Number(API_ID), API_HASH);
client.on("message", (message) => message.reply(message.text));
await client.start({ botAuthToken: BOT_TOKEN });
await client.closed;
