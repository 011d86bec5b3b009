/**
 * The messages of a chat, page by page: https://core.telegram.org/api/offsets,
 * https://core.telegram.org/method/messages.getHistory
 */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { inputPeerOf, type PeerContext } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";
import { inputChannelOf } from "./input_channel.ts";
import { Message, messageId, type MessageLike } from "./message.ts";
import { PacketPeers } from "./peer_info.ts";

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
  readonly ids?: readonly number[];
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
const EMPTY: Api.MessagesFilter = { _: "inputMessagesFilterEmpty" };

/** Yields the messages of a chat, the newest first. */
export async function* messages(
  context: PeerContext,
  chat: PeerLike,
  options: HistoryOptions = {},
): AsyncGenerator<Message, void, undefined> {
  checkFields("read messages", options, FIELDS);
  const { limit = Infinity, ids, signal } = options;
  if (typeof limit !== "number" || !(limit >= 0)) {
    throw new TypeError(
      `Cannot read messages: the limit is ${limit}, expected a number, 0 or more`,
    );
  }
  let left = limit;
  if (ids !== undefined) {
    for (let i = 0; i < ids.length && left > 0; i += PAGE) {
      const page = ids.slice(i, i + PAGE).map((id) => inputMessage(messageId(id)));
      for (const message of await messagesByIds(context, chat, page, { signal })) {
        if (message !== undefined && left-- > 0) yield message;
      }
    }
    return;
  }
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

/** Where the next page begins: beyond this message, or at this date. */
interface Place {
  id: number;
  date: number;
}

function startOf({ oldestFirst, before, after }: HistoryOptions): Place {
  const from = oldestFirst ? after : before;
  if (from === undefined) return { id: 0, date: 0 };
  return from instanceof Date
    ? { id: 0, date: seconds(from) + (oldestFirst ? 1 : 0) }
    : { id: messageId(from), date: 0 };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** Whether a message lies beyond the end that the program has set. */
function isBeyond(message: Message, { oldestFirst, before, after }: HistoryOptions): boolean {
  const end = oldestFirst ? before : after;
  if (end === undefined) return false;
  const [at, limit] = end instanceof Date
    ? [message.date, seconds(end)]
    : [message.id, messageId(end)];
  return oldestFirst ? at >= limit : at <= limit;
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
    minDate: oldestFirst ? offsetDate : 0,
    maxDate: oldestFirst ? 0 : offsetDate,
    ...range,
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
  { signal }: StepOptions = {},
): Promise<readonly (Message | undefined)[]> {
  const peer = await inputPeerOf(context, chat, { signal });
  const channel = inputChannelOf(peer);
  const id = [...ids];
  const answer = channel === undefined
    ? await context.invoke({ _: "messages.getMessages", id }, { signal })
    : await context.invoke({ _: "channels.getMessages", channel, id }, { signal });
  return messagesOf(context, answer);
}

function inputMessage(id: number): Api.InputMessage {
  return { _: "inputMessageID", id };
}
