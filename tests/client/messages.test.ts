/**
 * sendMessage() with a Telegram that follows a script: whom each way of naming a peer means, and
 * where the message is found in an answer.
 */
import { UncertainSendError } from "../../src/messages/uncertain_send_error.ts";
import { RpcError } from "../../src/connection/mod.ts";
import { chatNames } from "../../src/messages/chat_names.ts";
import { sendMessage } from "../../src/messages/send_message.ts";
import { ChatOrder } from "../../src/messages/chat_order.ts";
import { PeerCache } from "../../src/messages/peer_cache.ts";
import { messageActions } from "../../src/messages/actions.ts";
import type { PeerContext } from "../../src/messages/input_peer.ts";
import type { PeerLike } from "../../src/messages/named_peer.ts";
import { channelPeerId, type Peer } from "../../src/session/mod.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import { type Line, ScriptedTelegram } from "../helpers/scripted_telegram.ts";

const SENT: Api.updateShortSentMessage = {
  _: "updateShortSentMessage",
  id: 7,
  pts: 1,
  ptsCount: 1,
  date: 1700,
};
const GROUP: Peer = { id: -5n, kind: "chat", usernames: [] };
const CHANNEL: Peer = {
  id: channelPeerId(6n),
  kind: "channel",
  accessHash: 66n,
  usernames: ["news"],
};
const ADA: Peer = { id: 42n, kind: "user", accessHash: 420n, usernames: ["ada"], phone: "99966" };

/** A client that has seen these peers, with a script of Telegram's answers. */
async function knowing(
  peers: readonly Peer[],
  script: Line[],
): Promise<ScriptedTelegram & PeerContext> {
  const telegram = new ScriptedTelegram(script);
  const seenAt = Math.floor(telegram.clock.now() / 1000);
  await telegram.session.peers.put(peers.map((peer) => ({ ...peer, seenAt })));
  const host = { ...telegram, lifetime: new AbortController().signal };
  const context = { peers: new PeerCache(host), chatOrder: new ChatOrder() };
  const client = Object.assign(telegram, context) as ScriptedTelegram & PeerContext;
  return Object.assign(client, { actions: messageActions(client) });
}

/** Fails unless a message to `to` goes to this input peer, after these calls. */
async function assertGoesTo(to: PeerLike, peer: Api.InputPeer, before: Line[] = []): Promise<void> {
  const sending: Line = ["messages.sendMessage", { peer, message: "Hello" }, SENT];
  const telegram = await knowing([GROUP, CHANNEL, ADA], [...before, sending]);
  const { id, date, text } = await sendMessage(telegram, to, "Hello");
  assertEquals([id, date, text], [7, 1700, "Hello"]);
  telegram.finish();
}

const INPUT_ADA: Api.InputPeer = { _: "inputPeerUser", userId: 42n, accessHash: 420n };
const INPUT_NEWS: Api.InputPeer = { _: "inputPeerChannel", channelId: 6n, accessHash: 66n };
const INPUT_GROUP: Api.InputPeer = { _: "inputPeerChat", chatId: 5n };

Deno.test("sendMessage() finds a seen peer by each of its names without a call", async () => {
  for (const to of ["me", "self"]) await assertGoesTo(to, { _: "inputPeerSelf" });
  for (const to of ["ada", "@Ada", "+9 (99)-66", 42, 42n]) await assertGoesTo(to, INPUT_ADA);
  for (const to of ["@news", 6, -1000000000006]) await assertGoesTo(to, INPUT_NEWS);
  for (const to of [5, -5, -5n]) await assertGoesTo(to, INPUT_GROUP);
  await assertGoesTo(-8, { _: "inputPeerChat", chatId: 8n });
  await assertGoesTo(INPUT_NEWS, INPUT_NEWS);
});

/** What Telegram says of a username or a phone number. */
function resolved(peer: Api.Peer, chats: Api.Chat[] = [], users: Api.User[] = []): unknown {
  return { _: "contacts.resolvedPeer", peer, chats, users };
}

Deno.test("sendMessage() asks Telegram about an unseen username or phone number", async () => {
  const user: Api.User = { _: "user", id: 9n, accessHash: 99n };
  const input: Api.InputPeer = { _: "inputPeerUser", userId: 9n, accessHash: 99n };
  const answer = resolved({ _: "peerUser", userId: 9n }, [], [user]);
  await assertGoesTo("@nine", input, [["contacts.resolveUsername", { username: "nine" }, answer]]);
  await assertGoesTo("+1 99900", input, [["contacts.resolvePhone", { phone: "199900" }, answer]]);
  const channel = { _: "channel", id: 8n, accessHash: 88n, title: "", date: 0 };
  const theirs = resolved({ _: "peerChannel", channelId: 8n }, [channel as Api.Chat]);
  await assertGoesTo(
    "eight",
    { _: "inputPeerChannel", channelId: 8n, accessHash: 88n },
    [["contacts.resolveUsername", { username: "eight" }, theirs]],
  );
});

Deno.test("sendMessage() names an unknown peer, and looks up only names", async () => {
  const none = resolved({ _: "peerUser", userId: 9n });
  const wrong: readonly (readonly [to: PeerLike, says: string, script?: Line[]])[] = [
    ["no name", 'Cannot find the peer "no name". Pass "me"'],
    ["+12", 'Cannot find the peer "+12". Pass "me"'],
    ["", 'Cannot find the peer "". Pass "me"'],
    [1.5, 'Cannot find the peer "1.5". Pass a whole number'],
    [2 ** 60, "Pass a whole number"],
    [77, "this account has not met it"],
    [-1000000000077, "this account has not met it"],
    ["nobody", "Telegram gives no access to it", [["contacts.resolveUsername", {}, none]]],
  ];
  for (const [to, says, script = []] of wrong) {
    const telegram = await knowing([], script);
    await assertRejects(() => sendMessage(telegram, to, "Hello"), TypeError, says);
    telegram.finish();
  }
});

Deno.test("sendMessage() of a bot names people it has not seen by their id alone", async () => {
  const peer = { _: "inputPeerUser", userId: 77n, accessHash: 0n };
  const telegram = await knowing([], [["messages.sendMessage", { peer }, SENT]]);
  telegram.session.state.user = { id: 1n, isBot: true };
  assertEquals((await sendMessage(telegram, 77, "Hello")).id, 7);
});

/** Updates in which another message of ours and this one have got their ids. */
function updatesOf(name: "updates" | "updatesCombined") {
  return ({ randomId }: { readonly randomId: bigint }): unknown => ({
    _: name,
    updates: [
      { _: "updateMessageID", id: 6, randomId: randomId + 1n },
      { _: "updateMessageID", id: 7, randomId },
    ],
    users: [],
    chats: [],
    date: 1700,
    seq: 0,
    seqStart: 0,
  });
}

Deno.test("sendMessage() finds its message in every answer, or reports its absence", async () => {
  const tooLong = { _: "updatesTooLong" };
  const others = { _: "updates", updates: [], users: [], chats: [], date: 1700, seq: 0 };
  for (const answer of [SENT, updatesOf("updates"), updatesOf("updatesCombined")]) {
    const telegram = await knowing([], [["messages.sendMessage", {}, answer]]);
    const { id, date, text } = await sendMessage(telegram, "me", { message: "Hello" });
    assertEquals([id, date, text], [7, 1700, "Hello"]);
  }
  for (const answer of [tooLong, others]) {
    const telegram = await knowing([], [["messages.sendMessage", {}, answer]]);
    const sending = sendMessage(telegram, "me", "Hello");
    await assertRejects(
      () => sending,
      UncertainSendError,
      `Cannot find the id of the message that was sent in "${answer._}"`,
    );
  }
});

Deno.test("sendMessage() remembers nothing of a chat after its messages", async () => {
  const refused = new RpcError(400, "PEER_ID_INVALID", "messages.sendMessage");
  for (const answer of [SENT, refused]) {
    const telegram = await knowing([ADA], [
      ["messages.sendMessage", {}, answer],
      ["messages.sendMessage", {}, answer],
      ["messages.sendMessage", {}, answer],
    ]);
    const sending = ["me", "@ada", 42n, "no name"].map((to) => sendMessage(telegram, to, "Hello"));
    await Promise.allSettled(sending);
    await Promise.resolve();
    assertEquals(telegram.chatOrder.size, 0);
    telegram.finish();
  }
});

Deno.test("the names of a chat have one id for each peer, before loading too", async () => {
  const telegram = await knowing([], []);
  telegram.session.state.user = undefined;
  const before = chatNames(telegram, "me");
  telegram.session.state.user = { id: 42n, isBot: false };
  telegram.peers.see([{ _: "user", id: 42n, accessHash: 1n, username: "ada", phone: "99966" }]);
  assertEquals(chatNames(telegram, "self"), before);
  const input: Api.InputPeer = { _: "inputPeerUser", userId: 42n, accessHash: 1n };
  for (const to of ["@Ada", "+9 99 66", 42, 42n, input]) {
    assertEquals(chatNames(telegram, to).id, before.id);
  }
  telegram.peers.see([{ _: "channel", id: 6n, accessHash: 1n, title: "", date: 0 }]);
  const channel: Api.InputPeer = { _: "inputPeerChannel", channelId: 6n, accessHash: 1n };
  for (const to of [6, -1000000000006n, channel]) {
    assertEquals(chatNames(telegram, to).id, "-1000000000006");
  }
  assertEquals(chatNames(telegram, { _: "inputPeerChat", chatId: 5n }).id, "-5");
  for (const to of ["+1 (2)3", 7, 1.5, "nobody"]) {
    assertEquals(chatNames(telegram, to).id, undefined);
  }
});
