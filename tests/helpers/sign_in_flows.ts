/**
 * The three ways of signing in, and what is done after each: used by every test that varies what is
 * below them.
 */
import { Client, type ClientOptions, StringSession, type User } from "../../mod.ts";
import type { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "./assert.ts";
import "./quick_passwords.ts";
import "./remembered_powers.ts";
import { lastMessage } from "../runtimes/scenario.ts";

export const BOT_TOKEN = "777:TESTTOKEN";
export const PHONE = "+9996621111";
export const PHONE_WITH_PASSWORD = "+9996622222";
export const CODE = "22222";
export const PASSWORD = "hunter2";

/** Signs in, by steps. */
export type Flow = (client: Client) => Promise<User>;

async function enterCode(client: Client, phone: string): ReturnType<Client["signIn"]> {
  const login = await client.requestLoginCode(phone);
  return await client.signIn(login, CODE);
}

/** The flows by what they are called in the names of tests. */
export const FLOWS: Readonly<Record<string, Flow>> = {
  "a bot": (client) => client.botSignIn(BOT_TOKEN),
  "a user with a code": async (client) => {
    const user = await enterCode(client, PHONE);
    assert(user.kind === "user");
    return user;
  },
  "a user with a code and a password": async (client) => {
    const token = await enterCode(client, PHONE_WITH_PASSWORD);
    assert(token.kind === "password");
    return await client.checkPassword(token, PASSWORD);
  },
};

/** A client of an offline Telegram, not connected yet. */
export function clientOf(
  telegram: OfflineTelegram,
  options: ClientOptions = {},
  session: StringSession = new StringSession(),
): Client<StringSession> {
  const { apiId, apiHash, clientOptions } = telegram;
  return new Client(session, apiId, apiHash, { ...clientOptions, ...options });
}

/**
 * A whole life of a session: signs in, sends a message to oneself and reads it back (not as a bot,
 * which has no history), keeps the session string, and comes back with it.
 */
export async function liveThrough(
  telegram: OfflineTelegram,
  options: ClientOptions,
  flow: Flow,
): Promise<void> {
  let text: string;
  let user: User;
  {
    await using client = clientOf(telegram, options);
    await client.connect();
    user = await flow(client);
    if (!user.isBot) {
      const sent = await client.sendMessage("me", "Hello, wörld! 🙂");
      assertEquals(sent.text, "Hello, wörld! 🙂");
      assertEquals((await lastMessage(client))?.text, "Hello, wörld! 🙂");
    }
    text = client.session.save();
  }
  const again = { ...options, random: undefined };
  await using client = clientOf(telegram, again, new StringSession(text));
  await client.connect();
  assertEquals(await client.isAuthorized(), true);
  assertEquals((await client.getMe())?.id, user.id);
}
