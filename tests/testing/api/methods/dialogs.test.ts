/**
 * The list of conversations on the offline Telegram: https://core.telegram.org/api/dialogs
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { ACCOUNTS, peerOf, SELF, texts } from "../conversations.ts";
import {
  ask,
  assertRefused,
  caller,
  fixture,
  PHONE,
  sendMessage,
  signIn,
  START,
} from "../fixture.ts";

Deno.test("messages.getDialogs lists conversations with their newest message", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  sendMessage(api, "to me", caller(), SELF, 1n);
  sendMessage(api, "to Charles", caller(), peerOf(api, "charles_b"), 2n);
  const request = { _: "messages.getDialogs", offsetDate: 0, offsetId: 0, limit: 10, hash: 0n };
  const answer = ask(api, { ...request, offsetPeer: { _: "inputPeerEmpty" } });
  const peers = (answer.dialogs as TlObject[]).map(({ peer, topMessage }) => [peer, topMessage]);
  assertEquals(peers, [[{ _: "peerUser", userId: 22n }, 2], [{ _: "peerUser", userId: 11n }, 1]]);
  assertEquals(texts(answer), ["to Charles", "to me"]);
  assertEquals((answer.users as TlObject[]).map(({ id }) => id), [22n, 11n]);
  assertEquals(ask(api, { ...request, folderId: 1 }).dialogs, []);
  assertRefused(() => ask(api, { ...request, folderId: 2 }), 400, "FOLDER_ID_INVALID");
});

Deno.test("messages.getDialogs returns the requested page, and nothing after the last", () => {
  const state = fixture(ACCOUNTS);
  const { api } = state;
  signIn(api);
  sendMessage(api, "to me", caller(), SELF, 1n);
  state.now++;
  sendMessage(api, "to Charles", caller(), peerOf(api, "charles_b"), 2n);
  const page = (offsetId: number, offsetDate: number, limit = 1): TlObject => {
    const request = { _: "messages.getDialogs", offsetPeer: SELF, hash: 0n };
    return ask(api, { ...request, offsetId, offsetDate, limit });
  };
  const first = page(0, 0);
  assertEquals([first._, first.count, texts(first)], ["messages.dialogsSlice", 2, ["to Charles"]]);
  assertEquals(texts(page(2, START + 1)), ["to me"]);
  assertEquals(texts(page(1, START)), []);
  assertEquals(page(0, 0, 2)._, "messages.dialogs");
  assertEquals(texts(page(0, 0, 0)), ["to Charles", "to me"], "a limit of 0 asks for all");
});

Deno.test("messages.getPeerDialogs returns conversations with and without messages", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  sendMessage(api, "to me", caller(), SELF, 1n);
  const peers = [SELF, peerOf(api, "charles_b")].map((peer) => ({ _: "inputDialogPeer", peer }));
  const answer = ask(api, { _: "messages.getPeerDialogs", peers });
  const found = (answer.dialogs as TlObject[]).map(({ peer, topMessage }) => [peer, topMessage]);
  assertEquals(found, [[{ _: "peerUser", userId: 11n }, 1], [{ _: "peerUser", userId: 22n }, 0]]);
  assertEquals(texts(answer), ["to me"]);
  assertEquals((answer.users as TlObject[]).map(({ id }) => id), [11n, 22n]);
  assertEquals((answer.state as TlObject).pts, 2);
  const nobody = { _: "inputDialogPeer", peer: { _: "inputPeerEmpty" } };
  assertRefused(
    () => ask(api, { _: "messages.getPeerDialogs", peers: [nobody] }),
    400,
    "PEER_ID_INVALID",
  );
});

Deno.test("messages.getPinnedDialogs returns an empty list", () => {
  const { api } = fixture();
  signIn(api);
  const answer = ask(api, { _: "messages.getPinnedDialogs", folderId: 0 });
  assertEquals([answer._, answer.dialogs], ["messages.peerDialogs", []]);
  assertRefused(
    () => ask(api, { _: "messages.getPinnedDialogs", folderId: 2 }),
    400,
    "FOLDER_ID_INVALID",
  );
});

Deno.test("messages.readHistory affects nothing, because every message is read", () => {
  const { api } = fixture();
  signIn(api, PHONE);
  sendMessage(api, "x");
  const read = { _: "messages.readHistory", peer: SELF, maxId: 1 };
  const affected = { _: "messages.affectedMessages", pts: 2, ptsCount: 0 };
  assertEquals(ask(api, read), affected);
  const nobody = { ...read, peer: { _: "inputPeerEmpty" } };
  assertRefused(() => ask(api, nobody), 400, "PEER_ID_INVALID");
});
