/**
 * What every runtime must be able to do, against an offline Telegram that runs elsewhere. This file
 * runs unchanged everywhere: it knows of no runtime, and of the library by its public entries only.
 */
import {
  Client,
  type ClientOptions,
  type Message,
  StringSession,
  webSocketDial,
} from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";

/** The way to an offline Telegram, as `tessera serve --json` tells it. */
export interface Setting {
  readonly way: "tcp" | "webSocket" | "http";
  /** Whether all packets go under temporary keys. */
  readonly forwardSecrecy?: boolean;
  readonly dcs: readonly { id: number; host: string; port: number }[];
  readonly ws: { readonly host: string; readonly port: number };
  readonly publicKeyPem: string;
  readonly apiId: number;
  readonly apiHash: string;
  /** The proxy that every connection goes through. */
  readonly proxy?: string;
}

/** The bytes of the file that is sent. */
const FILE_SIZE = 1_048_576;
/** The most bytes that `crypto.getRandomValues` gives at once. */
const LONGEST_RANDOM = 65_536;

/** What a scenario did, a line for each step. */
export const EXPECTED: readonly string[] = [
  "agreed on an auth key of 256 bytes",
  "signed in as the bot test_777_bot",
  "refused a wrong code: codeInvalid",
  "asked for the password of +9996622222",
  "refused a wrong password: passwordInvalid",
  "signed in as a person",
  'heard "Echo: Hello" from a bot, and read "Echo: Hello", "Hello" in the history',
  "sent a file of 1048576 bytes, and read the same bytes back",
  "restored from a string: the same person, and no other auth key",
  'sent "Hello from a runtime", as it is in the history',
  "disconnected",
];

/** What the scenario does besides with a proxy, before it is disconnected. */
export const MOVED = "followed +9996644444 to data center 4 through the proxy";

/** The way to that Telegram: by default the runtime's own way of opening a connection. */
function optionsFor(setting: Setting): ClientOptions {
  const { dcs: [{ id }], ws: { host, port } } = setting;
  return {
    keys: [parseRsaPublicKey(setting.publicKeyPem)],
    dcs: setting.dcs,
    ...(setting.proxy && { proxy: setting.proxy }),
    forwardSecrecy: setting.forwardSecrecy ?? false,
    ...(setting.way === "webSocket" && {
      useWSS: true,
      ...(!setting.proxy && { dcs: [{ id, host, port }], dial: webSocketDial({ tls: false }) }),
    }),
    ...(setting.way === "http" && {
      dcs: setting.dcs.map((dc) => ({ ...dc, tls: false })),
      transport: "http",
    }),
  };
}

/** A client of that Telegram with a session string. */
export function newClient(setting: Setting, session = ""): Client<StringSession> {
  const { apiId, apiHash } = setting;
  return new Client(new StringSession(session), apiId, apiHash, optionsFor(setting));
}

/** What an error says for programs, or its text. */
function reasonOf(error: unknown): string {
  const { reason, message } = error as { reason?: string; message: string };
  return reason ?? message;
}

async function signInBot(setting: Setting, done: string[]): Promise<void> {
  const client = newClient(setting);
  await client.connect();
  const [{ authKey }] = client.session.state.dcs;
  done.push(`agreed on an auth key of ${authKey?.length} bytes`);
  const bot = await client.botSignIn("777:TESTTOKEN");
  done.push(`signed in as the bot ${bot.username}`);
  await client.disconnect();
}

/** Signs in with code and password; gives the session string. */
export async function signInPerson(setting: Setting, done: string[] = []): Promise<string> {
  const client = newClient(setting);
  await client.connect();
  const login = await client.requestLoginCode("+9996622222");
  await client.signIn(login, "11111").catch((error) => {
    done.push(`refused a wrong code: ${reasonOf(error)}`);
  });
  const token = await client.signIn(login, "22222");
  if (token.kind !== "password") throw new Error(`Expected a password token, got ${token.kind}`);
  done.push("asked for the password of +9996622222");
  await client.checkPassword(token, "hunter1").catch((error) => {
    done.push(`refused a wrong password: ${reasonOf(error)}`);
  });
  await client.checkPassword(token, "hunter2");
  done.push("signed in as a person");
  const session = client.session.save();
  await client.disconnect();
  return session;
}

/** A bot echoes what a person writes; the person hears it, and reads it in the history. */
async function talkToBot(setting: Setting, session: string, done: string[]): Promise<void> {
  const bot = newClient(setting);
  bot.on("message", (message) => message.reply(`Echo: ${message.text}`));
  await bot.start({ botAuthToken: "777:TESTTOKEN" });
  const person = newClient(setting, session);
  const heard = new Promise<Message>((resolve) => person.on("message", resolve));
  await person.sendMessage("@test_777_bot", "Hello");
  const { text } = await heard;
  const texts: string[] = [];
  for await (const message of person.messages("@test_777_bot", { limit: 2 })) {
    texts.push(`"${message.text}"`);
  }
  await Promise.all([bot.disconnect(), person.disconnect()]);
  await Promise.all([bot.closed, person.closed]);
  done.push(`heard "${text}" from a bot, and read ${texts.join(", ")} in the history`);
}

/** Sends a file to oneself, and reads it back in pieces. */
async function exchangeFile(setting: Setting, session: string, done: string[]): Promise<void> {
  const client = newClient(setting, session);
  await client.connect();
  const bytes = new Uint8Array(FILE_SIZE);
  for (let at = 0; at < FILE_SIZE; at += LONGEST_RANDOM) {
    crypto.getRandomValues(bytes.subarray(at, at + LONGEST_RANDOM));
  }
  const sent = await client.sendFile("me", bytes, { name: "random.bin" });
  let count = 0;
  let same = 0;
  for (const reader = client.download(sent).getReader();;) {
    const { value, done: isOver } = await reader.read();
    if (isOver) break;
    for (const byte of value) same += byte === bytes[count++] ? 1 : 0;
  }
  await client.disconnect();
  done.push(
    count === FILE_SIZE && same === FILE_SIZE
      ? `sent a file of ${FILE_SIZE} bytes, and read the same bytes back`
      : `sent a file of ${FILE_SIZE} bytes, and read ${count} back, of which ${same} are right`,
  );
}

/** Comes back with a session string, and sends a message. */
export async function sendWithSession(
  setting: Setting,
  session: string,
  done: string[] = [],
): Promise<void> {
  const client = newClient(setting, session);
  await client.connect();
  const me = await client.getMe();
  const same = me !== undefined && !me.isBot && client.session.save() === session;
  done.push(
    same
      ? "restored from a string: the same person, and no other auth key"
      : `restored from a string: ${me?.id}, another session`,
  );
  const sent = await client.sendMessage("me", "Hello from a runtime");
  const last = await lastMessage(client);
  if (last?.id === sent.id) done.push(`sent "${last.text}", as it is in the history`);
  await client.disconnect();
  done.push("disconnected");
}

/** Signs in where the account is not, and follows it. */
async function followAccount(setting: Setting, done: string[]): Promise<void> {
  const client = newClient(setting);
  await client.start({ phoneNumber: "+9996644444", phoneCode: "22222" });
  const { dcId } = client.session.state;
  await client.disconnect();
  done.push(`followed +9996644444 to data center ${dcId} through the proxy`);
}

/** All of it: key exchange, bot, person with 2FA, echo bot, file, restored session, message. */
export async function scenario(setting: Setting): Promise<string[]> {
  const done: string[] = [];
  await signInBot(setting, done);
  const session = await signInPerson(setting, done);
  await talkToBot(setting, session, done);
  await exchangeFile(setting, session, done);
  if (setting.proxy) await followAccount(setting, done);
  await sendWithSession(setting, session, done);
  return done;
}

/**
 * Signs in with a session of the given name, kept wherever the runtime keeps such, and comes back.
 * Gives who came back.
 */
export async function keepByName(setting: Setting, name: string): Promise<string | undefined> {
  const { apiId, apiHash } = setting;
  const first = new Client(name, apiId, apiHash, optionsFor(setting));
  await first.start({ botAuthToken: "777:TESTTOKEN" });
  await first.disconnect();
  const second = new Client(name, apiId, apiHash, optionsFor(setting));
  await second.connect();
  const me = await second.getMe();
  await second.disconnect();
  return me?.username;
}

/** The first half of a sign-in: gives what the second half needs, in another process. */
export async function askForCode(setting: Setting): Promise<{ session: string; token: string }> {
  const client = newClient(setting);
  await client.connect();
  const token = await client.requestLoginCode("+9996621111");
  const session = client.session.save();
  await client.disconnect();
  return { session, token: token.save() };
}

/** The second half. */
export async function resumeSignIn(
  setting: Setting,
  session: string,
  token: string,
): Promise<string> {
  const client = newClient(setting, session);
  await client.connect();
  const login = await client.resumeLogin(token);
  if (login.kind !== "login") throw new Error(`Expected a login token, got ${login.kind}`);
  const outcome = await client.signIn(login, "22222");
  await client.disconnect();
  return outcome.kind;
}

/** The newest message in the history with oneself. */
export async function lastMessage(
  client: Client,
): Promise<{ id: number; text: string } | undefined> {
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
  const [last] = "messages" in history ? history.messages : [];
  return last?._ === "message" ? { id: last.id, text: last.message } : undefined;
}
