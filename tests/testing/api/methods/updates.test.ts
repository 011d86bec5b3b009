/**
 * Updates and their state on the offline Telegram: https://core.telegram.org/api/updates
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { ACCOUNTS, difference, OTHER, peerOf } from "../conversations.ts";
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

Deno.test("updates.getState counts messages, and updates.getDifference returns missed ones", () => {
  const { api } = fixture();
  signIn(api);
  const { pts } = ask(api, { _: "updates.getState" }) as TlObject & { pts: number };
  assertEquals(difference(api, pts)._, "updates.differenceEmpty");
  sendMessage(api, "one");
  sendMessage(api, "three");
  const missed = difference(api, pts);
  assertEquals(missed._, "updates.difference");
  assertEquals((missed.newMessages as TlObject[]).map(({ message }) => message), ["one", "three"]);
  assertEquals((missed.state as TlObject).pts, pts + 2);
  assertEquals((difference(api, pts + 1).newMessages as TlObject[]).length, 1);
});

Deno.test("updates.getDifference refuses an impossible state", () => {
  const { api } = fixture();
  signIn(api);
  assertRefused(() => difference(api, 0), 400, "PERSISTENT_TIMESTAMP_EMPTY");
  assertRefused(() => difference(api, -1), 400, "PERSISTENT_TIMESTAMP_INVALID");
  assertRefused(() => difference(api, 2), 400, "PERSISTENT_TIMESTAMP_INVALID");
  assertRefused(() => difference(api, 1, 0), 400, "DATE_EMPTY");
});

Deno.test("a new message is pushed to both accounts, except to the session that sent it", () => {
  const { api } = fixture(ACCOUNTS);
  const charles = caller({ authKeyId: "d4" });
  signIn(api);
  signIn(api, PHONE, OTHER);
  signIn(api, "+9996633333", charles);
  const pushed: [string, TlObject, bigint?][] = [];
  api.onUpdates = (...all) => pushed.push(all);
  const sent = sendMessage(api, "Hello!", caller(), peerOf(api, "charles_b"));
  assertEquals([sent._, sent.out, sent.id, sent.pts, sent.ptsCount, sent.date], [
    "updateShortSentMessage",
    true,
    1,
    2,
    1,
    START,
  ]);
  const to = pushed.map(([authKeyId, , exceptSession]) => [authKeyId, exceptSession]);
  assertEquals(to, [["a1", 1n], ["b2", undefined], ["d4", undefined]]);
  const [, [, mine], [, theirs]] = pushed;
  // Ada has met Charles, so her own message is short; Charles has not met Ada.
  assertEquals([mine._, mine.out, mine.userId, mine.id, mine.pts], [
    "updateShortMessage",
    true,
    22n,
    1,
    2,
  ]);
  const { message } = (theirs.updates as TlObject[])[0] as { message?: TlObject };
  assertEquals([message?.out, message?.peerId], [undefined, { _: "peerUser", userId: 11n }]);
  assertEquals((theirs.users as TlObject[]).map(({ self, phone }) => [self, phone]), [
    [undefined, undefined],
  ]);
  sendMessage(api, "Again!", caller(), peerOf(api, "charles_b"), 2n);
  const [, short] = pushed.at(-1) ?? [];
  assertEquals([short?._, short?.out, short?.userId], ["updateShortMessage", undefined, 11n]);
});
