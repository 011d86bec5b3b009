/** What people do in chats, from the client to the offline Telegram and back. */
import type { Client, Message, PeerLike } from "../../mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import { ADA_PHONE, numbers, UpdatesWorld } from "../client/updates/updates_world.ts";
import { all } from "./context.ts";

/** Ada, and chats of every kind in which she may write. */
async function worldOfChats() {
  const world = new UpdatesWorld();
  const { client } = await world.ada();
  const ada = world.telegram.person(ADA_PHONE);
  const group = await ada.createGroup("Group", { members: ["@bobby"] });
  const supergroup = await ada.createSupergroup("Super", { members: ["@bobby"] });
  const channel = await ada.createChannel("News", { members: ["@bobby"] });
  const chats: Record<string, PeerLike> = {
    "a private chat": "@bobby",
    "oneself": "me",
    "a group": group.input,
    "a supergroup": supergroup.input,
    "a channel": channel.input,
  };
  return { world, client, chats };
}

/** Sends numbers as texts. */
async function sendNumbers(client: Client, chat: PeerLike, count: number): Promise<Message[]> {
  const sent: Message[] = [];
  for (const text of numbers(1, count)) sent.push(await client.sendMessage(chat, text));
  return sent;
}

/** The texts of a chat, the newest first, without those of the service. */
async function textsIn(client: Client, chat: PeerLike, options = {}): Promise<string[]> {
  const found = await all(client.messages(chat, options));
  return found.filter(({ action }) => action === undefined).map(({ text }) => text);
}

Deno.test("Messages are sent, edited, forwarded and deleted in every kind of chat", async () => {
  const { world, client, chats } = await worldOfChats();
  await using _ = world;
  for (const [what, chat] of Object.entries(chats)) {
    const [one, two, three] = await world.wait(sendNumbers(client, chat, 3));
    const edited = await world.wait(two.edit("2 edited"));
    assertEquals([edited.id, edited.text], [two.id, "2 edited"], what);
    const answer = await world.wait(one.reply("reply"));
    assertEquals(answer.replyToId, one.id, what);
    assertEquals((await world.wait(answer.repliedTo()))?.text, "1", what);
    await world.wait(three.delete());
    const copy = await world.wait(edited.forward("@carol"));
    assertEquals([copy.text, copy.chat.username], ["2 edited", "carol"], what);
    assertEquals(await world.wait(textsIn(client, chat)), ["reply", "2 edited", "1"], what);
    await world.wait(client.markRead(chat));
  }
});

Deno.test("A history of 250 messages is read in both directions, in each kind", async () => {
  const { world, client, chats } = await worldOfChats();
  await using _ = world;
  for (const what of ["a private chat", "a supergroup"]) {
    const chat = chats[what];
    const sent = await world.wait(sendNumbers(client, chat, 250));
    const expected = numbers(1, 250);
    const read = (options: object) => world.wait(textsIn(client, chat, options));
    assertEquals(await read({}), expected.toReversed(), what);
    assertEquals(await read({ oldestFirst: true }), expected, what);
    assertEquals(await read({ oldestFirst: true, after: sent[99] }), expected.slice(100), what);
    assertEquals(
      await read({ before: sent[149], after: sent[9] }),
      expected.slice(10, 149).toReversed(),
      what,
    );
    assertEquals(await read({ limit: 101 }), expected.toReversed().slice(0, 101), what);
    assertEquals(await read({ search: "24", oldestFirst: true }), [
      "24",
      "124",
      "224",
      ...numbers(240, 249),
    ], what);
    const ids = [sent[5].id, 1_000_000, sent[3].id];
    assertEquals(await read({ ids }), ["6", "4"], what);
    await world.wait(client.deleteMessages(chat, sent));
    assertEquals(await read({}), [], what);
  }
});

Deno.test("A hundred and fifty messages are forwarded in their order", async () => {
  const { world, client, chats } = await worldOfChats();
  await using _ = world;
  const sent = await world.wait(sendNumbers(client, "me", 150));
  const copies = await world.wait(client.forwardMessages("me", sent, chats["a supergroup"]));
  assertEquals(copies.map(({ text }) => text), numbers(1, 150));
  const texts = await world.wait(textsIn(client, chats["a supergroup"], { oldestFirst: true }));
  assertEquals(texts, numbers(1, 150));
});

Deno.test("130 chats of one second are listed once each, and found by their ids", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const titles = numbers(1, 130);
  const chats: { id: bigint }[] = [];
  for (const title of titles) {
    chats.push(await world.bob.createSupergroup(title, { members: ["@ada_l"] }));
  }
  const listed = await world.wait(all(client.dialogs()));
  const supergroups = listed.filter(({ peer }) => peer.kind === "supergroup");
  assertEquals(new Set(supergroups.map(({ title }) => title)).size, 130);
  assertEquals(supergroups.length, 130);
  assertEquals((await world.wait(all(client.dialogs({ limit: 101 })))).length, 101);
  assertEquals(await world.wait(all(client.dialogs({ archived: true }))), []);
  // The marked id as text, as people have it from a bot or a log.
  const id = `-100${chats[7].id}`;
  const peer = await world.wait(client.peer(id));
  assertEquals([peer.title, peer.kind], ["8", "supergroup"]);
});

Deno.test("An id that the account has never met is looked for once, and then told", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  for (let i = 0; i < 3; i++) {
    const says = "nor is it among its dialogs";
    await assertRejects(() => world.wait(client.sendMessage("4711", "x")), TypeError, says);
  }
  assertEquals(world.count("messages.getDialogs"), 2, "the chats, and the archived ones");
});

Deno.test("What getMe(), peer() and messages return names a peer again", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const me = await world.wait(client.getMe());
  const bob = await world.wait(client.peer("https://t.me/bobby"));
  assertEquals([bob.title, bob.kind, bob.username], ["Bob", "user", "bobby"]);
  const sent = await world.wait(client.sendMessage(bob, "1"));
  for (const name of [bob, bob.id, `${bob.id}`, bob.input, bob.raw, sent.chat]) {
    const again = await world.wait(client.sendMessage(name as PeerLike, "again"));
    assertEquals(again.chat.id, bob.id);
  }
  const toSelf = await world.wait(client.sendMessage(me as PeerLike, "note"));
  await world.wait(toSelf.edit("note 2"));
  assertEquals(await world.wait(textsIn(client, "me")), ["note 2"]);
});
