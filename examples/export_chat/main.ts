/**
 * Writes a chat as lines of JSON, the oldest message first. It signs in as a person, who is asked
 * for the code at the terminal. To run it:
 * API_ID=… API_HASH=… deno run -A main.ts @name > chat.jsonl
 */
import process from "node:process";
import { Client } from "@tessera/mtproto";

const { API_ID, API_HASH = "" } = process.env;
const [chat = "me"] = process.argv.slice(2);
await using client = new Client("export_chat", Number(API_ID), API_HASH);
await client.interactiveLogin();

for await (const message of client.messages(chat, { oldestFirst: true })) {
  const { id, date, text, outgoing, replyToId, media } = message;
  const from = message.sender?.title ?? message.chat.title;
  const line = {
    id,
    date: new Date(date * 1000),
    from,
    outgoing,
    text,
    replyToId,
    media: media?._,
  };
  console.log(JSON.stringify(line));
}
