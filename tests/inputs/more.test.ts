/**
 * More inputs of the kinds that strangers meet with, invented for this library: ids, limits and
 * times as texts, promises that nobody awaited, arguments in another order, values of the wrong
 * type. What is certain is taken; anything else is refused with a sentence that says what to pass.
 */
import { Client, MemorySession, StringSession } from "../../mod.ts";
import { exportSession, importSession } from "../../src/session/convert/mod.ts";
import { folderStore } from "../../src/session/stores/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";
import { BOT_TOKEN, clientOf, CODE, PHONE } from "../helpers/sign_in_flows.ts";

/** What only a program without types can pass. */
// deno-lint-ignore no-explicit-any
type Untyped = any;

async function all(items: AsyncIterable<unknown>): Promise<number> {
  return (await Array.fromAsync(items)).length;
}

const SECRETS = /hunter2|secretToken/;
const TOKEN = "123456789:AAF-secretTokenOfABotFather_01234567";
const IN_AN_HOUR = (): Date => new Date(Date.now() + 3_600_000);

Deno.test("Ids, limits and times are taken as texts, and null stands for none", async () => {
  await using telegram = new OfflineTelegram();
  await using client: Untyped = clientOf(telegram);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  const sent = await client.sendMessage("me", "one");
  const id = String(sent.id);
  for (const replyTo of [id, ` ${id}\n`, BigInt(id), { id: sent.id }, sent]) {
    assertEquals((await client.sendMessage("me", "two", { replyTo })).replyToId, sent.id);
  }
  const options = { replyTo: null, topic: null, schedule: null, silent: null, buttons: null };
  assertEquals((await client.sendMessage("me", "three", options)).replyToId, undefined);
  await client.sendMessage("me", "later", { schedule: IN_AN_HOUR().toISOString() });
  assertEquals((await client.editMessage("me", id, "four")).text, "four");
  assertEquals(await all(client.messages("me", { ids: [id, BigInt(id)] })), 2);
  assertEquals(await all(client.messages("me", { limit: "2" })), 2);
  assertEquals(await all(client.dialogs({ limit: "1" })), 1);
  await client.deleteMessages("me", [id]);
  await client.deleteMessages("me", []);
  assertEquals(await all(client.messages("me", { ids: [id] })), 0);
});

type Case = readonly [call: (client: Untyped) => unknown, says: string];

const REFUSED: Readonly<Record<string, Case>> = {
  "a peer that nobody awaited": [
    (client) => client.sendMessage(Promise.resolve("me"), "x"),
    "it is a promise. Await it first",
  ],
  "a text that nobody awaited": [
    (client) => client.sendMessage("me", Promise.resolve("x")),
    "its text is a promise. Await it first",
  ],
  "several peers": [(client) => client.sendMessage(["me", "bob"], "x"), "of type array"],
  "peer and text in the other order": [
    (client) => client.sendMessage("Hello, how are you?", "@bob"),
    "Cannot find the peer: a text of 19 characters",
  ],
  "a time in milliseconds": [
    (client) => client.sendMessage("me", "x", { schedule: Date.now() }),
    "which are milliseconds. Pass a Date",
  ],
  "a time without a zone": [
    (client) => client.sendMessage("me", "x", { schedule: "2026-12-01T10:00" }),
    "Pass a Date, or Unix seconds",
  ],
  "a date as text": [
    (client) => all(client.messages("me", { before: "2026-01-01" })),
    "Pass new Date(text)",
  ],
  "the name of an emoji": [
    async (client) => (await client.sendMessage("me", "x")).react(":thumbsup:"),
    "Pass an emoji",
  ],
  "an id and a text in the other order": [
    (client) => client.editMessage("me", "hunter2", 5),
    "is no id of a message",
  ],
  "a message that is not there": [(client) => client.deleteMessages("me"), "type undefined"],
  "an event by its number": [(client) => client.on(5, () => {}), "the event is of type number"],
  "a handler in place of the event": [
    (client) => client.on(() => "hunter2"),
    "the event is of type function, expected one of",
  ],
  "a filter in place of the handler": [
    (client) => client.on("message", { chats: [] }),
    "Pass a function",
  ],
  "a QR code that is not there": [(client) => client.acceptQr(undefined), "not a QR code"],
  "the token of a login in place of its text": [
    async (client) => client.resumeLogin(await client.requestLoginCode(PHONE)),
    "Pass the one that token.save() returned",
  ],
  "the text of a login in place of its token": [
    async (client) => client.signIn((await client.requestLoginCode(PHONE)).save(), CODE),
    "the one that resumeLogin() makes",
  ],
  "token and code in the other order": [
    async (client) => client.signIn(CODE, await client.requestLoginCode(PHONE)),
    "Pass the token that a step returned",
  ],
  "a bot token in place of a phone number": [
    (client) => client.requestLoginCode(TOKEN),
    "Pass the international form",
  ],
  "a phone number in place of a bot token": [
    (client) => client.botSignIn(PHONE),
    "Pass the whole text from @BotFather",
  ],
  "a bot token in place of a peer": [
    (client) => client.sendMessage(TOKEN, "x"),
    "Cannot find the peer: a text of",
  ],
  "a name in place of an input peer": [
    (client) => client.invoke({ _: "messages.getPeerSettings", peer: "me" }),
    "Pass (await client.peer(value)).input",
  ],
  "a peer in place of an input user": [
    (client) => client.invoke({ _: "users.getUsers", id: [{ _: "inputPeerSelf" }] }),
    'Pass { _: "inputUser", userId, accessHash }',
  ],
  "an object of GramJS in place of an input peer": [
    (client) => {
      const peer = { className: "InputPeerSelf" };
      return client.invoke({ _: "messages.getPeerSettings", peer });
    },
    'Write it as an object with its name in _: { _: "inputPeerSelf" }',
  ],
  "one value in place of an array": [
    (client) => client.invoke({ _: "users.getUsers", id: { _: "inputUserSelf" } }),
    "Pass an array, also of one",
  ],
  "a number in place of a bigint": [
    (client) => {
      const user = { _: "inputUser", userId: 5, accessHash: 0n };
      return client.invoke({ _: "users.getUsers", id: [user] });
    },
    "Pass BigInt(value), or write it as 123n",
  ],
  "a text in place of bytes": [
    (client) => client.invoke({ _: "auth.acceptLoginToken", token: "hunter2" }),
    "Pass new TextEncoder().encode(text)",
  ],
  "a text in place of a number": [
    (client) => client.invoke({ _: "messages.receivedMessages", maxId: "5" }),
    "Pass Number(value)",
  ],
  "half a number": [
    (client) => client.invoke({ _: "messages.receivedMessages", maxId: 1.5 }),
    "Pass a whole number: Math.trunc(value)",
  ],
  "a number above 32 bits": [
    (client) => client.invoke({ _: "messages.receivedMessages", maxId: 2 ** 31 }),
    "Pass a number from -2147483648 to 2147483647",
  ],
  "one in place of true": [
    (client) => client.invoke({ _: "account.updateStatus", offline: 1 }),
    "Pass true or false",
  ],
};

for (const [what, [call, says]] of Object.entries(REFUSED)) {
  Deno.test(`A person passes ${what}, and is told what to pass`, async () => {
    await using telegram = new OfflineTelegram();
    await using client = clientOf(telegram);
    await client.start({ phoneNumber: PHONE, phoneCode: CODE });
    const { message } = await assertRejects(async () => await call(client), Error, says);
    assert(!SECRETS.test(message), message);
  });
}

Deno.test("A person passes what is no path, no format, or no data center", async () => {
  const session = new StringSession();
  const cases: [call: () => unknown, says: string][] = [
    [() => importSession(undefined as Untyped), "Cannot find a file by a value of type undefined"],
    [() => importSession(null as Untyped), "of type object. Pass its path"],
    [() => importSession(""), "the text is empty. Pass a session string"],
    [() => importSession("~/me.session"), "only a shell knows the ~ of a path"],
    [() => importSession(TOKEN), "it is not a session string. Check the path"],
    [() => exportSession(session, "Telethon" as Untyped), "expected one of tessera, telethon,"],
    [() => folderStore(undefined as Untyped), "of type undefined. Pass its path"],
    [() => session.setDC("2" as Untyped, "127.0.0.1", 443), "expected its number, its host"],
    [() => session.setDC(2, "127.0.0.1", "443" as Untyped), "its port as a number"],
    [() => new Client({ apiId: 1 } as Untyped, 1, ""), "Cannot keep the session in a value"],
    [() => new Client(MemorySession as Untyped, 1, ""), "Cannot keep the session in a value"],
    [() => new Client(Promise.resolve() as Untyped, 1, ""), "Cannot keep the session in a value"],
    [() => new Client(session, { apiId: 1 } as Untyped, ""), "the api id: it is of type object"],
  ];
  for (const [call, says] of cases) {
    const { message } = await assertRejects(async () => await call(), Error, says);
    assert(!SECRETS.test(message), message);
  }
});

Deno.test("A person imports a file whose path is in quotes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const saved = new StringSession();
    saved.setDC(4, "127.0.0.1", 443);
    saved.setAuthKey(new Uint8Array(256).fill(9));
    const path = await exportSession(saved, "telethon-file", { path: `${folder}/me.session` });
    for (const given of [path, `"${path}"`, ` '${path}'\n`, `${folder}/me`, `file://${path}`]) {
      assertEquals((await importSession(given)).state.dcId, 4, given);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("A person starts a bot with a token from Bot API, and asks for its own id", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const user = await client.start({ botAuthToken: `BOT_TOKEN="bot${BOT_TOKEN}"\n` });
  assertEquals(user.id, 777n);
  assertThrows(() => new Client(TOKEN, 1, "0".repeat(32)), TypeError, "by a bot token");
});
