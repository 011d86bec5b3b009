/**
 * A bot that runs for a moment at a time, as a serverless function does: each run answers what came
 * since the last one, and ends. The session keeps how far it got; a run that is killed is repeated.
 * To run it: API_ID=… API_HASH=… BOT_TOKEN=… deno run -A main.ts, once a minute
 */
import process from "node:process";
import { Client } from "@tessera/mtproto";

const { API_ID, API_HASH = "", BOT_TOKEN = "" } = process.env;
await using client = new Client("catch_up", Number(API_ID), API_HASH);
await client.start({ botAuthToken: BOT_TOKEN });

let answered = 0;
for await (const update of client.catchUp()) {
  if (update.kind !== "message") continue;
  await update.message.reply(`You wrote ${update.message.text.length} characters.`);
  answered++;
}
console.log(`${answered} messages were answered.`);
