/** A formatted text as it is sent. */
import { ChatOrder } from "../../src/messages/chat_order.ts";
import type { PeerContext } from "../../src/messages/input_peer.ts";
import { messageActions } from "../../src/messages/actions.ts";
import { outgoingText } from "../../src/messages/outgoing_text.ts";
import { PeerCache } from "../../src/messages/peer_cache.ts";
import { md, mention } from "../../src/messages/text/mod.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import { ScriptedTelegram } from "../helpers/scripted_telegram.ts";

/** A client that has seen Ada and a group. */
async function client(): Promise<PeerContext> {
  const telegram = new ScriptedTelegram([]);
  await telegram.session.peers.put([
    { id: 42n, kind: "user", accessHash: 420n, usernames: [] },
    { id: -5n, kind: "chat", usernames: [] },
  ]);
  const host = { ...telegram, lifetime: new AbortController().signal };
  const context = { peers: new PeerCache(host), chatOrder: new ChatOrder() };
  const client = Object.assign(telegram, context) as ScriptedTelegram & PeerContext;
  return Object.assign(client, { actions: messageActions(client) });
}

Deno.test("outgoingText() cuts white space, and shifts the entities", async () => {
  const text = md`
    **a** b
  `;
  assertEquals(await outgoingText(await client(), text), {
    message: "a b",
    entities: [{ _: "messageEntityBold", offset: 0, length: 1 }],
  });
  assertEquals(
    await outgoingText(await client(), {
      text: " \n ",
      entities: [{ _: "messageEntityBold", offset: 0, length: 3 }],
    }),
    { message: "", entities: [] },
  );
});

Deno.test("outgoingText() looks up the access hash of a mention", async () => {
  const context = await client();
  const user = { _: "inputUser", userId: 42n, accessHash: 420n } as const;
  const { entities } = await outgoingText(
    context,
    md`[Ada](tg://user?id=42) ${mention(user, "A")}`,
  );
  assertEquals(entities, [
    { _: "inputMessageEntityMentionName", offset: 0, length: 3, userId: user },
    { _: "inputMessageEntityMentionName", offset: 4, length: 1, userId: user },
  ]);
  context.session.state.user = { id: 1n, isBot: false };
  assertEquals((await outgoingText(context, mention(1n, "me"))).entities, [{
    _: "inputMessageEntityMentionName",
    offset: 0,
    length: 2,
    userId: { _: "inputUserSelf" },
  }]);
});

Deno.test("outgoingText() of a bot mentions people that it has not seen", async () => {
  const context = await client();
  context.session.state.user = { id: 1n, isBot: true };
  assertEquals((await outgoingText(context, mention(77n, "a"))).entities, [{
    _: "inputMessageEntityMentionName",
    offset: 0,
    length: 1,
    userId: { _: "inputUser", userId: 77n, accessHash: 0n },
  }]);
});

Deno.test("outgoingText() says what to do about a user that was not seen", async () => {
  const context = await client();
  const refused = (id: bigint, text: string) =>
    assertRejects(() => outgoingText(context, mention(id, "a")), TypeError, text);
  await refused(77n, 'Cannot mention the user "77": this session has not seen the user. Write the');
  await refused(5n, 'Cannot mention the user "5": the id is not of a user. Write the @username');
});

Deno.test("outgoingText() refuses more than 100 entities of the sender", async () => {
  const entities = (count: number, _: string): Api.MessageEntity[] =>
    Array.from({ length: count }, (_unused, offset) => ({ _, offset, length: 1 })) as never;
  const text = "a".repeat(101);
  const found = entities(101, "messageEntityUrl");
  assertEquals((await outgoingText(await client(), { text, entities: found })).entities, []);
  const bold = entities(100, "messageEntityBold");
  assertEquals((await outgoingText(await client(), { text, entities: bold })).entities, bold);
  await assertRejects(
    async () =>
      await outgoingText(await client(), { text, entities: entities(101, "messageEntityBold") }),
    TypeError,
    "Cannot send a text with 101 entities, expected at most 100",
  );
});
