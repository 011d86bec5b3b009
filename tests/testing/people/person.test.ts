/**
 * People who are played by a test: with each other, and with a bot of this library.
 */
import { Client, MemorySession } from "../../../mod.ts";
import { OfflineTelegram, type Person, RpcFailure } from "../../../src/testing/mod.ts";
import type { Api, TlObject } from "../../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../../helpers/assert.ts";
import { png } from "../api/images.ts";
import { sameRandom } from "../../helpers/remembered_powers.ts";

const CHARLES = { firstName: "Charles", lastName: "Babbage", username: "charles_b" };

interface World extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly ada: Person;
  readonly charles: Person;
}

function world(): World {
  const telegram = new OfflineTelegram();
  const ada = telegram.person("+9996621111");
  const charles = telegram.person("+9996633333", CHARLES);
  return { telegram, ada, charles, [Symbol.asyncDispose]: () => telegram.close() };
}

/** Starts a bot that answers by the function. */
async function startBot(
  telegram: OfflineTelegram,
  onUpdate: (update: Api.Update, client: Client) => Promise<unknown>,
): Promise<Client> {
  const { apiId, apiHash, clientOptions } = telegram;
  const options = { ...clientOptions, random: sameRandom().client };
  const client: Client = await Client.open(new MemorySession(), apiId, apiHash, {
    ...options,
    onUpdates: async ({ updates = [] }: TlObject) => {
      for (const update of updates as Api.Update[]) await onUpdate(update, client);
    },
  });
  await client.botSignIn("777:TESTTOKEN");
  await client.invoke({ _: "updates.getState" });
  return client;
}

Deno.test("people write to each other, edit, react, forward and delete", async () => {
  await using all = world();
  const { ada, charles } = all;
  const sent = await ada.send("@charles_b", "Hello!");
  const message = await charles.nextMessage();
  assertEquals([message.text, message.chat.kind, message.chat.title], ["Hello!", "user", ada.name]);
  assertEquals(message.from, { id: ada.id, name: "User 1111", isBot: false });
  await charles.send(message, { text: "Hi!", replyTo: message });
  const reply = await ada.nextMessage({ from: "@Charles_B" });
  assertEquals([reply.replyToId, reply.from?.name], [sent.id, "Charles Babbage"]);
  await ada.edit(sent, "Hello, Charles!");
  assertEquals((await charles.nextEdit()).text, "Hello, Charles!");
  await charles.react(message, "👍");
  const [, first] = await ada.history(charles);
  assertEquals((first.raw as Api.message).reactions?.results[0].count, 1);
  const forwarded = await ada.forward(reply, "me");
  assertEquals([forwarded.text, forwarded.chat.id], ["Hi!", ada.id]);
  await charles.read(ada);
  await ada.block(charles);
  await assertRejects(() => charles.send(ada, "x"), RpcFailure, "USER_IS_BLOCKED");
  await ada.block(charles, { unblock: true });
  await charles.type(ada);
  await ada.delete(sent);
  assertEquals((await charles.history(ada)).map(({ text }) => text), ["Hi!"]);
});

Deno.test("people meet in groups, supergroups and channels", async () => {
  await using all = world();
  const { telegram, ada, charles } = all;
  const group = await ada.createGroup("Engines", { members: [charles] });
  await charles.send(group, "one");
  assertEquals((await ada.nextMessage({ chat: group })).text, "one");
  await ada.remove(group, charles);
  await assertRejects(() => charles.send(group, "two"), RpcFailure, "CHAT_WRITE_FORBIDDEN");
  await ada.invite(group, "@charles_b");
  await charles.leave(group);

  const supergroup = await ada.createSupergroup("Super", { username: "super_group" });
  assertEquals([supergroup.kind, supergroup.username], ["supergroup", "super_group"]);
  const joined = await charles.join("@super_group");
  assertEquals(joined.id, supergroup.id);
  const post = await charles.send(joined, "three");
  await ada.promote(supergroup, charles);
  await charles.delete(post);
  const texts = (await ada.history(supergroup)).map(({ raw }) => raw._);
  assertEquals(texts, ["messageService", "messageService"]);
  await charles.leave(joined);

  const channel = await ada.createChannel("News", { about: "What is new" });
  const grace = telegram.person("+9996644444", { firstName: "Grace" });
  await grace.join(await ada.inviteLink(channel));
  await ada.send(channel, "Extra!");
  const news = await grace.nextMessage();
  assertEquals([news.text, news.from, news.chat.kind], ["Extra!", undefined, "channel"]);
  await ada.remove(channel, grace);
  await assertRejects(() => grace.history(news), RpcFailure, "CHANNEL_PRIVATE");
});

Deno.test("a person talks to a bot: texts, buttons and inline queries", async () => {
  await using all = world();
  const { telegram, ada } = all;
  const bot = await startBot(telegram, async (update, client) => {
    if (update._ === "updateNewMessage" && update.message._ === "message") {
      const peer: Api.InputPeer = { _: "inputPeerUser", userId: ada.id, accessHash: 0n };
      const data = new TextEncoder().encode("yes");
      const buttons: Api.KeyboardButton[] = [
        { _: "keyboardButtonCallback", text: "Yes", data },
        { _: "keyboardButtonUrl", text: "More", url: "https://example.org" },
      ];
      const replyMarkup: Api.ReplyMarkup = {
        _: "replyInlineMarkup",
        rows: [{ _: "keyboardButtonRow", buttons }],
      };
      const message = `You wrote ${update.message.message}`;
      await client.invoke({
        _: "messages.sendMessage",
        peer,
        message,
        randomId: BigInt(update.pts),
        replyMarkup,
      });
    }
    if (update._ === "updateBotCallbackQuery") {
      const { queryId } = update;
      const answer = { queryId, alert: true, message: "Done", cacheTime: 0 };
      await client.invoke({ _: "messages.setBotCallbackAnswer", ...answer });
    }
    if (update._ === "updateBotInlineQuery") {
      const sendMessage: Api.InputBotInlineMessage = {
        _: "inputBotInlineMessageText",
        message: `About ${update.query}`,
      };
      const result = { id: "1", type: "article", title: update.query, sendMessage };
      const results: Api.InputBotInlineResult[] = [{ _: "inputBotInlineResult", ...result }];
      const { queryId } = update;
      await client.invoke({ _: "messages.setInlineBotResults", queryId, results, cacheTime: 0 });
    }
  });
  await using _bot = bot;
  await ada.send("@test_777_bot", "/start");
  const message = await ada.nextMessage({ from: "@test_777_bot", text: /start/ });
  assertEquals(message.buttons, [["Yes", "More"]]);
  assertEquals(await ada.press(message, "Yes"), { text: "Done", alert: true });
  assertEquals(await ada.press(message, "yes"), { text: "Done", alert: true }, "by its data");
  assertEquals(await ada.press(message, "More"), { alert: false, url: "https://example.org" });
  await assertRejects(() => ada.press(message, "No"), RangeError, '"Yes", "More"');
  const [result] = await ada.inline("@test_777_bot", "cats");
  assertEquals([result.title, result.text], ["cats", "About cats"]);
  const chosen = await ada.choose(result, "@charles_b");
  assertEquals(chosen.text, "About cats");
  const seen = await all.charles.nextMessage();
  assertEquals((seen.raw as Api.message).viaBotId, 777n);
});

Deno.test("nextMessage() takes each message once, in order, and leaves the others", async () => {
  await using all = world();
  const { ada, charles } = all;
  for (const text of ["1", "2", "3"]) await ada.send(charles, text);
  assertEquals((await charles.nextMessage({ text: "2" })).text, "2");
  const rest: string[] = [];
  for await (const { text } of charles.messages) {
    rest.push(text);
    if (rest.length === 2) break;
  }
  assertEquals(rest, ["1", "3"]);
  assertEquals(charles.received.length, 3);
  const waiting = charles.nextMessage();
  await ada.send(charles, "4");
  assertEquals((await waiting).text, "4");
  await ada.send(charles, "5");
  charles.clear();
  await assertRejects(() => charles.nextMessage({ timeout: 1 }), Error, "Nothing else came.");
});

Deno.test("nextMessage() says what came instead of the wanted message", async () => {
  await using all = world();
  const { ada, charles } = all;
  await ada.send(charles, "something else");
  const filter = { from: "@test_777_bot", text: /hello/i, timeout: 1 };
  const error = await assertRejects(() => charles.nextMessage(filter), Error);
  assertEquals(
    error.message,
    'Cannot return a message to Charles Babbage from "@test_777_bot" like /hello/i: it did not ' +
      'come within 0.001 s. There is "something else" from User 1111.',
  );
});

Deno.test("person() returns the same person again, and refuses an unknown user id", async () => {
  await using all = world();
  const { telegram, ada } = all;
  assert(telegram.person("+9996621111") === ada);
  assert(telegram.person(ada.id) === ada);
  assertThrows(() => telegram.person(99n), TypeError, "does not exist");
  assert(telegram.person(ada.id, { username: undefined }) === ada);
  for (const who of ["+9996621111", ada.id]) {
    const again = () => telegram.person(who, { username: "ada" });
    assertThrows(again, TypeError, 'the option "username": the account exists already');
  }
  const taken = () => telegram.person("+9996644444", { username: "Charles_B" });
  assertThrows(taken, TypeError, 'the username "Charles_B" is in use');
});

Deno.test("a person finds others by their phone numbers", async () => {
  await using all = world();
  const { ada, charles } = all;
  await charles.send("+999 662 1111", "Hello!");
  assertEquals((await ada.nextMessage()).text, "Hello!");
  const group = await charles.createSupergroup("Engines", { members: ["+9996621111"] });
  assertEquals((await ada.history(group)).length > 0, true);
  await assertRejects(() => ada.send("+9990000000", "Hello?"), RpcFailure, "PHONE_NOT_OCCUPIED");
});

Deno.test("people send files and photos, and read those of others", async () => {
  await using all = world();
  const { ada, charles, telegram } = all;
  const bytes = Uint8Array.of(1, 2, 3);
  const options = { name: "notes.txt", mime: "text/plain", caption: "Read!" };
  const sent = await ada.sendFile("@charles_b", bytes, options);
  const message = await charles.nextMessage({ text: "Read!" });
  const { id, ...file } = message.file ?? { id: 0n };
  assertEquals(file, { kind: "document", name: "notes.txt", mime: "text/plain", size: 3 });
  assertEquals([sent.file?.id, charles.download(message)], [id, bytes]);
  await charles.sendFile(message, png(40, 30), { as: "photo", replyTo: message });
  const photo = await ada.nextMessage();
  assertEquals([photo.file?.kind, photo.file?.size, photo.replyToId], ["photo", 33, sent.id]);
  await ada.sendFile("me", telegram.api.addFile({ bytes, name: "again.txt" }));
  assertThrows(() => ada.download({ ...sent, file: undefined }), TypeError, "has no file");
  await assertRejects(() => ada.sendFile("me", bytes, { as: "photo" }), TypeError, "no image");
  await assertRejects(() => ada.sendFile("me", { size: 0 }), TypeError, "it has no bytes");
});

Deno.test("a person gives up a username, and another one takes it", async () => {
  await using all = world();
  const { ada, charles } = all;
  await assertRejects(() => ada.setUsername("charles_b"), RpcFailure, "USERNAME_OCCUPIED");
  await charles.setUsername("");
  await ada.setUsername("charles_b");
  assertEquals([ada.username, charles.username], ["charles_b", undefined]);
  await charles.send("@charles_b", "Hello!");
  assertEquals((await ada.nextMessage()).text, "Hello!");
  const channel = await charles.createChannel("News", { username: "all_news" });
  await charles.setUsername("", channel);
  await ada.setUsername("all_news");
  assertEquals(ada.username, "all_news");
});

Deno.test("a bot writes to a person whose only message it has deleted", async () => {
  await using all = world();
  const { telegram, ada, charles } = all;
  await using bot = await startBot(telegram, async () => {});
  bot.on("message", async (message) => {
    await message.delete();
    await message.respond("Deleted");
  });
  await ada.send("@test_777_bot", "secret");
  assertEquals((await ada.nextMessage()).text, "Deleted");
  const write = () => bot.sendMessage(charles.id, "Hello");
  await assertRejects(write, Error, "PEER_ID_INVALID"); // Charles has not written yet
  await charles.send("@test_777_bot", "/start");
  assertEquals((await charles.nextMessage()).text, "Deleted");
});
