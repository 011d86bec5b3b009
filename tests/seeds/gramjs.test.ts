/**
 * The code samples of GramJS's guide "Authentication", as TypeScript: only the imports, the address
 * of the offline Telegram and the person's answers are ours.
 * https://gram.js.org/getting-started/authorization
 */
import { MemorySession, StoreSession, StringSession, TelegramClient } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals, assertMatch } from "../helpers/assert.ts";
import "../helpers/quick_passwords.ts";

const BOT_TOKEN = "777:TESTTOKEN";

/** Answers by the beginning of the question, as the package `input` would from a person. */
function inputOf(answers: Record<string, string>): { text(question: string): Promise<string> } {
  return {
    text: (question) => Promise.resolve(answers[question.toLowerCase().slice(0, 4)] ?? ""),
  };
}

Deno.test("GramJS's sample of logging in as a bot runs", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;

  const stringSession = ""; // leave this empty for now
  const client = new TelegramClient(new StringSession(stringSession), apiId, apiHash, {
    connectionRetries: 5,
    ...clientOptions,
  });
  await client.start({
    botAuthToken: BOT_TOKEN,
  });
  const text: string = client.session.save();

  assertMatch(text, /^1/);
  await client.disconnect();
});

Deno.test("GramJS's sample of a user runs, and its string logs in again", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const input = inputOf({ numb: "+9996622222", "code": "22222", pass: "hunter2" });

  const stringSession = new StringSession(""); // fill this later with the value from session.save()
  const client = new TelegramClient(stringSession, apiId, apiHash, {
    connectionRetries: 5,
    ...clientOptions,
  });
  await client.start({
    phoneNumber: async () => await input.text("number ?"),
    password: async () => await input.text("password?"),
    phoneCode: async () => await input.text("Code ?"),
    // deno-lint-ignore no-console
    onError: (err) => console.log(err),
  });
  const saved = client.session.save(); // Save this string to avoid logging in again
  await client.sendMessage("me", { message: "Hello!" });

  assertEquals(stringSession.save(), saved);
  await client.disconnect();
  const again = new TelegramClient(new StringSession(saved), apiId, apiHash, clientOptions);
  await again.connect();
  assertEquals(await again.checkAuthorization(), true);
  await again.disconnect();
});

Deno.test("GramJS's sample of a StoreSession runs, and starts again by itself", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const folder = await Deno.makeTempDir();
  try {
    for (const answers of [{ botAuthToken: BOT_TOKEN }, {}]) {
      const storeSession = new StoreSession(`${folder}/my_session`);
      const client = new TelegramClient(storeSession, apiId, apiHash, {
        connectionRetries: 5,
        ...clientOptions,
      });
      const me = await client.start(answers);
      assertEquals(me.username, "test_777_bot");
      await client.disconnect();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("GramJS's custom session with an asynchronous load() is awaited", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions, dcs: [dc] } = telegram;
  const first = new TelegramClient(new MemorySession(), apiId, apiHash, clientOptions);
  await first.start({ botAuthToken: BOT_TOKEN });
  const key = first.session.state.dcs[0].authKey ?? new Uint8Array(0);
  await first.disconnect();

  class MySession extends MemorySession {
    override async load(): Promise<void> {
      await Promise.resolve(); // something asynchronous
      this.setDC(dc.id, dc.host, dc.port);
      this.setAuthKey(key);
    }
  }
  const client = new TelegramClient(new MySession(), apiId, apiHash, clientOptions);
  await client.connect();

  assertEquals(await client.checkAuthorization(), true);
  await client.disconnect();
});
