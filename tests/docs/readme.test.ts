/**
 * The README tells the truth: its code is type-checked and runs, the first piece as it stands, the
 * others against an offline Telegram with somebody who answers.
 */
import { Client, MemorySession } from "../../mod.ts";
import { assert, assertEquals, assertMatch } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { runDeno } from "../helpers/processes.ts";
import { assertTypeChecks } from "./type_check.ts";

const README = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
const BLOCKS = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);

/** What the shorter snippets take from their surroundings. */
const SURROUNDINGS = `
import { Client, StringSession } from "@tessera/mtproto";
declare const apiId: number, apiHash: string, code: string, password: string;
`;
const CLIENT = `declare const client: Client<StringSession>;`;

/** The same where they run. */
const RUNNING = `
import { Client, StringSession } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";
await using telegram = new OfflineTelegram();
const { apiId, apiHash, clientOptions } = telegram;
const [phone, code, password] = ["+9996622222", "22222", "hunter2"];
globalThis.prompt = (question = "") =>
  question.startsWith("Phone") ? phone : question.startsWith("2FA") ? password : code;
`;
const RUNNING_CLIENT =
  `await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);`;

const SIGN_IN = `await client.start({ phoneNumber: phone, phoneCode: code, password });`;

/** A snippet that is about Telegram itself, about the offline one. */
function offline(block: string): string {
  return block.replace("apiId, apiHash)", "apiId, apiHash, clientOptions)")
    .replace('"+15551234567"', "phone").replace('"123456:ABC-DEF"', '"777:TESTTOKEN"')
    .replace('"echo_bot"', "new StringSession()").replace('"@telegram"', '"me"')
    .replace(
      "await client.closed;",
      "setTimeout(() => client.disconnect(), 10); await client.closed;",
    );
}

/** Runs a program in a process of its own. */
async function run(source: string): Promise<{ code: number; output: string }> {
  const args = ["run", "-A", "--no-check", "--ext=ts", "-"];
  const { code, stdout, stderr } = await runDeno(args, source);
  return { code, output: stdout + stderr };
}

Deno.test("the README's first snippet runs as it stands and prints a session string", async () => {
  const { code, output } = await run(BLOCKS[0]);
  assertEquals(code, 0, output);
  assertMatch(output, /^1[\w+/=-]{300,}/m);
});

longTest("every other snippet of the README type-checks", async () => {
  await assertTypeChecks(
    BLOCKS.slice(1).map((block) => {
      const client = block.includes("client =") ? "" : CLIENT;
      return `${SURROUNDINGS}${client}export async function snippet() {\n${block}\n}`;
    }),
  );
});

Deno.test("every other snippet of the README runs", async () => {
  const bodies = BLOCKS.slice(1).map((block) => {
    const client = block.includes("client =") ? "" : RUNNING_CLIENT +
      (block.includes("client.messages(") ? SIGN_IN : "");
    return `{\n${client}\n${offline(block)}\n}\n`;
  });
  const { code, output } = await run(RUNNING + bodies.join(""));
  assertEquals(code, 0, output);
});

Deno.test("every method of a client that the README names is there", () => {
  const client: unknown = new Client(new MemorySession(), 12345, "0123456789abcdef".repeat(2));
  const names = new Set(README.match(/\bclient(?:\.\w+)+(?=\()/g));
  const missing = [...names].filter((name) => {
    const [, ...path] = name.split(".");
    const found = path.reduce((at, key) => (at as Record<string, unknown>)?.[key], client);
    return typeof found !== "function";
  });
  assert(names.size > 20, `${names.size} were found`);
  assertEquals(missing, []);
});
