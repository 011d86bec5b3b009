/**
 * client.messages(), against a history that follows Telegram's rules for offsets
 * (https://core.telegram.org/api/offsets), and the exact requests.
 */
import { type HistoryOptions, messages } from "../../src/messages/chats/history.ts";
import type { PeerContext } from "../../src/messages/input_peer.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { all, contextOf, found, INPUT_ADA, INPUT_NEWS, rawMessage } from "./context.ts";

type Asked =
  & Required<Api.Methods["messages.getHistory"]["params"]>
  & Partial<Api.Methods["messages.search"]["params"]>;

/** A part of a list, the newest first, by the rules of offsets. */
function part(list: readonly Api.message[], asked: Asked, clamps: boolean): Api.message[] {
  const { offsetId, offsetDate = 0, addOffset, maxId, minId, minDate = 0, maxDate = 0 } = asked;
  const newestFirst = list.toReversed().filter(({ date }) =>
    (minDate <= 0 || date > minDate) && (maxDate <= 0 || date < maxDate)
  );
  const at = newestFirst.findIndex(({ id, date }) =>
    offsetId > 0 ? id < offsetId : offsetDate > 0 ? date < offsetDate : true
  );
  const limit = Math.min(asked.limit, 100);
  const start = (at < 0 ? newestFirst.length : at) + addOffset;
  // What Telegram does with a part that begins before the newest message is not written down.
  const range = clamps
    ? newestFirst.slice(Math.max(start, 0), Math.max(start, 0) + limit)
    : newestFirst.slice(Math.max(start, 0), Math.max(start + limit, 0));
  return range.filter(({ id }) => (maxId <= 0 || id < maxId) && (minId <= 0 || id > minId));
}

/** A client with a history. */
async function withHistory(list: readonly Api.message[], clamps = false) {
  const asked: (Asked & { _: string })[] = [];
  const context = await contextOf([]);
  const invoke = (request: { _: string }): Promise<unknown> => {
    const params = request as Asked & { _: string };
    asked.push(params);
    assert(params.limit <= 101, `${params.limit}`);
    return Promise.resolve(found(part(list, params, clamps)));
  };
  const client = Object.assign(context, { invoke }) as unknown as PeerContext;
  const read = async (options: HistoryOptions = {}, chat = "@ada"): Promise<number[]> => {
    asked.length = 0;
    return (await all(messages(client, chat, options))).map(({ id }) => id);
  };
  return { read, asked, client };
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => first + i);
/** 250 messages, two in each second, with holes: every seventh was deleted. */
const IDS = range(10, 300).filter((id) => id % 7 !== 0);
const dateOf = (id: number): number => 1000 + Math.floor(id / 2);
const LIST = IDS.map((id) => rawMessage(id, { date: dateOf(id) }));

const RANGES: readonly HistoryOptions[] = [
  {},
  ...[0, 1, 2, 99, 100, 101, 200, 1000, Infinity].map((limit) => ({ limit })),
  { before: 150 },
  { before: 11 },
  { before: 10 },
  { before: 5000 },
  { before: { id: 150 } },
  { after: 150 },
  { after: 1 },
  { after: 299 },
  { after: 5000 },
  { before: 250, after: 40 },
  { before: 40, after: 250 },
  { before: 251, after: 249 },
  { before: 250, after: 40, limit: 101 },
  { before: new Date(1100_000) },
  { before: new Date(1100_500) },
  { after: new Date(1100_000) },
  { after: new Date(1100_500) },
  { after: new Date(0) },
  { before: new Date(0) },
  { before: new Date(8.64e15), limit: 5 },
  { before: new Date(1130_000), after: new Date(1020_000) },
  { before: 200, after: new Date(1020_000) },
  { before: new Date(1130_000), after: 40, limit: 100 },
];

/** What a program must get. */
function expected({ before, after, limit = Infinity, oldestFirst }: HistoryOptions): number[] {
  const isAfter = (id: number, end: HistoryOptions["after"], sign: number): boolean => {
    if (end === undefined) return true;
    const difference = end instanceof Date
      ? dateOf(id) * 1000 - end.getTime()
      : id - (typeof end === "object" ? end.id : Number(end));
    return difference * sign > 0;
  };
  const ids = IDS.filter((id) => isAfter(id, after, 1) && isAfter(id, before, -1));
  return (oldestFirst ? ids : ids.toReversed()).slice(0, limit);
}

for (const clamps of [false, true]) {
  Deno.test(`messages() reads every range, in both directions, each once (${clamps})`, async () => {
    const { read, asked } = await withHistory(LIST, clamps);
    for (const options of RANGES) {
      for (const oldestFirst of [false, true]) {
        const all = { ...options, oldestFirst };
        assertEquals(await read(all), expected(all), Deno.inspect(all));
        assert(asked.length <= 5, `${asked.length} calls for ${Deno.inspect(all)}`);
        const found = await read({ ...all, search: "text" });
        assertEquals(found, expected(all), `search ${Deno.inspect(all)}`);
        assert(asked.length <= 5, `${asked.length} calls for ${Deno.inspect(all)}`);
      }
    }
  });
}

Deno.test("messages() of an empty chat, and of one message", async () => {
  for (const list of [[], LIST.slice(0, 1)]) {
    for (const oldestFirst of [false, true]) {
      const { read, asked } = await withHistory(list);
      assertEquals(await read({ oldestFirst }), list.map(({ id }) => id));
      assert(asked.length <= 2, `${asked.length}`);
    }
  }
});

Deno.test("messages() asks by the method that the options need", async () => {
  const { read, asked } = await withHistory([]);
  const filter: Api.MessagesFilter = { _: "inputMessagesFilterPhotos" };
  await read({ limit: 5 });
  assertEquals([asked[0]._, asked[0].peer, asked[0].limit], ["messages.getHistory", INPUT_ADA, 5]);
  await read({ topic: 7 }, "@news");
  assertEquals([asked[0]._, asked[0].peer], ["messages.getReplies", INPUT_NEWS]);
  await read({ search: "tea", from: "@ada", topic: 7 }, "@news");
  const [{ _: method, q, fromId, topMsgId, filter: none }] = asked;
  assertEquals<unknown>([method, q, fromId, topMsgId, none], [
    "messages.search",
    "tea",
    INPUT_ADA,
    7,
    { _: "inputMessagesFilterEmpty" },
  ]);
  await read({ filter });
  assertEquals<unknown>([asked[0]._, asked[0].q, asked[0].filter], ["messages.search", "", filter]);
});

Deno.test("messages() asks for a page when it is needed, and not if it is left", async () => {
  const { asked, client } = await withHistory(LIST);
  let count = 0;
  for await (const _ of messages(client, "@ada")) {
    if (++count === 100) break;
  }
  assertEquals(asked.length, 1);
});

Deno.test("messages() ends between two pages when its signal aborts", async () => {
  const pages = [found(LIST.slice(-100).toReversed())];
  const context = await contextOf([["messages.getHistory", {}, pages[0]]]);
  const controller = new AbortController();
  const invoke = context.invoke.bind(context);
  const guarded = Object.assign(context, {
    invoke: (...args: Parameters<typeof invoke>) => {
      args[1]?.signal?.throwIfAborted();
      return invoke(...args);
    },
  });
  let count = 0;
  await assertRejects(
    async () => {
      for await (const _ of messages(guarded, "@ada", { signal: controller.signal })) {
        if (++count === 50) controller.abort(new Error("enough"));
      }
    },
    Error,
    "enough",
  );
  assertEquals(count, 100);
});

Deno.test("messages() ends when Telegram repeats a page for ever", async () => {
  const context = await contextOf([]);
  let calls = 0;
  const invoke = (): Promise<unknown> => {
    if (++calls > 50) throw new Error("it does not end");
    return Promise.resolve(found([rawMessage(5), rawMessage(4)]));
  };
  const client = Object.assign(context, { invoke }) as unknown as PeerContext;
  assertEquals((await all(messages(client, "@ada"))).length, 4);
});

Deno.test("messages() of ids: in their order, without holes, and of this chat only", async () => {
  const other = rawMessage(3, { peerId: { _: "peerUser", userId: 43n } });
  const ids = (list: number[]) => list.map((id) => ({ _: "inputMessageID", id }));
  const page = range(101, 200);
  const inNews = rawMessage(1, { peerId: { _: "peerChannel", channelId: 6n } });
  const toSelf = rawMessage(1, { peerId: { _: "peerUser", userId: 1n } });
  const context = await contextOf([
    [
      "messages.getMessages",
      { id: ids([5, 2, 3, 4]) },
      found([
        rawMessage(5),
        { _: "messageEmpty", id: 2 },
        other,
        rawMessage(4),
      ]),
    ],
    ["messages.getMessages", { id: ids(page) }, found(page.map((id) => rawMessage(id)))],
    ["messages.getMessages", { id: ids([201]) }, found([rawMessage(201)])],
    ["messages.getMessages", { id: ids(page) }, found(page.map((id) => rawMessage(id)))],
    ["channels.getMessages", { id: ids([1]) }, found([inNews])],
    ["messages.getMessages", { id: ids([1]) }, found([toSelf])],
  ]);
  const read = async (ids: number[], options: HistoryOptions = {}, chat = "@ada") =>
    (await all(messages(context, chat, { ...options, ids }))).map(({ id }) => id);
  assertEquals(await read([5, 2, 3, 4]), [5, 4]);
  assertEquals(await read([...page, 201]), [...page, 201]);
  assertEquals(await read([...page, 201], { limit: 7 }), page.slice(0, 7));
  assertEquals(await read([1], {}, "@news"), [1]);
  assertEquals(await read([1], {}, "me"), [1]);
  assertEquals(await read([]), []);
  context.finish();
});

const WRONG: readonly (readonly [object, string])[] = [
  [{ limit: -1 }, "the limit is -1, expected a whole number"],
  [{ limit: 1.5 }, "the limit is 1.5"],
  [{ limit: NaN }, "the limit is NaN"],
  [{ limit: "five" }, "the limit is of type string"],
  [{ limit: {} }, "the limit is of type object"],
  [{ before: 0 }, "0 is no id of a message"],
  [{ after: -1 }, "-1 is no id of a message"],
  [{ before: "2026-01-01" }, "a text is no date. Pass new Date(text)"],
  [{ after: new Date(NaN) }, "the date is invalid"],
  [{ before: new Date("x"), oldestFirst: true }, "the date is invalid"],
  [{ ids: 5 }, "the ids are no array"],
  [{ ids: [0] }, "0 is no id of a message"],
  [{ ids: [1], search: "tea" }, '"search" is not known'],
  [{ ids: [1], before: 5 }, '"before" is not known'],
  [{ offsetId: 5 }, '"offsetId" is not known'],
  [{ from: 1.5 }, "Pass a whole number"],
  [{ reverse: true }, '"reverse" is not known'],
];

Deno.test("messages() refuses options that are not understood, without a call", async () => {
  for (const [options, says] of WRONG) {
    const context = await contextOf([]);
    await assertRejects(() => all(messages(context, "@ada", options)), TypeError, says);
  }
});
