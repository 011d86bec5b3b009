/**
 * client.dialogs(), against a list of chats that follows Telegram's rules: the pinned ones first,
 * then by date, in pages (https://core.telegram.org/api/offsets).
 */
import { type DialogOptions, dialogs } from "../../src/messages/chats/dialogs.ts";
import type { PeerContext } from "../../src/messages/input_peer.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { all, contextOf, rawMessage } from "./context.ts";

interface Chat {
  readonly id: bigint;
  /** The date and the id of its newest message; without them it has none. */
  readonly date: number;
  readonly top: number;
  readonly isPinned?: boolean;
  readonly isEmpty?: boolean;
}

type Params = Api.Methods["messages.getDialogs"]["params"];
type Asked = Params & Required<Pick<Params, Api.Methods["messages.getDialogs"]["defaults"]>>;

function dialogOf({ id, top, isPinned, isEmpty }: Chat): Api.dialog {
  return {
    _: "dialog",
    pinned: isPinned,
    peer: { _: "peerUser", userId: id },
    topMessage: isEmpty ? 0 : top,
    readInboxMaxId: 0,
    readOutboxMaxId: 0,
    unreadCount: 3,
    unreadMentionsCount: 1,
    unreadReactionsCount: 0,
    unreadPollVotesCount: 0,
    notifySettings: { _: "peerNotifySettings" },
  };
}

const FOLDER: Api.Dialog = {
  _: "dialogFolder",
  folder: { _: "folder", id: 1, title: "Archive" },
  peer: { _: "peerUser", userId: 9999n },
  topMessage: 1,
  unreadMutedPeersCount: 0,
  unreadUnmutedPeersCount: 0,
  unreadMutedMessagesCount: 0,
  unreadUnmutedMessagesCount: 0,
};

/** A client with a list of chats. */
async function withChats(chats: readonly Chat[], { hasArchive = false, page = 100 } = {}) {
  const asked: Asked[] = [];
  const context = await contextOf([]);
  const invoke = (request: Asked): Promise<unknown> => {
    asked.push(request);
    assert(asked.length < 100, "it does not end");
    const { offsetDate, offsetId, offsetPeer, excludePinned = false } = request;
    const offset = "userId" in offsetPeer ? offsetPeer.userId : 0n;
    const byDate = chats.filter(({ isPinned }) => !isPinned).toSorted((a, b) =>
      b.date - a.date || b.top - a.top
    );
    const at = offsetDate === 0 ? -1 : byDate.findIndex(({ id }) => id === offset);
    const rest = offsetDate === 0
      ? byDate
      : at >= 0
      ? byDate.slice(at + 1)
      : byDate.filter(({ date, top }) =>
        date < offsetDate || (date === offsetDate && top < offsetId)
      );
    const pinned = excludePinned ? [] : chats.filter(({ isPinned }) => isPinned);
    const entries: (Chat | undefined)[] = [
      ...hasArchive && !excludePinned ? [undefined] : [],
      ...pinned,
      ...rest,
    ];
    const part = entries.slice(0, Math.min(request.limit, page));
    const shown = part.filter((chat) => chat !== undefined);
    return Promise.resolve({
      _: part.length < entries.length || asked.length > 1
        ? "messages.dialogsSlice"
        : "messages.dialogs",
      count: chats.length,
      dialogs: part.map((chat) => chat === undefined ? FOLDER : dialogOf(chat)),
      messages: shown.filter(({ isEmpty }) => !isEmpty).map(({ id, top, date }) =>
        rawMessage(top, { date, peerId: { _: "peerUser", userId: id } })
      ),
      users: shown.map(({ id }) => ({ _: "user", id, accessHash: id, firstName: `User ${id}` })),
      chats: [],
    });
  };
  const client = Object.assign(context, { invoke }) as unknown as PeerContext;
  const read = async (options: DialogOptions = {}): Promise<bigint[]> => {
    asked.length = 0;
    return (await all(dialogs(client, options))).map(({ peer }) => peer.id);
  };
  return { read, asked, client };
}

/** 250 chats, five of each date, of which some are pinned. */
const CHATS: readonly Chat[] = Array.from({ length: 250 }, (_, i) => ({
  id: BigInt(i + 10),
  date: 5000 - Math.floor(i / 5),
  top: 1000 - i,
  isPinned: i % 40 === 3,
  isEmpty: i % 33 === 5,
}));
const ORDER = [...CHATS.filter(({ isPinned }) => isPinned), ...CHATS.filter((c) => !c.isPinned)];
const IDS = ORDER.map(({ id }) => id);

Deno.test("dialogs() yields every chat once: pinned ones, equal dates, empty ones", async () => {
  for (const hasArchive of [false, true]) {
    for (const page of [100, 37, 10]) {
      const { read } = await withChats(CHATS, { hasArchive, page });
      assertEquals(await read(), IDS, `${hasArchive} ${page}`);
    }
  }
});

Deno.test("dialogs() yields as many as asked for, in as few calls", async () => {
  for (const hasArchive of [false, true]) {
    const { read, asked } = await withChats(CHATS, { hasArchive });
    for (const limit of [0, 1, 6, 7, 8, 99, 100, 101, 250, 1000, Infinity]) {
      assertEquals(await read({ limit }), IDS.slice(0, limit), `${limit}`);
      const calls = Math.ceil(Math.min(limit, 250) / 100) + (hasArchive || limit > 250 ? 1 : 0);
      assert(asked.length <= calls, `${asked.length} calls for ${limit}`);
    }
  }
});

Deno.test("dialogs() ends if all chats are pinned, or empty, or there is none", async () => {
  const pinned = CHATS.slice(0, 5).map((chat) => ({ ...chat, isPinned: true }));
  const empty = CHATS.slice(0, 5).map((chat) => ({ ...chat, isPinned: false, isEmpty: true }));
  for (const chats of [pinned, empty, []]) {
    const { read, asked } = await withChats(chats, { page: 5 });
    assertEquals(await read(), chats.map(({ id }) => id));
    assert(asked.length <= 3, `${asked.length}`);
  }
});

Deno.test("dialogs() ends if Telegram repeats a page for ever", async () => {
  const { client, asked } = await withChats([]);
  const [first, ...rest] = CHATS.slice(0, 10);
  const answer = {
    _: "messages.dialogsSlice",
    count: 1000,
    dialogs: [first, ...rest].map(dialogOf),
    messages: [rawMessage(first.top, { peerId: { _: "peerUser", userId: first.id } })],
    users: [],
    chats: [],
  };
  const invoke = (): Promise<unknown> => {
    asked.push({} as Asked);
    if (asked.length > 20) throw new Error("it does not end");
    return Promise.resolve(answer);
  };
  const repeating = Object.assign(client, { invoke }) as unknown as PeerContext;
  assertEquals((await all(dialogs(repeating))).length, 10);
});

Deno.test("A dialog has its peer, its title, its numbers and its newest message", async () => {
  const { client, asked } = await withChats(CHATS);
  const [first] = await all(dialogs(client, { limit: 1, archived: true }));
  const { peer, title, unreadCount, unreadMentionsCount, pinned, lastMessage, raw } = first;
  assertEquals([peer.id, title, unreadCount, unreadMentionsCount, pinned, raw._], [
    IDS[0],
    `User ${IDS[0]}`,
    3,
    1,
    true,
    "dialog",
  ]);
  assertEquals([lastMessage?.id, lastMessage?.chat.title], [ORDER[0].top, title]);
  assertEquals([asked[0].folderId, asked[0].limit], [1, 1]);
});

Deno.test("dialogs() refuses options that are not understood", async () => {
  const wrong: readonly (readonly [object, string])[] = [
    [{ limit: -1 }, "the limit is -1"],
    [{ limit: 2.5 }, "the limit is 2.5"],
    [{ limit: "x" }, "the limit is of type string"],
    [{ folder: 1 }, '"folder" is not known'],
  ];
  for (const [options, says] of wrong) {
    const context = await contextOf([]);
    await assertRejects(() => all(dialogs(context, options)), TypeError, says);
  }
});
