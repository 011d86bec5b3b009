/**
 * The messages of a chat, page by page: https://core.telegram.org/api/offsets,
 * https://core.telegram.org/method/messages.getHistory
 */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import { useGeneratedDecoders } from "../../tl/decoders/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { inputPeerOf, type PeerContext } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";
import { inputChannelOf } from "./input_channel.ts";
import { limitOf } from "./limit.ts";
import { Message, messageId, type MessageLike } from "./message.ts";
import { inputPeerId, PacketPeers } from "./peer_info.ts";

/** Which messages of a chat. */
export interface HistoryOptions extends StepOptions {
  /** The most messages; all by default. */
  readonly limit?: number;
  /** Only those with this text. */
  readonly search?: string;
  /** Only those that this peer sent. */
  readonly from?: PeerLike;
  /** Only those of a kind, such as `{ _: "inputMessagesFilterPhotos" }`. */
  readonly filter?: Api.MessagesFilter;
  /** Only those of a topic of a forum, or the comments below a post: the id of its message. */
  readonly topic?: number;
  /** Only those before this message, or this date. */
  readonly before?: MessageLike | Date;
  /** Only those after this message, or this date. */
  readonly after?: MessageLike | Date;
  /** Whether the oldest comes first; the newest by default. */
  readonly oldestFirst?: boolean;
  /** Only those with these ids, in this order; missing ones are left out. */
  readonly ids?: readonly (number | string)[];
}

const FIELDS = [
  "limit",
  "search",
  "from",
  "filter",
  "topic",
  "before",
  "after",
  "oldestFirst",
  "ids",
  "signal",
];
/** Telegram sends at most so many at once. */
const PAGE = 100;
const LAST_DATE = 2 ** 31 - 1;
const EMPTY: Api.MessagesFilter = { _: "inputMessagesFilterEmpty" };

/** Yields the messages of a chat, the newest first. */
export async function* messages(
  context: PeerContext,
  chat: PeerLike,
  options: HistoryOptions = {},
): AsyncGenerator<Message, void, undefined> {
  useGeneratedDecoders();
  checkFields("read messages", options, FIELDS);
  const { ids, signal } = options;
  const limit = limitOf("read messages", options.limit);
  if (ids !== undefined) return yield* messagesOfIds(context, chat, options, ids);
  checkEnd(options.before);
  checkEnd(options.after);
  let left = limit;
  const peer = await inputPeerOf(context, chat, { signal });
  const from = options.from === undefined
    ? undefined
    : await inputPeerOf(context, options.from, { signal });
  const place = startOf(options);
  while (left > 0) {
    const size = Math.min(left, PAGE);
    const answer = await readPage(context, request(peer, from, place, size, options), signal);
    const page = options.oldestFirst ? newer(answer.toReversed(), place) : answer;
    for (const message of page) {
      if (isBeyond(message, options)) return;
      if (isBefore(message, options)) continue;
      if (left-- > 0) yield message;
    }
    const last = page.at(-1);
    if (last === undefined || last.id === place.id) return;
    place.id = last.id;
    place.date = 0;
  }
}

/** Without those before the place, with which Telegram may fill the last page. */
function newer(messages: readonly Message[], { id, date }: Place): readonly Message[] {
  return messages.filter((message) => message.id > id && message.date >= date);
}

/** Yields the messages of ids that are in the chat, in the order of the ids. */
async function* messagesOfIds(
  context: PeerContext,
  chat: PeerLike,
  options: HistoryOptions,
  ids: readonly (number | string)[],
): AsyncGenerator<Message, void, undefined> {
  checkFields("read messages by ids", options, ["ids", "limit", "signal"]);
  if (!Array.isArray(ids)) throw new TypeError("Cannot read messages: the ids are no array");
  const { signal } = options;
  const limit = limitOf("read messages", options.limit);
  const inputs = ids.map((id) => inputMessage(messageId(id)));
  let left = limit;
  for (let i = 0; i < inputs.length && left > 0; i += PAGE) {
    const page = inputs.slice(i, i + PAGE);
    const { id, messages } = await messagesIn(context, chat, page, signal);
    for (const message of messages) {
      // Outside of channels, the id of a message of another chat is an id as well.
      if (message !== undefined && message.chat.id === id && left-- > 0) yield message;
    }
  }
}

/** Where the next page begins: beyond this message, or at this date. */
interface Place {
  id: number;
  date: number;
}

function startOf({ oldestFirst, before, after }: HistoryOptions): Place {
  const from = oldestFirst ? after : before;
  if (from === undefined) return { id: 0, date: 0 };
  if (!(from instanceof Date)) return { id: messageId(from), date: 0 };
  const seconds = from.getTime() / 1000;
  const date = oldestFirst ? Math.floor(seconds) + 1 : Math.ceil(seconds);
  return { id: 0, date: Math.min(Math.max(date, 1), LAST_DATE) };
}

/** Throws a `TypeError` for what is neither a message nor a date. */
function checkEnd(end: MessageLike | Date | undefined): void {
  if (end instanceof Date) {
    if (Number.isNaN(end.getTime())) {
      throw new TypeError("Cannot read messages: the date is invalid");
    }
  } else if (typeof end === "string" && Number.isNaN(Number(end))) {
    throw new TypeError("Cannot read messages: a text is no date. Pass new Date(text).");
  } else if (end !== undefined) messageId(end);
}

/** Whether a message lies beyond the end that the program has set. */
function isBeyond(message: Message, { oldestFirst, before, after }: HistoryOptions): boolean {
  return oldestFirst ? isNot("before", message, before) : isNot("after", message, after);
}

/** Whether a message lies before the start: a page may begin earlier than it was asked to. */
function isBefore(message: Message, { oldestFirst, before, after }: HistoryOptions): boolean {
  return oldestFirst ? isNot("after", message, after) : isNot("before", message, before);
}

function isNot(
  side: "before" | "after",
  { id, date }: Message,
  end: MessageLike | Date | undefined,
): boolean {
  if (end === undefined) return false;
  const difference = end instanceof Date ? date * 1000 - end.getTime() : id - messageId(end);
  return side === "before" ? difference >= 0 : difference <= 0;
}

type PageRequest =
  | { _: "messages.getHistory" } & Api.Methods["messages.getHistory"]["params"]
  | { _: "messages.search" } & Api.Methods["messages.search"]["params"]
  | { _: "messages.getReplies" } & Api.Methods["messages.getReplies"]["params"];

function request(
  peer: Api.InputPeer,
  fromId: Api.InputPeer | undefined,
  place: Place,
  limit: number,
  { search, filter, topic, oldestFirst = false }: HistoryOptions,
): PageRequest {
  // The page of newer messages begins with the one of offset_id itself.
  const offsetId = oldestFirst && place.date === 0 ? place.id + 1 : place.id;
  const addOffset = oldestFirst ? -limit : 0;
  const minId = oldestFirst ? place.id : 0;
  const range = { offsetId, addOffset, limit, maxId: 0, minId, hash: 0n };
  const offsetDate = place.date;
  if (search === undefined && fromId === undefined && filter === undefined) {
    return topic === undefined
      ? { _: "messages.getHistory", peer, offsetDate, ...range }
      : { _: "messages.getReplies", peer, msgId: topic, offsetDate, ...range };
  }
  return {
    _: "messages.search",
    peer,
    q: search ?? "",
    fromId,
    topMsgId: topic,
    filter: filter ?? EMPTY,
    // Both exclude the date itself.
    minDate: oldestFirst ? Math.max(offsetDate - 1, 0) : 0,
    maxDate: oldestFirst ? 0 : offsetDate,
    ...range,
    offsetId: oldestFirst ? place.id + 1 : place.id,
  };
}

async function readPage(
  context: PeerContext,
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<readonly Message[]> {
  return messagesOf(context, await context.invoke(request, { signal })).filter((message) =>
    message !== undefined
  );
}

/** Returns the messages of an answer; undefined for those that are gone. */
export function messagesOf(
  context: PeerContext,
  answer: Api.messages.Messages,
): readonly (Message | undefined)[] {
  if (answer._ === "messages.messagesNotModified") return [];
  const peers = new PacketPeers(answer.users, answer.chats);
  return answer.messages.map((raw) =>
    raw._ === "messageEmpty" ? undefined : new Message(context, raw, peers)
  );
}

/** Returns the messages of ids; undefined for those that are gone. */
export async function messagesByIds(
  context: PeerContext,
  chat: PeerLike,
  ids: readonly Api.InputMessage[],
  options: StepOptions = {},
): Promise<readonly (Message | undefined)[]> {
  checkFields("find messages", options, ["signal"]);
  const { signal } = options;
  return (await messagesIn(context, chat, ids, signal)).messages;
}

/** Returns the messages of ids, and the marked id of the chat. */
async function messagesIn(
  context: PeerContext,
  chat: PeerLike,
  ids: readonly Api.InputMessage[],
  signal: AbortSignal | undefined,
): Promise<{ id: bigint | undefined; messages: readonly (Message | undefined)[] }> {
  const peer = await inputPeerOf(context, chat, { signal });
  const channel = inputChannelOf(peer);
  const id = [...ids];
  const answer = channel === undefined
    ? await context.invoke({ _: "messages.getMessages", id }, { signal })
    : await context.invoke({ _: "channels.getMessages", channel, id }, { signal });
  const chatId = inputPeerId(peer) ?? context.session.state.user?.id;
  return { id: chatId, messages: messagesOf(context, answer) };
}

function inputMessage(id: number): Api.InputMessage {
  return { _: "inputMessageID", id };
}
