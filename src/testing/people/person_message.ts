/**
 * A message as a played person sees it: a small object that is easy to read in a test.
 */
import type { Api } from "../../tl/mod.ts";

/** A conversation of a {@linkcode Person}. */
export interface PersonChat {
  /** What it is; `user` for a private chat. */
  readonly kind: "user" | "group" | "supergroup" | "channel";
  /** Its id, as in TL. */
  readonly id: bigint;
  /** Its title; the name of the other side of a private chat. */
  readonly title: string;
  /** Without the `@`. */
  readonly username?: string;
  /** How the person addresses it. */
  readonly input: Api.InputPeer;
}

/** The author of a message. */
export interface PersonAuthor {
  /** The user id. */
  readonly id: bigint;
  /** The first name, and the last name if there is one. */
  readonly name: string;
  /** Without the `@`. */
  readonly username?: string;
  /** Whether it is a bot. */
  readonly isBot: boolean;
}

/** The photo or document of a message. */
export interface PersonFile {
  /** A photo has no name: it is the image that Telegram made of the file. */
  readonly kind: "photo" | "document";
  /** Its id, as in TL. */
  readonly id: bigint;
  /** The name of a document. */
  readonly name?: string;
  /** Its media type. */
  readonly mime: string;
  /** The number of its bytes. */
  readonly size: number;
}

/** A message as a {@linkcode Person} sees it. */
export interface PersonMessage {
  /** Its id for this person; others may have another one. */
  readonly id: number;
  /** Its text; empty for a service message. */
  readonly text: string;
  /** Its conversation. */
  readonly chat: PersonChat;
  /** Its author; undefined for a post of a channel. */
  readonly from?: PersonAuthor;
  /** The id of the message that it replies to. */
  readonly replyToId?: number;
  /** Its photo or document. */
  readonly file?: PersonFile;
  /** The texts of its buttons, row by row. */
  readonly buttons: readonly (readonly string[])[];
  /** The message as TL. */
  readonly raw: Api.message | Api.messageService;
}

/** The users and chats of a packet or an answer. */
export interface Peers {
  readonly users: readonly Api.User[];
  readonly chats: readonly Api.Chat[];
}

/** Returns a message with the names of its peers. */
export function personMessage(
  raw: Api.message | Api.messageService,
  peers: Peers,
  self: bigint,
): PersonMessage {
  const { id, peerId, fromId, replyTo } = raw;
  const authorId = fromId?._ === "peerUser"
    ? fromId.userId
    : raw.post || peerId._ !== "peerUser"
    ? undefined
    : raw.out
    ? self
    : peerId.userId;
  const file = fileOf(raw);
  const author = authorId === undefined ? undefined : authorOf(authorId, peers);
  return {
    id,
    text: raw._ === "message" ? raw.message : "",
    chat: chatOf(peerId, peers),
    ...(author && { from: author }),
    ...(replyTo?._ === "messageReplyHeader" && { replyToId: replyTo.replyToMsgId }),
    ...(file && { file }),
    buttons: rowsOf(raw).map((row) => row.map(({ text }) => text)),
    raw,
  };
}

function fileOf(raw: Api.message | Api.messageService): PersonFile | undefined {
  const media = raw._ === "message" ? raw.media : undefined;
  if (media?._ === "messageMediaPhoto" && media.photo?._ === "photo") {
    const { id, sizes } = media.photo;
    const lengths = sizes.map((size) => size._ === "photoSize" ? size.size : 0);
    return { kind: "photo", id, mime: "image/jpeg", size: Math.max(...lengths) };
  }
  if (media?._ !== "messageMediaDocument" || media.document?._ !== "document") return undefined;
  const { id, mimeType: mime, size, attributes } = media.document;
  const named = attributes.find((one) => one._ === "documentAttributeFilename");
  const name = named && { name: named.fileName };
  return { kind: "document", id, ...name, mime, size: Number(size) };
}

/** Returns the rows of buttons under a message. */
export function rowsOf(raw: Api.message | Api.messageService): readonly Api.KeyboardButton[][] {
  const markup = raw._ === "message" ? raw.replyMarkup : undefined;
  const hasRows = markup?._ === "replyInlineMarkup" || markup?._ === "replyKeyboardMarkup";
  return hasRows ? markup.rows.map(({ buttons }) => [...buttons]) : [];
}

function authorOf(id: bigint, { users }: Peers): PersonAuthor {
  const user = users.find((one) => one.id === id);
  if (user?._ !== "user") return { id, name: "", isBot: false };
  const { username, bot = false } = user;
  return { id, name: nameOf(user), ...(username && { username }), isBot: bot };
}

/** Returns a conversation by its peer. */
export function chatOf(peer: Api.Peer, { users, chats }: Peers): PersonChat {
  if (peer._ === "peerUser") {
    const user = users.find(({ id }) => id === peer.userId);
    const input: Api.InputPeer = {
      _: "inputPeerUser",
      userId: peer.userId,
      accessHash: user?._ === "user" ? user.accessHash ?? 0n : 0n,
    };
    const title = user?._ === "user" ? nameOf(user) : "";
    const username = user?._ === "user" ? user.username : undefined;
    return { kind: "user", id: peer.userId, title, ...(username && { username }), input };
  }
  const id = peer._ === "peerChat" ? peer.chatId : peer.channelId;
  const chat = chats.find((one) => one.id === id);
  const title = chat !== undefined && "title" in chat ? chat.title : "";
  if (peer._ === "peerChat") {
    return { kind: "group", id, title, input: { _: "inputPeerChat", chatId: id } };
  }
  const channel = chat?._ === "channel" ? chat : undefined;
  const { username, megagroup, accessHash = 0n } = channel ?? {};
  return {
    kind: megagroup ? "supergroup" : "channel",
    id,
    title,
    ...(username && { username }),
    input: { _: "inputPeerChannel", channelId: id, accessHash },
  };
}

function nameOf({ firstName = "", lastName }: Api.user): string {
  return lastName === undefined ? firstName : `${firstName} ${lastName}`;
}
