/**
 * A message, the same wherever it comes from: an update, the history, or `sendMessage`. Getters
 * over the object of TL, and a method for each thing that people do with a message; what has no
 * getter is in `raw`. https://core.telegram.org/constructor/message
 */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import type { Session } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { peerId } from "../extract_peers.ts";
import type { PeerLike } from "../named_peer.ts";
import type { EditOptions, ForwardOptions, SendOptions, TextLike } from "./outgoing.ts";
import type { PacketPeers, PeerInfo, SeenIn } from "./peer_info.ts";
import { wholeNumber } from "./whole_number.ts";

/** A message of TL, be it one with text or one of the service, such as "Ada joined the group". */
export type RawMessage = Api.message | Api.messageService;

/** An emoji, the id of a custom emoji, or a reaction of TL. */
export type ReactionLike = string | bigint | Api.Reaction;

/** What the methods of a message do. */
export interface MessageActions {
  send(chat: PeerLike, text: TextLike, options: SendOptions): Promise<Message>;
  edit(chat: PeerLike, id: MessageLike, text: TextLike, options: EditOptions): Promise<Message>;
  delete(
    chat: PeerLike,
    ids: readonly MessageLike[],
    options: StepOptions & { readonly onlyForMe?: boolean },
  ): Promise<void>;
  forward(
    from: PeerLike,
    ids: readonly MessageLike[],
    to: PeerLike,
    options: ForwardOptions,
  ): Promise<readonly Message[]>;
  react(
    chat: PeerLike,
    id: MessageLike,
    reaction: ReactionLike | undefined,
    options: StepOptions,
  ): Promise<void>;
  markRead(chat: PeerLike, options: StepOptions & { readonly upTo?: MessageLike }): Promise<void>;
  find(
    chat: PeerLike,
    ids: readonly Api.InputMessage[],
    options: StepOptions,
  ): Promise<readonly (Message | undefined)[]>;
}

/** A client, as a message sees it. */
export interface MessageHost {
  readonly session: Session;
  readonly actions: MessageActions;
}

/** A message. */
export class Message {
  /** The message as Telegram sent it. */
  readonly raw: RawMessage;
  readonly #host: MessageHost;
  readonly #peers: PacketPeers;

  /** Made from a message of TL, and the users and chats that came with it. */
  constructor(host: MessageHost, raw: RawMessage, peers: PacketPeers) {
    this.#host = host;
    this.raw = raw;
    this.#peers = peers;
  }

  /** Its number, unique within the account (within the channel or supergroup, if it is in one). */
  get id(): number {
    return this.raw.id;
  }

  /** When Telegram received it, in Unix seconds. */
  get date(): number {
    return this.raw.date;
  }

  /** Its text, or the caption of its media; empty if it has none. */
  get text(): string {
    return this.raw._ === "message" ? this.raw.message : "";
  }

  /**
   * The formatted parts of the text; offsets and lengths are those of JavaScript strings:
   * https://core.telegram.org/api/entities
   */
  get entities(): readonly Api.MessageEntity[] {
    return this.raw._ === "message" ? this.raw.entities ?? [] : [];
  }

  /** The chat that it is in: for a private message, the other person. */
  get chat(): PeerInfo {
    return this.#info(peerId(this.raw.peerId));
  }

  /** The peer that sent it; undefined for a post of a channel that is not signed. */
  get sender(): PeerInfo | undefined {
    const { fromId, peerId: chat, out } = this.raw;
    const { user } = this.#host.session.state;
    const id = fromId !== undefined
      ? peerId(fromId)
      : chat._ !== "peerUser"
      ? undefined
      : out && user !== undefined
      ? user.id
      : chat.userId;
    if (id === undefined) return undefined;
    // Bots may name people by their id alone, and not by a message.
    const seenIn = (): SeenIn => ({ peer: this.chat.input, msgId: this.id });
    return this.#info(id, user?.isBot ? undefined : seenIn);
  }

  #info(id: bigint, seenIn?: () => SeenIn): PeerInfo {
    const info = this.#peers.info(id, seenIn);
    const isSelf = id === this.#host.session.state.user?.id;
    return isSelf ? { ...info, input: { _: "inputPeerSelf" } } : info;
  }

  /** Whether the account sent it, as all that is its own in Saved Messages. */
  get outgoing(): boolean {
    const { raw } = this;
    const isForwarded = raw._ === "message" && raw.fwdFrom !== undefined;
    const isSaved = raw.peerId._ === "peerUser" && !isForwarded &&
      raw.peerId.userId === this.#host.session.state.user?.id;
    return raw.out === true || isSaved;
  }

  /** The id of the message that it replies to; undefined if it is no reply. */
  get replyToId(): number | undefined {
    const { replyTo } = this.raw;
    if (replyTo?._ !== "messageReplyHeader") return undefined;
    // In a forum, a message that is no reply has its topic there.
    return replyTo.forumTopic && replyTo.replyToTopId === undefined
      ? undefined
      : replyTo.replyToMsgId;
  }

  /** The topic of the forum that it is in: the id of the topic's first message. */
  get topicId(): number | undefined {
    const { replyTo } = this.raw;
    return replyTo?._ === "messageReplyHeader" && replyTo.forumTopic
      ? replyTo.replyToTopId ?? replyTo.replyToMsgId
      : undefined;
  }

  /** The same for all messages of an album; undefined for a message of its own. */
  get groupedId(): bigint | undefined {
    return this.raw._ === "message" ? this.raw.groupedId : undefined;
  }

  /** The photo, file, place, poll or the like that it carries. */
  get media(): Api.MessageMedia | undefined {
    const media = this.raw._ === "message" ? this.raw.media : undefined;
    return media?._ === "messageMediaEmpty" ? undefined : media;
  }

  /** The buttons below it, by rows; none if it has none. */
  get buttons(): readonly (readonly Api.KeyboardButton[])[] {
    const markup = this.raw._ === "message" ? this.raw.replyMarkup : undefined;
    return markup !== undefined && "rows" in markup
      ? markup.rows.map(({ buttons }) => buttons)
      : [];
  }

  /** What happened, for a message of the service: `messageActionChatAddUser`, for one. */
  get action(): Api.MessageAction | undefined {
    return this.raw._ === "messageService" ? this.raw.action : undefined;
  }

  /** Sends a message to the chat that replies to this one. */
  async reply(text: TextLike, options: SendOptions = {}): Promise<Message> {
    checkFields("reply", options);
    return await this.#host.actions.send(this.chat, text, { replyTo: this.id, ...options });
  }

  /** Sends a message to the chat that replies to none; in a forum, to the same topic. */
  async respond(text: TextLike, options: SendOptions = {}): Promise<Message> {
    checkFields("respond", options);
    const { topicId: topic } = this;
    const all = topic === undefined || options.replyTo !== undefined
      ? options
      : { topic, ...options };
    return await this.#host.actions.send(this.chat, text, all);
  }

  /** Replaces its text, if it is the account's own. Returns the message as it is then. */
  edit(text: TextLike, options: EditOptions = {}): Promise<Message> {
    return this.#host.actions.edit(this.chat, this, text, options);
  }

  /** Deletes it, for everybody in the chat if that is possible. */
  delete(options: StepOptions & { readonly onlyForMe?: boolean } = {}): Promise<void> {
    return this.#host.actions.delete(this.chat, [this], options);
  }

  /** Forwards it to another chat. Returns the message there. */
  async forward(to: PeerLike, options: ForwardOptions = {}): Promise<Message> {
    const [forwarded] = await this.#host.actions.forward(this.chat, [this], to, options);
    return forwarded;
  }

  /** Reacts with an emoji, in the place of an earlier reaction; without one, takes it back. */
  react(reaction?: ReactionLike, options: StepOptions = {}): Promise<void> {
    return this.#host.actions.react(this.chat, this, reaction, options);
  }

  /** Marks it as read, and all before it in the chat. */
  async markRead(options: StepOptions = {}): Promise<void> {
    checkFields("mark a message as read", options, ["signal"]);
    await this.#host.actions.markRead(this.chat, { ...options, upTo: this });
  }

  /** Returns the message that it replies to; undefined if it is no reply, or that one is gone. */
  async repliedTo(options: StepOptions = {}): Promise<Message | undefined> {
    checkFields("find a message", options, ["signal"]);
    if (this.replyToId === undefined) return undefined;
    const ids = [{ _: "inputMessageReplyTo", id: this.id } as const];
    const [found] = await this.#host.actions.find(this.chat, ids, options);
    return found;
  }
}

/** A message, or its id, which may be a text of digits. */
export type MessageLike = number | string | Pick<Message, "id">;

/** Returns the id of a message. */
export function messageId(message: MessageLike): number {
  const given: unknown = typeof message === "object" ? message?.id : message;
  const id = wholeNumber(given);
  if (id !== undefined && id > 0 && id < 2 ** 31) return id;
  const shown = typeof given === "number" || typeof given === "bigint"
    ? given
    : `a value of type ${typeof given}`;
  throw new TypeError(
    `Cannot find the message: ${shown} is no id of a message. Pass a message, or its id.`,
  );
}
