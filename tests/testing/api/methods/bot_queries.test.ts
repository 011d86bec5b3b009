/**
 * Buttons and inline queries on the offline Telegram, from both sides.
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../../../helpers/assert.ts";
import { type ChatWorld, chatWorld, peerTo, RANGE, updatesIn } from "../chat_world.ts";
import { assertRefused } from "../fixture.ts";

const DATA = Uint8Array.of(1, 2);

function buttons(): TlObject {
  const button = { _: "keyboardButtonCallback", text: "Yes", data: DATA };
  return { _: "replyInlineMarkup", rows: [{ _: "keyboardButtonRow", buttons: [button] }] };
}

/** Lets the bot ask a question with buttons; returns how Ada addresses it. */
function question({ ada, bot }: ChatWorld): { readonly peer: TlObject; readonly msgId: unknown } {
  const peer = peerTo(ada, "test_777_bot");
  ada.send(peer, "/start");
  const toAda = { _: "inputPeerUser", userId: ada.id, accessHash: 0n };
  bot.send(toAda, "Sure?", { replyMarkup: buttons() });
  const [{ message }] = updatesIn(ada.pushed()) as { message: TlObject }[] & TlObject[];
  bot.pushed();
  return { peer, msgId: message.id };
}

Deno.test("a pressed button reaches the bot, whose answer reaches the person", async () => {
  const world = chatWorld();
  const { ada, bot } = world;
  const pressed = { ...question(world), data: DATA };
  const waiting = ada("messages.getBotCallbackAnswer", pressed) as unknown as Promise<TlObject>;
  const [update] = updatesIn(bot.pushed());
  assertEquals([update._, update.userId, update.msgId, update.data], [
    "updateBotCallbackQuery",
    ada.id,
    2,
    DATA,
  ]);
  const { queryId } = update;
  const answer = { queryId, alert: true, message: "Done", cacheTime: 0 };
  assertRefused(
    () => ada("messages.setBotCallbackAnswer", { ...answer }),
    400,
    "QUERY_ID_INVALID",
  );
  bot("messages.setBotCallbackAnswer", answer);
  const { alert, message } = await waiting;
  assertEquals([alert, message], [true, "Done"]);
  assertRefused(() => bot("messages.setBotCallbackAnswer", answer), 400, "QUERY_ID_INVALID");
});

Deno.test("a bot that does not answer in time leaves BOT_RESPONSE_TIMEOUT", async () => {
  const slept: number[] = [];
  const sleep = (ms: number): Promise<void> => Promise.resolve(void slept.push(ms));
  const world = chatWorld({ sleep });
  const pressed = { ...question(world), data: DATA };
  const waiting = world.ada("messages.getBotCallbackAnswer", pressed);
  await assertRejects(() => waiting as unknown as Promise<void>, Error, "BOT_RESPONSE_TIMEOUT");
  assertEquals(slept, [15_000]);
});

Deno.test("a button that the message does not have is refused", async () => {
  const world = chatWorld();
  const pressed = { ...question(world), data: Uint8Array.of(9) };
  const waiting = world.ada("messages.getBotCallbackAnswer", pressed);
  await assertRejects(() => waiting as unknown as Promise<void>, Error, "DATA_INVALID");
});

Deno.test("an inline query reaches the bot, and its result becomes a message", async () => {
  const world = chatWorld();
  const { ada, charles, bot } = world;
  const peer = peerTo(ada, "charles_b");
  const inputBot = { ...peerTo(ada, "test_777_bot"), _: "inputUser" };
  const query = { bot: inputBot, peer, query: "cats", offset: "" };
  const waiting = ada("messages.getInlineBotResults", query) as unknown as Promise<TlObject>;
  const [update] = updatesIn(bot.pushed());
  assertEquals([update._, update.query, update.peerType], ["updateBotInlineQuery", "cats", {
    _: "inlineQueryPeerTypePM",
  }]);
  const sendMessage = { _: "inputBotInlineMessageText", message: "Meow", replyMarkup: buttons() };
  const results = [{
    _: "inputBotInlineResult",
    id: "a",
    type: "article",
    title: "1",
    sendMessage,
  }];
  const { queryId } = update;
  const twice = { queryId, results: [...results, ...results], cacheTime: 0 };
  assertRefused(() => bot("messages.setInlineBotResults", twice), 400, "RESULT_ID_DUPLICATE");
  bot("messages.setInlineBotResults", { queryId, results, cacheTime: 0 });
  const found = await waiting;
  assertEquals((found.results as TlObject[])[0].title, "1");
  const chosen = { peer, queryId: found.queryId, id: "a", randomId: 5n };
  ada("messages.sendInlineBotResult", chosen);
  const [sent] = updatesIn(charles.pushed());
  const message = sent.message as TlObject;
  assertEquals([message.message, message.viaBotId], ["Meow", 777n]);
  assertRefused(
    () => ada("messages.sendInlineBotResult", { ...chosen, id: "b", randomId: 6n }),
    400,
    "RESULT_ID_INVALID",
  );

  const back = peerTo(charles, "ada_l");
  const pressed = { peer: back, msgId: message.id, data: DATA };
  const answer = charles("messages.getBotCallbackAnswer", pressed) as unknown as Promise<TlObject>;
  const [callback] = updatesIn(bot.pushed());
  assertEquals(callback._, "updateInlineBotCallbackQuery");
  bot("messages.editInlineBotMessage", { id: callback.msgId, message: "Purr" });
  bot("messages.setBotCallbackAnswer", { queryId: callback.queryId, cacheTime: 0 });
  await answer;
  const { messages } = charles("messages.getHistory", { peer: back, ...RANGE });
  assertEquals((messages as TlObject[])[0].message, "Purr");
});

Deno.test("a bot without inline mode refuses inline queries", async () => {
  const { ada } = chatWorld({ bots: [{ token: "777:TESTTOKEN", inline: false }] });
  const bot = { ...peerTo(ada, "test_777_bot"), _: "inputUser" };
  const query = { bot, peer: { _: "inputPeerSelf" }, query: "", offset: "" };
  const waiting = ada("messages.getInlineBotResults", query) as unknown as Promise<TlObject>;
  await assertRejects(() => waiting, Error, "BOT_INLINE_DISABLED");
});

Deno.test("a bot learns by a qts that it was blocked, and cannot write then", () => {
  const world = chatWorld();
  const { ada, bot } = world;
  const id = peerTo(ada, "test_777_bot");
  ada.send(id, "/start");
  const toAda = { _: "inputPeerUser", userId: ada.id, accessHash: 0n };
  bot.pushed();
  ada("contacts.block", { id });
  const [update] = updatesIn(bot.pushed());
  assertEquals([update._, update.stopped, update.qts], ["updateBotStopped", true, 1]);
  assertRefused(() => bot.send(toAda, "x"), 400, "USER_IS_BLOCKED");
  assertRefused(() => ada.send(id, "x"), 400, "YOU_BLOCKED_USER");
  ada("contacts.unblock", { id });
  bot.send(toAda, "thank you");
  const missed = bot("updates.getDifference", { pts: 3, date: world.now, qts: 0 });
  const others = (missed.otherUpdates as TlObject[]).map((
    { _, stopped, qts },
  ) => [_, stopped, qts]);
  assertEquals(others, [["updateBotStopped", true, 1], ["updateBotStopped", false, 2]]);
  const { pts, qts } = missed.state as TlObject;
  assertEquals([pts, qts], [3, 2]);
});

Deno.test("a bot of layer 229 sends its buttons in their own form, and people read them", () => {
  const world = chatWorld();
  const { ada, bot } = world;
  ada.send(peerTo(ada, "test_777_bot"), "/start");
  const type = { _: "inlineButtonTypeCallback", data: DATA };
  const buttons = [{ _: "keyboardInlineButton", text: "Yes", type }];
  const rows = [{ _: "keyboardInlineButtonRow", buttons }];
  const toAda = { _: "inputPeerUser", userId: ada.id, accessHash: 0n };
  bot.send(toAda, "Sure?", { replyMarkup: { _: "replyInlineMarkup", rows } });
  const keys = [{ _: "keyboardButton", text: "No", type: { _: "buttonTypeDefault" } }];
  const keyboard = [{ _: "keyboardButtonRow", buttons: keys }];
  bot.send(toAda, "Or?", { replyMarkup: { _: "replyKeyboardMarkup", rows: keyboard } });
  const shown = updatesIn(ada.pushed()).map(({ message }) =>
    (message as { replyMarkup: { rows: { buttons: TlObject[] }[] } } & TlObject).replyMarkup.rows[0]
      .buttons[0]
  );
  assertEquals(shown, [
    { _: "keyboardButtonCallback", style: undefined, text: "Yes", data: DATA },
    { _: "keyboardButton", style: undefined, text: "No" },
  ]);
});
