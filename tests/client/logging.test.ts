import { Client, MemorySession, SignInError, StringSession } from "../../mod.ts";
import type { Logger, LogLevel } from "../../src/runtime/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../helpers/assert.ts";
import { Witness } from "../helpers/secrets.ts";
import {
  BOT_TOKEN,
  clientOf,
  CODE,
  PASSWORD,
  PHONE_WITH_PASSWORD as PHONE,
} from "../helpers/sign_in_flows.ts";

type Line = [level: keyof Logger, message: string, ...details: unknown[]];

function recorder(): { lines: Line[]; logger: Logger } {
  const lines: Line[] = [];
  const at = (level: keyof Logger) => (message: string, ...details: unknown[]): void =>
    void lines.push([level, message, ...details]);
  const logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { lines, logger };
}

/**
 * Signs in with every mistake that one can make, comes back, loses connections; gives what was
 * secret in it.
 */
async function eventfulLife(
  logger: Logger,
  logLevel: LogLevel,
): Promise<{ secrets: string[]; keys: Uint8Array[] }> {
  await using telegram = new OfflineTelegram({
    dcs: [2, 4],
    accounts: [{ phone: PHONE, code: CODE, password: PASSWORD, dcId: 4 }],
  });
  const session = new StringSession();
  const options = { logger, logLevel, onUpdates: () => fail("not my day") };
  {
    await using client = clientOf(telegram, options, session);
    const thrown: unknown[] = [];
    await client.start({
      phoneNumber: PHONE,
      phoneCode: answers("33333", CODE),
      password: answers("wrong horse", PASSWORD),
      onError: (error) => void thrown.push(error),
    });
    assertEquals(thrown.length, 2);
    await client.sendMessage("me", "for my eyes only");
    telegram.dc(4).disconnectAll();
    await client.getMe();
    telegram.dc(4).expireSalts();
    await client.getMe();
    telegram.api.failNext("users.getUsers", { code: 500, message: "RPC_CALL_FAIL" });
    await client.getMe();
  }
  const text = session.save();
  {
    await using client = clientOf(telegram, options, new StringSession(text));
    await client.getMe();
    telegram.dc(4).forgetKeys();
    telegram.dc(4).disconnectAll();
    await client.getMe();
    await assertRejects(() => client.botSignIn("777:WRONGTOKEN"), SignInError);
    await client.botSignIn(BOT_TOKEN);
    await client.signOut();
  }
  const keys = session.state.dcs.flatMap(({ authKey }) => authKey ?? []);
  assertEquals(keys.length, 2);
  const secrets = [
    PHONE.slice(1),
    CODE,
    "33333",
    PASSWORD,
    "wrong horse",
    "TESTTOKEN",
    "WRONGTOKEN",
    "for my eyes only",
    telegram.apiHash,
    text,
  ];
  return { secrets, keys };
}

function fail(text: string): never {
  throw new Error(text);
}

/** Gives one answer after the other. */
function answers(...given: string[]): () => string {
  return () => given.shift() ?? fail("there are no more answers");
}

Deno.test("A logger receives the events, and no secret at any level", async () => {
  const { lines, logger } = recorder();
  const { secrets, keys } = await eventfulLife(logger, "debug");
  const seen = new Witness();
  for (const line of lines) seen.add(...line);
  seen.assertShowsNone([...secrets, ...keys]);
  const { text } = seen;
  assert(lines.some(([level]) => level === "debug"));
  for (
    const expected of [
      "The account lives in DC 4: moving there",
      "The connection to DC 4 was lost",
      "DC 4 does not know our auth key",
      "users.getUsers is called again in 1 s",
      "Signed in as bot 777",
      "Signed out",
    ]
  ) assert(text.includes(expected), `the log lacks "${expected}":\n${text}`);
});

Deno.test("A logger receives only the levels of logLevel, info by default", async () => {
  const levels: LogLevel[] = ["debug", "info", "warn", "error", "none"];
  for (const [index, level] of levels.entries()) {
    const { lines, logger } = recorder();
    await using telegram = new OfflineTelegram();
    await using client = clientOf(telegram, { logger, logLevel: level });
    await client.botSignIn(BOT_TOKEN);
    const seen = new Set<string>(lines.map(([at]) => at));
    for (const quieter of levels.slice(0, index)) {
      assert(!seen.has(quieter), `${quieter} at ${level}`);
    }
    assertEquals(seen.has("info"), index <= 1);
  }
  const { lines, logger } = recorder();
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram, { logger });
  await client.botSignIn(BOT_TOKEN);
  assertEquals(lines, [["info", "Signed in as bot 777"]]);
});

Deno.test("A bot with a session in memory only is warned once of new sign-ins", async () => {
  const { lines, logger } = recorder();
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = new Client(new MemorySession(), apiId, apiHash, {
    ...clientOptions,
    logger,
    logLevel: "warn",
  });
  await client.botSignIn(BOT_TOKEN);
  await client.botSignIn(BOT_TOKEN);
  assertEquals(lines.map(([level]) => level), ["warn"]);
  // With a string, which may be kept.
  await using other = clientOf(telegram, { logger, logLevel: "warn" });
  await other.botSignIn(BOT_TOKEN);
  assertEquals(lines.length, 1);
});

Deno.test("Errors, tokens and users show no secret when they are printed", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const login = await client.requestLoginCode(PHONE);
  const wrong = await client.signIn(login, "33333").catch((error) => error);
  assertInstanceOf(wrong, SignInError);
  const password = await client.signIn(login, CODE);
  assert(password.kind === "password");
  const wrongPassword = await client.checkPassword(password, "wrong horse").catch((error) => error);
  assertInstanceOf(wrongPassword, SignInError);
  const user = await client.checkPassword(password, PASSWORD);
  const seen = new Witness();
  seen.add(login, wrong, password, wrongPassword, user, client, client.session);
  const { authKey = fail("there is no key") } = client.session.state.dcs[0];
  const text = client.session.save();
  const typed = [PHONE.slice(1), CODE, "33333", PASSWORD, "wrong horse"];
  seen.assertShowsNone([...typed, telegram.apiHash, text.slice(1, 40), authKey]);
});
