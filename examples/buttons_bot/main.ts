/**
 * A bot with buttons: it counts votes below its message. To run it:
 * API_ID=… API_HASH=… BOT_TOKEN=… deno run -A main.ts
 */
import process from "node:process";
import { Client } from "@tessera/mtproto";

const { API_ID, API_HASH = "", BOT_TOKEN = "" } = process.env;
const client = new Client("buttons_bot", Number(API_ID), API_HASH);
const votes = new Map<bigint, string>();

function poll(): string {
  const count = (vote: string): number => [...votes.values()].filter((one) => one === vote).length;
  return `Tea or coffee? Tea: ${count("tea")}, coffee: ${count("coffee")}.`;
}

const buttons = [[{ text: "Tea", data: "tea" }, { text: "Coffee", data: "coffee" }]];

client.on("message", async (message) => {
  if (message.text === "/start") await message.respond(poll(), { buttons });
});

client.on("callback", async (press) => {
  const before = votes.get(press.sender.id);
  votes.set(press.sender.id, press.data);
  await press.answer(before === undefined ? "Thank you!" : `Changed to ${press.data}.`);
  if (before !== press.data) await press.edit(poll(), { buttons });
});

await client.start({ botAuthToken: BOT_TOKEN });
await client.closed;
