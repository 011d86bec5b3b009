/** What a session without a connection receives when it returns. */
import { AwayUpdates } from "../../src/testing/away_updates.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assertEquals } from "../helpers/assert.ts";

function packet(update: Partial<TlObject>): TlObject {
  return { _: "updates", updates: [update], users: [], chats: [], date: 7, seq: 0 };
}

const IN_CHANNEL = packet({
  _: "updateNewChannelMessage",
  message: { _: "message", peerId: { _: "peerChannel", channelId: 5n } },
  pts: 3,
  ptsCount: 1,
});

Deno.test("a session without a connection is told once that a channel has news", () => {
  const away = new AwayUpdates();
  const news = { _: "updateShort", update: { _: "updateChannelTooLong", channelId: 5n }, date: 7 };
  assertEquals(away.instead(IN_CHANNEL), news);
  assertEquals(away.instead(IN_CHANNEL), undefined);
  const deleted = { _: "updateDeleteChannelMessages", channelId: 6n, pts: 2, ptsCount: 1 };
  assertEquals((away.instead(packet(deleted))?.update as TlObject).channelId, 6n);
  away.end();
  assertEquals(away.instead(IN_CHANNEL), news, "another absence");
});

Deno.test("a session without a connection keeps 99 packets, then updatesTooLong", () => {
  const away = new AwayUpdates();
  const one = packet({ _: "updateNewMessage", pts: 3, ptsCount: 1 });
  const kept = Array.from({ length: 120 }, () => away.instead(one)?._);
  assertEquals(kept.slice(98, 101), ["updates", "updatesTooLong", undefined]);
  away.end();
  assertEquals(away.instead(one), one);
  const list = packet({ _: "updateChannel", channelId: 5n });
  assertEquals(away.instead(list), list, "a change of the list is no event of the channel");
});
