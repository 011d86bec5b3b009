/**
 * The code samples of Telethon v2's guide "Signing in", as TypeScript: only the imports, the
 * address of the offline Telegram and the person's answers are ours.
 * https://docs.telethon.dev/en/v2/basic/signing-in.html
 */
import { type Asker, Client, MemorySession, User } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import "../helpers/quick_passwords.ts";

/** A person at the terminal, who answers by the beginning of the question. */
function person(answers: Record<string, string>): Asker & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = (question: string): Promise<string> => {
    asked.push(question);
    const key = Object.keys(answers).find((start) => question.toLowerCase().includes(start));
    return Promise.resolve(key === undefined ? "" : answers[key]);
  };
  return { asked, say() {}, askLine: answer, askHidden: answer };
}

async function inFolder(work: (name: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(`${folder}/name`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("Telethon's sample of an interactive login asks only once", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  await inFolder(async (name) => {
    const ask = person({ phone: "+9996622222", code: "22222", password: "hunter2" });

    const client = new Client(name, apiId, apiHash, clientOptions);
    await client.connect();
    await client.interactiveLogin(undefined, { ask });
    await client.disconnect();

    assertEquals(ask.asked.length, 3);
    assert((await Deno.stat(`${name}.session`)).isFile);
    const again = new Client(name, apiId, apiHash, clientOptions);
    await again.connect();
    await again.interactiveLogin(undefined, { ask });
    assertEquals(ask.asked.length, 3);
    await again.disconnect();
  });
});

Deno.test("Telethon's sample of a bot's login without prompts runs", async () => {
  const token = "54321:hJrIQtVBab0M2Yqg4HL1K-EubfY_v2fEVR";
  await using telegram = new OfflineTelegram({ bots: [{ token }] });
  const { apiId, apiHash, clientOptions } = telegram;
  await inFolder(async (name) => {
    const client = new Client(name, apiId, apiHash, clientOptions);
    await client.connect();
    await client.interactiveLogin("54321:hJrIQtVBab0M2Yqg4HL1K-EubfY_v2fEVR");

    assertEquals((await client.getMe())?.id, 54321n);
    await client.disconnect();
  });
});

Deno.test("Telethon's sample of a manual login runs with a password too", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId: API_ID, apiHash: API_HASH, clientOptions } = telegram;
  const input = (question: string): string => question === "code: " ? "22222" : "hunter2";

  async function login(SESSION: MemorySession, phone: string): Promise<User> {
    await using client = await Client.open(SESSION, API_ID, API_HASH, clientOptions);
    if (!await client.isAuthorized()) {
      const loginToken = await client.requestLoginCode(phone);
      const code = input("code: ");
      const userOrToken = await client.signIn(loginToken, code);
      if (userOrToken instanceof User) {
        return userOrToken;
      }
      // userOrToken is PasswordToken
      const passwordToken = userOrToken;
      assert(passwordToken.kind === "password");
      const password = input("password: ");
      return await client.checkPassword(passwordToken, password);
    }
    return await client.getMe() ?? await Promise.reject(new Error("nobody"));
  }

  for (const phone of ["+9996621111", "+9996622222"]) {
    const session = new MemorySession();
    const user = await login(session, phone);
    assertEquals((await login(session, phone)).id, user.id);
  }
});

Deno.test("Telethon's sample of a manual login of a bot runs", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId: API_ID, apiHash: API_HASH, clientOptions } = telegram;
  const SESSION = new MemorySession();
  const input = (_question: string): string => "777:TESTTOKEN";

  await using client = await Client.open(SESSION, API_ID, API_HASH, clientOptions);
  if (!await client.isAuthorized()) {
    const botToken = input("token: ");
    const botUser = await client.botSignIn(botToken);
    assertEquals(botUser.isBot, true);
  }
  assertEquals(await client.isAuthorized(), true);
});

Deno.test("a client that is used after its `async with` says that it is disconnected", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  let kept: Client | undefined;
  {
    await using client = await Client.open(new MemorySession(), apiId, apiHash, clientOptions);
    kept = client;
  }
  await assertRejects(() => kept.getMe(), Error, "disconnected");
});
