/**
 * `demo`: shows a whole sign-in to the offline Telegram over loopback TCP, without asking anything.
 */
import { Client } from "../client/mod.ts";
import { StringSession } from "../session/mod.ts";
import { OfflineTelegram } from "../testing/mod.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { CliEnvironment } from "./environment.ts";

const PHONE = "+9996622222";
const CODE = "22222";
const PASSWORD = "hunter2";
const BOT_TOKEN = "777:TESTTOKEN";

/** The command `demo`. */
export const demo: Command = {
  summary: "watch a whole sign-in to the offline Telegram",
  synopsis: "",
  usage: [],
  async run(args, environment) {
    readArguments(args, {});
    const step = stepsIn(environment);
    const begun = performance.now();
    await using telegram = await step(
      () => OfflineTelegram.start(),
      ({ dcs: [dc] }) => `An offline Telegram listens on ${dc.host}:${dc.port}`,
    );
    const session = await asPerson(telegram, step);
    await withSession(session, telegram, step);
    await asBot(telegram, step);
    environment.print(`Done in ${Math.round(performance.now() - begun)} ms, without the network.`);
  },
};

/** Runs a step, and prints a line with its description and its time. */
type Step = <T>(work: () => Promise<T>, describe: (result: T) => string) => Promise<T>;

function stepsIn({ print }: CliEnvironment): Step {
  return async (work, describe) => {
    const begun = performance.now();
    const result = await work();
    const time = `${Math.round(performance.now() - begun)} ms`.padStart(8);
    print(`${time}  ${describe(result)}`);
    return result;
  };
}

/** Signs in with code and password, and sends a message. Returns the session string. */
async function asPerson(telegram: OfflineTelegram, step: Step): Promise<string> {
  await using client = newClient("", telegram);
  await step(
    () => client.connect(),
    () => "Connected: agreed on an auth key (pq, RSA, Diffie-Hellman)",
  );
  const login = await step(
    () => client.requestLoginCode(PHONE),
    ({ deliveredBy, codeLength }) =>
      `Requested a login code for ${PHONE}: ${codeLength} digits, by ${deliveredBy}`,
  );
  const password = await step(
    () => client.signIn(login, CODE),
    () => "Sent the code: it is right, and the account has a 2FA password",
  );
  if (password.kind !== "password") {
    throw new Error(`Expected a password token, got "${password.kind}"`);
  }
  await step(
    () => client.checkPassword(password, PASSWORD),
    (user) =>
      `Proved the password without sending it (SRP): signed in as ${user.firstName}, ${user.id}`,
  );
  await step(() => client.sendMessage("me", "Hello!"), ({ text }) => `Sent "${text}" to me`);
  await step(() => lastMessage(client), (text) => `Read it back: "${text}"`);
  const text = client.session.save();
  await step(
    () => client.disconnect(),
    () => `Saved the session as a string of ${text.length} characters, and disconnected`,
  );
  return text;
}

async function withSession(session: string, telegram: OfflineTelegram, step: Step): Promise<void> {
  await using client = newClient(session, telegram);
  await step(
    async () => {
      await client.connect();
      return await client.getMe();
    },
    (me) => `Restored the session from the string: still signed in as ${me?.firstName}`,
  );
}

async function asBot(telegram: OfflineTelegram, step: Step): Promise<void> {
  await using client = newClient("", telegram);
  await step(
    () => client.start({ botAuthToken: BOT_TOKEN }),
    (bot) => `Signed in as the bot @${bot.username}`,
  );
}

function newClient(session: string, telegram: OfflineTelegram): Client<StringSession> {
  const { apiId, apiHash, dcs, keys } = telegram;
  return new Client(new StringSession(session), apiId, apiHash, { dcs, keys });
}

async function lastMessage(client: Client): Promise<string> {
  const history = await client.invoke({
    _: "messages.getHistory",
    peer: { _: "inputPeerSelf" },
    offsetId: 0,
    offsetDate: 0,
    addOffset: 0,
    limit: 1,
    maxId: 0,
    minId: 0,
    hash: 0n,
  });
  const message = "messages" in history ? history.messages[0] : undefined;
  return message?._ === "message" ? message.message : "";
}
