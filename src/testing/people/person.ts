/**
 * A person who is played by a test: it acts on the state of the offline Telegram, without a client
 * and a connection, by the same methods as a client. So a bot can be tested in milliseconds.
 *
 * What the person does follows Telegram's rules; what is refused rejects with an
 * {@linkcode RpcFailure}.
 */
import { type Clock, type Random, randomLong } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { OfflineApi } from "../api/mod.ts";
import { Inbox } from "./inbox.ts";
import {
  chatOf,
  type Peers,
  type PersonChat,
  type PersonMessage,
  personMessage,
  rowsOf,
} from "./person_message.ts";

/**
 * A conversation: `@name`, `me`, a link to `t.me`, another person, a chat, or that of a message.
 */
export type PersonPeer = string | Person | PersonChat | PersonMessage;

/** A text, plain or with entities. */
export type PersonText = string | {
  readonly text: string;
  readonly entities?: Api.MessageEntity[];
  /** The message that it replies to, or its id. */
  readonly replyTo?: PersonMessage | number;
  /** Whether the receivers are not notified. */
  readonly silent?: boolean;
};

/** Which message a person waits for. */
export interface PersonFilter {
  /** Its author: `@name`, or a person. */
  readonly from?: string | Person;
  /** Its conversation. */
  readonly chat?: PersonChat;
  /** Its text, or a pattern in it. */
  readonly text?: string | RegExp;
  /** How long to wait, in milliseconds; 5,000 by default. */
  readonly timeout?: number;
}

/** What a bot answers when its button is pressed. */
export interface ButtonAnswer {
  /** The text that is shown. */
  readonly text?: string;
  /** Whether the text is shown until it is closed. */
  readonly alert: boolean;
  /** The link that is opened. */
  readonly url?: string;
}

/** One result of an inline query. */
export interface InlineResult {
  /** Its id, which the bot chose. */
  readonly id: string;
  /** Its title. */
  readonly title?: string;
  /** Its description. */
  readonly description?: string;
  /** The text of the message that it becomes. */
  readonly text: string;
  /** The query that it belongs to. */
  readonly queryId: bigint;
}

/** The options of a new group or channel. */
export interface PersonChatOptions {
  /** Who is in it from the start. */
  readonly members?: readonly (string | Person)[];
  /** For a supergroup or channel: its description. */
  readonly about?: string;
  /** For a supergroup or channel: its public name, without the `@`. */
  readonly username?: string;
}

/** What a person needs of its offline Telegram. */
export interface PersonOptions {
  /** The user id. */
  readonly id: bigint;
  /** The API that carries out what it does. */
  readonly api: OfflineApi;
  /** The clock of its waits. */
  readonly clock: Clock;
  /** The source of random ids. */
  readonly random: Random;
}

const TIMEOUT = 5000;
const HISTORY = 100;

/**
 * A person who is played by a test; {@linkcode OfflineTelegram.person} returns it.
 *
 * @example
 * ```ts
 * import { OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * await using telegram = new OfflineTelegram();
 * const ada = telegram.person("+9996621111");
 * const charles = telegram.person("+9996633333", { firstName: "Charles", username: "charles" });
 * await ada.send("@charles", "Hello!");
 * const message = await charles.nextMessage();
 * console.log(message.text); // Hello!
 * ```
 */
export class Person {
  /** The user id. */
  readonly id: bigint;
  /** The first name, and the last name if there is one. */
  readonly name: string;
  /** Without the `@`. */
  readonly username?: string;
  readonly #api: OfflineApi;
  readonly #random: Random;
  readonly #inbox: Inbox;
  readonly #edits: Inbox;
  readonly #self: Api.user;

  /** Use {@linkcode OfflineTelegram.person}. */
  constructor({ id, api, clock, random }: PersonOptions) {
    this.id = id;
    this.#api = api;
    this.#random = random;
    this.#inbox = new Inbox(clock);
    this.#edits = new Inbox(clock);
    const [self] = api.act(id, {
      _: "users.getUsers",
      id: [{ _: "inputUserSelf" }],
    }) as [Api.user];
    this.#self = self;
    this.name = [self.firstName, self.lastName].filter(Boolean).join(" ");
    this.username = self.username;
    api.watch(id, (updates) => this.#receive(updates));
  }

  /** All messages that others have written to this person, oldest first, taken or not. */
  get received(): readonly PersonMessage[] {
    return this.#inbox.all;
  }

  /**
   * The messages that others write, one after the other. Each wait for the next one is as long as
   * that of {@linkcode nextMessage}.
   */
  get messages(): AsyncIterable<PersonMessage> {
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#nextInLoop() }) };
  }

  /**
   * Takes the oldest message that others have written and that passes the filter; waits for one
   * that has not come. Each message is taken once.
   *
   * @throws {Error} if none comes in time; it says which messages came instead
   */
  nextMessage(filter: PersonFilter = {}): Promise<PersonMessage> {
    return this.#take(this.#inbox, "a message", filter);
  }

  /**
   * Takes the oldest edit of a message that passes the filter; waits for one that has not come.
   *
   * @throws {Error} if none comes in time
   */
  nextEdit(filter: PersonFilter = {}): Promise<PersonMessage> {
    return this.#take(this.#edits, "an edit", filter);
  }

  /** Forgets the messages and edits that nobody has taken. */
  clear(): void {
    this.#inbox.clear();
    this.#edits.clear();
  }

  /** Writes a message. */
  async send(to: PersonPeer, content: PersonText): Promise<PersonMessage> {
    const { text, entities, replyTo, silent } = typeof content === "string"
      ? { text: content }
      : content;
    const peer = await this.#inputPeer(to);
    const replyToMsgId = typeof replyTo === "number" ? replyTo : replyTo?.id;
    const updates = await this.#act("messages.sendMessage", {
      peer,
      message: text,
      entities,
      silent,
      replyTo: replyToMsgId === undefined ? undefined : { _: "inputReplyToMessage", replyToMsgId },
      randomId: randomLong(this.#random),
    });
    return this.#sent(updates, peer);
  }

  /** Changes the text of an own message. */
  async edit(message: PersonMessage, content: PersonText): Promise<void> {
    const { text, entities } = typeof content === "string" ? { text: content } : content;
    const { id, chat: { input: peer } } = message;
    await this.#act("messages.editMessage", { peer, id, message: text, entities });
  }

  /** Deletes a message, for all unless `forMe`. */
  async delete(
    { id, chat: { input } }: PersonMessage,
    { forMe = false }: { readonly forMe?: boolean } = {},
  ): Promise<void> {
    if (input._ !== "inputPeerChannel") {
      await this.#act("messages.deleteMessages", { revoke: !forMe, id: [id] });
      return;
    }
    await this.#act("channels.deleteMessages", { channel: inputChannel(input), id: [id] });
  }

  /** Forwards a message. */
  async forward({ id, chat }: PersonMessage, to: PersonPeer): Promise<PersonMessage> {
    const toPeer = await this.#inputPeer(to);
    const updates = await this.#act("messages.forwardMessages", {
      fromPeer: chat.input,
      toPeer,
      id: [id],
      randomId: [randomLong(this.#random)],
    });
    return this.#sent(updates, toPeer);
  }

  /** Reacts to a message by an emoji; an empty one takes the reaction back. */
  async react({ id: msgId, chat }: PersonMessage, emoticon: string): Promise<void> {
    const reaction: Api.Reaction[] = emoticon === "" ? [] : [{ _: "reactionEmoji", emoticon }];
    await this.#act("messages.sendReaction", { peer: chat.input, msgId, reaction });
  }

  /** Marks all messages of a conversation as read. */
  async read(chat: PersonPeer): Promise<void> {
    const peer = await this.#inputPeer(chat);
    await this.#act("messages.readHistory", { peer, maxId: 0 });
  }

  /** Shows in a conversation that the person types. */
  async type(chat: PersonPeer): Promise<void> {
    const action: Api.SendMessageAction = { _: "sendMessageTypingAction" };
    await this.#act("messages.setTyping", { peer: await this.#inputPeer(chat), action });
  }

  /**
   * Presses a button, which is named by its text or its data. A button of a reply keyboard sends
   * its text; a link is returned.
   *
   * @returns what the bot answers
   * @throws {RangeError} if the message has no such button
   * @throws {RpcFailure} `BOT_RESPONSE_TIMEOUT` if the bot does not answer
   */
  async press(message: PersonMessage, name: string): Promise<ButtonAnswer> {
    const { id: msgId, chat: { input: peer }, raw } = message;
    const button = rowsOf(raw).flat().find((one) =>
      one.text === name ||
      (one._ === "keyboardButtonCallback" && new TextDecoder().decode(one.data) === name)
    );
    switch (button?._) {
      case "keyboardButtonCallback": {
        const { data } = button;
        const answer = await this.#act("messages.getBotCallbackAnswer", { peer, msgId, data });
        const { message: text, alert = false, url } = answer;
        return { ...(text !== undefined && { text }), alert, ...(url !== undefined && { url }) };
      }
      case "keyboardButton":
        await this.send(message, button.text);
        return { alert: false };
      case "keyboardButtonUrl":
        return { alert: false, url: button.url };
    }
    const buttons = message.buttons.flat().map((text) => `"${text}"`).join(", ") || "none";
    throw new RangeError(
      `Cannot press the button "${name}": the message does not have it, expected one of ${buttons}`,
    );
  }

  /** Asks a bot by its inline mode, in a conversation; by default in that with the bot. */
  async inline(
    bot: string,
    query: string,
    { chat, offset = "" }: { readonly chat?: PersonPeer; readonly offset?: string } = {},
  ): Promise<readonly InlineResult[]> {
    const found = await this.#act("messages.getInlineBotResults", {
      bot: await this.#inputUser(bot),
      peer: await this.#inputPeer(chat ?? bot),
      query,
      offset,
    });
    const { queryId, results } = found;
    return results.map(({ id, title, description, sendMessage }) => ({
      id,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      text: "message" in sendMessage ? sendMessage.message : "",
      queryId,
    }));
  }

  /** Sends the result of an inline query to a conversation. */
  async choose({ id, queryId }: InlineResult, to: PersonPeer): Promise<PersonMessage> {
    const peer = await this.#inputPeer(to);
    const randomId = randomLong(this.#random);
    const updates = await this.#act("messages.sendInlineBotResult", {
      peer,
      queryId,
      id,
      randomId,
    });
    return this.#sent(updates, peer);
  }

  /** Makes a basic group, which needs members. */
  async createGroup(title: string, { members = [] }: PersonChatOptions): Promise<PersonChat> {
    const users = await Promise.all(members.map((one) => this.#inputUser(one)));
    const { updates } = await this.#act("messages.createChat", { title, users });
    return chatIn(updates as Api.updates);
  }

  /** Makes a supergroup. */
  createSupergroup(title: string, options: PersonChatOptions = {}): Promise<PersonChat> {
    return this.#createChannel(title, options, { megagroup: true });
  }

  /** Makes a channel. */
  createChannel(title: string, options: PersonChatOptions = {}): Promise<PersonChat> {
    return this.#createChannel(title, options, { broadcast: true });
  }

  /** Adds somebody to a group or channel. */
  async invite(chat: PersonChat, who: string | Person): Promise<void> {
    const user = await this.#inputUser(who);
    if (chat.input._ === "inputPeerChat") {
      const { chatId } = chat.input;
      await this.#act("messages.addChatUser", { chatId, userId: user, fwdLimit: 0 });
    } else {
      const channel = inputChannel(chat.input);
      await this.#act("channels.inviteToChannel", { channel, users: [user] });
    }
  }

  /** Makes somebody an administrator of a supergroup or channel, or takes the rights back. */
  async promote(
    { input }: PersonChat,
    who: string | Person,
    { demote = false }: { readonly demote?: boolean } = {},
  ): Promise<void> {
    await this.#act("channels.editAdmin", {
      channel: inputChannel(input),
      userId: await this.#inputUser(who),
      adminRights: demote
        ? { _: "chatAdminRights" }
        : { _: "chatAdminRights", deleteMessages: true, postMessages: true, other: true },
      rank: "",
    });
  }

  /** Removes somebody from a group or channel. */
  async remove({ input }: PersonChat, who: string | Person): Promise<void> {
    const user = await this.#inputUser(who);
    if (input._ === "inputPeerChat") {
      await this.#act("messages.deleteChatUser", { chatId: input.chatId, userId: user });
      return;
    }
    await this.#act("channels.editBanned", {
      channel: inputChannel(input),
      participant: await this.#inputPeer(who),
      bannedRights: { _: "chatBannedRights", viewMessages: true, untilDate: 0 },
    });
  }

  /** Returns a link by which others join a group or channel. */
  async inviteLink({ input: peer }: PersonChat): Promise<string> {
    const invite = await this.#act("messages.exportChatInvite", { peer });
    if (invite._ === "chatInviteExported") return invite.link;
    throw new TypeError(`Cannot return an invite link: "${invite._}" has none`);
  }

  /** Joins a group or channel by its `@name` or link. */
  async join(name: string): Promise<PersonChat> {
    const hash = /(?:t\.me\/\+|t\.me\/joinchat\/|^\+)([\w-]+)$/.exec(name)?.[1];
    const result = hash === undefined
      ? await this.#act("channels.joinChannel", {
        channel: inputChannel(await this.#inputPeer(name)),
      })
      : await this.#act("messages.importChatInvite", { hash });
    if (result._ === "messages.chatInviteJoinResultOk") {
      return chatIn(result.updates as Api.updates);
    }
    throw new TypeError(`Cannot join the chat: "${result._}" is not supported`);
  }

  /** Leaves a group or channel. */
  async leave({ input }: PersonChat): Promise<void> {
    if (input._ === "inputPeerChat") {
      const userId: Api.InputUser = { _: "inputUserSelf" };
      await this.#act("messages.deleteChatUser", { chatId: input.chatId, userId });
    } else {
      await this.#act("channels.leaveChannel", { channel: inputChannel(input) });
    }
  }

  /** Returns the messages of a conversation, newest first; 100 at most. */
  async history(chat: PersonPeer, limit: number = HISTORY): Promise<readonly PersonMessage[]> {
    const found = await this.#act("messages.getHistory", {
      peer: await this.#inputPeer(chat),
      offsetId: 0,
      offsetDate: 0,
      addOffset: 0,
      limit,
      maxId: 0,
      minId: 0,
      hash: 0n,
    });
    if (found._ === "messages.messagesNotModified") return [];
    return found.messages.flatMap((raw) =>
      raw._ === "messageEmpty" ? [] : [personMessage(raw, found, this.id)]
    );
  }

  async #act<M extends keyof Api.Methods & string>(
    method: M,
    params: Partial<Api.Methods[M]["params"]>,
  ): Promise<Api.Methods[M]["result"]> {
    return await this.#api.act(this.id, { ...params, _: method }) as Api.Methods[M]["result"];
  }

  #receive({ updates, users, chats }: Api.updates): void {
    for (const update of updates) {
      if (!("message" in update) || typeof update.message !== "object") continue;
      const raw = update.message as Api.Message;
      // Service messages are in the history only.
      if (raw._ !== "message" || raw.out || raw.savedPeerId !== undefined) continue;
      const message = personMessage(raw, { users, chats }, this.id);
      if (/^updateNew(Channel)?Message$/.test(update._)) this.#inbox.add(message);
      if (/^updateEdit(Channel)?Message$/.test(update._)) this.#edits.add(message);
    }
  }

  #take(inbox: Inbox, what: string, filter: PersonFilter): Promise<PersonMessage> {
    const { from, chat, text, timeout = TIMEOUT } = filter;
    const author = typeof from === "string" ? from.replace(/^@/, "").toLowerCase() : from?.id;
    const isWanted = (message: PersonMessage): boolean =>
      (author === undefined || author === message.from?.id ||
        author === message.from?.username?.toLowerCase()) &&
      (chat === undefined || (chat.id === message.chat.id && chat.kind === message.chat.kind)) &&
      (text === undefined ||
        (typeof text === "string" ? message.text === text : text.test(message.text)));
    const wanted = [
      `${what} to ${this.name}`,
      from === undefined ? "" : ` from ${typeof from === "string" ? `"${from}"` : from.name}`,
      chat === undefined ? "" : ` in "${chat.title}"`,
      text === undefined ? "" : typeof text === "string" ? ` "${text}"` : ` like ${text}`,
    ].join("");
    return inbox.take({ isWanted, timeout, wanted });
  }

  async #nextInLoop(): Promise<IteratorResult<PersonMessage>> {
    return { done: false, value: await this.nextMessage() };
  }

  /** Returns an own message as the history has it, which has all fields. */
  async #sent(updates: Api.Updates, peer: Api.InputPeer): Promise<PersonMessage> {
    const id = updates._ === "updateShortSentMessage"
      ? updates.id
      : (updates as Api.updates).updates.find((one) => one._ === "updateMessageID")?.id;
    const input: Api.InputMessage[] = [{ _: "inputMessageID", id: id ?? 0 }];
    const found = peer._ === "inputPeerChannel"
      ? await this.#act("channels.getMessages", { channel: inputChannel(peer), id: input })
      : await this.#act("messages.getMessages", { id: input });
    const raw = "messages" in found ? found.messages[0] : undefined;
    if (raw !== undefined && raw._ !== "messageEmpty" && "users" in found) {
      return personMessage(raw, found, this.id);
    }
    throw new TypeError("Cannot return the message: it is deleted already");
  }

  async #createChannel(
    title: string,
    { about = "", username, members = [] }: PersonChatOptions,
    kind: { readonly megagroup?: boolean; readonly broadcast?: boolean },
  ): Promise<PersonChat> {
    const updates = await this.#act("channels.createChannel", { ...kind, title, about });
    const chat = chatIn(updates as Api.updates);
    if (username !== undefined) {
      await this.#act("channels.updateUsername", { channel: inputChannel(chat.input), username });
    }
    for (const one of members) await this.invite(chat, one);
    return username === undefined ? chat : { ...chat, username };
  }

  async #inputPeer(to: PersonPeer): Promise<Api.InputPeer> {
    if (typeof to !== "string") {
      if (to instanceof Person) return to === this ? { _: "inputPeerSelf" } : to.#address();
      return "input" in to ? to.input : to.chat.input;
    }
    if (to === "me") return { _: "inputPeerSelf" };
    const username = to.replace(/^(?:https?:\/\/)?t\.me\//, "").replace(/^@/, "");
    const found = await this.#act("contacts.resolveUsername", { username });
    return chatOf(found.peer, found).input;
  }

  async #inputUser(who: string | Person): Promise<Api.InputUser> {
    const peer = await this.#inputPeer(who);
    if (peer._ === "inputPeerSelf") return { _: "inputUserSelf" };
    if (peer._ !== "inputPeerUser") {
      throw new TypeError(`Cannot find the user "${who}": it is a chat, expected a user`);
    }
    return { ...peer, _: "inputUser" };
  }

  #address(): Api.InputPeer {
    return { _: "inputPeerUser", userId: this.id, accessHash: this.#self.accessHash ?? 0n };
  }
}

/** Returns the group or channel that an answer is about. */
function chatIn({ users, chats }: Api.updates): PersonChat {
  const [chat] = chats;
  if (chat === undefined) throw new TypeError("Cannot find the chat: the answer has none");
  const peer: Api.Peer = chat._ === "channel" || chat._ === "channelForbidden"
    ? { _: "peerChannel", channelId: chat.id }
    : { _: "peerChat", chatId: chat.id };
  const peers: Peers = { users, chats };
  return chatOf(peer, peers);
}

function inputChannel(peer: Api.InputPeer): Api.InputChannel {
  if (peer._ === "inputPeerChannel") return { ...peer, _: "inputChannel" };
  throw new TypeError("Cannot do this in a basic group or a private chat: expected a channel");
}
