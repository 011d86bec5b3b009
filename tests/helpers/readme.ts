/**
 * The snippets of the README as programs: each in a file of its own, against an offline Telegram
 * with somebody who answers. What a snippet says of Telegram itself is said of the offline one.
 */
const README = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

/** The snippets, as they stand. */
export const SNIPPETS: readonly string[] = [...README.matchAll(/```ts\n([\s\S]*?)```/g)]
  .map(([, code]) => code);

/** What is typed at the prompt. */
export const TYPED = "+9996622222\n22222\nhunter2\n";

const IMPORT = /^import .*;\n/gm;

const BEFORE = `
import { Client, MemorySession, StringSession } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";
const offline = new OfflineTelegram();
const { apiId, apiHash } = offline;
const process = { env: { API_ID: apiId, API_HASH: apiHash, BOT_TOKEN: "777:TESTTOKEN" } };
const [phone, code, password] = ["+9996622222", "22222", "hunter2"];
globalThis.prompt = (question = "") =>
  question.startsWith("Phone") ? phone : question.startsWith("Two") ? password : code;
const save = () => {};
`;

const CLIENT =
  "const client = new Client(new StringSession(), apiId, apiHash, offline.clientOptions);\n";
const SIGN_IN = "await client.start({ phoneNumber: phone, phoneCode: code, password });\n";

/** A person says something to the bot, which answers, and ends. */
const TALK = `
  const ada = offline.person("+9996621111");
  await ada.send("@test_777_bot", "Echo");
  console.log((await ada.nextMessage()).text);
  setTimeout(() => client.disconnect(), 10);
  await client.closed;`;

/** Whether a snippet is a program of its own. */
export function isProgram(snippet: string): boolean {
  return snippet.includes("import ");
}

/** Returns a snippet as a program in JavaScript. */
export function programOf(snippet: string): string {
  const body = snippet.replaceAll(IMPORT, "")
    .replace(
      /(process\.env\.API_HASH \?\? ""|session\), apiId, apiHash)\)/,
      "$1, offline.clientOptions)",
    )
    .replace("\n  await client.closed; // it runs until something ends it", TALK)
    .replace('"@telegram"', '"me"')
    .replaceAll('"+15551234567"', "phone")
    .replace("https://example.com/photo.jpg", "data:text/plain,photo");
  if (isProgram(snippet)) return BEFORE + (snippet.includes("telegram = new") ? `{${body}}` : body);
  const client = CLIENT + (/client\.(messages|sendFile)\(/.test(snippet) ? SIGN_IN : "");
  const next = snippet.includes("const next =") ? "await next.disconnect();\n" : "";
  return `${BEFORE}${client}${body}\n${next}await client.disconnect();\nawait offline.close();\n`;
}
