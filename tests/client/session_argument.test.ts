import { Client, SessionError, SqliteSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "../helpers/assert.ts";

Deno.test("Client keeps its session in the SQLite file of a path or URL", async () => {
  const folder = await Deno.makeTempDir();
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  {
    await using client = await Client.open(`${folder}/bot`, apiId, apiHash, clientOptions);
    assertInstanceOf(client.session, SqliteSession);
    assertEquals((await client.start({ botAuthToken: "777:TESTTOKEN" })).isBot, true);
  }
  const url = new URL(`file://${folder}/bot.session`);
  await using client = await Client.open(url, apiId, apiHash, clientOptions);
  assertEquals((await client.getMe())?.username, "test_777_bot");
  await client.disconnect();
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["bot.session"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Client refuses a session string in place of a path: it would name a file", () => {
  const text = "1" + "B".repeat(352);
  const error = assertThrows(() => new Client(text, 1, "0".repeat(32)), TypeError, "StringSession");
  assert(!error.message.includes("BBBB"));
  assertThrows(() => new Client("", 1, "0".repeat(32)), TypeError, "a file without a name");
});

Deno.test("Client says what to pass where the runtime has no SQLite", async () => {
  const { process } = globalThis as unknown as { process: { getBuiltinModule?: unknown } };
  const before = process.getBuiltinModule;
  process.getBuiltinModule = undefined;
  try {
    const client = new Client("me", 1, "0".repeat(32));
    const error = await assertRejects(() => client.connect(), SessionError, "has no SQLite");
    assert(error.message.includes("new StringSession(text)"));
  } finally {
    process.getBuiltinModule = before;
  }
});
