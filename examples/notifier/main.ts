/**
 * Prints what a person is told: new messages of people who write to them, and messages in groups
 * that have one of the words. It signs in as that person, and asks for the code at the terminal.
 * To run it: API_ID=… API_HASH=… deno run -A main.ts tea coffee
 */
import process from "node:process";
import { Client } from "@tessera/mtproto";

const { API_ID, API_HASH = "" } = process.env;
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const client = new Client("notifier", Number(API_ID), API_HASH);
await client.interactiveLogin();

for await (const update of client.updates()) {
  if (update.kind === "gap") console.error("Some updates are lost: look into the app.");
  if (update.kind !== "message" || update.message.outgoing) continue;
  const { text, chat, sender, date } = update.message;
  const isForMe = chat.kind === "user";
  if (!isForMe && !words.some((word) => text.toLowerCase().includes(word))) continue;
  const time = new Date(date * 1000).toLocaleTimeString();
  const who = sender?.title ?? chat.title;
  console.log(`${time} ${isForMe ? who : `${who} in ${chat.title}`}: ${text}`);
}
