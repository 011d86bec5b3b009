/**
 * A person who is played by a test: it acts on the state of the offline Telegram, without a client
 * and a connection, by the same methods as a client. So a bot can be tested in milliseconds.
 *
 * What the person does follows Telegram's rules; what is refused rejects with an
 * {@linkcode RpcFailure}.
 */
import { checkFields, type Random, randomLong } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { OfflineApi } from "../api/mod.ts";
import { Inbox } from "./inbox.ts";
import { chatIn, inputChannel, PersonCalls } from "./person_calls.ts";
import { mediaOf } from "./person_files.ts";
import { type PersonChat, type PersonMessage, personMessage, rowsOf } from "./person_message.ts";
import type {
  ButtonAnswer,
  InlineResult,
  PersonChatOptions,
  PersonFileOptions,
  PersonFileSource,
  PersonFilter,
  PersonOptions,
  PersonPeer,
  PersonText,
  PlayedPerson,
} from "./person_values.ts";

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
  /** How others address this person. */
  readonly input: Api.InputPeer;
  readonly #api: OfflineApi;
  readonly #calls: PersonCalls;
  readonly #random: Random;
  readonly #inbox: Inbox;
  readonly #edits: Inbox;

  /** Use {@linkcode OfflineTelegram.person}. */
  constructor({ id, api, clock, random }: PersonOptions) {
    this.id = id;
    this.#api = api;
    this.#calls = new PersonCalls(api, id);
    this.#random = random;
    this.#inbox = new Inbox(clock);
    this.#edits = new Inbox(clock);
    const self = this.#calls.self();
    this.input = { _: "inputPeerUser", userId: id, accessHash: self.accessHash ?? 0n };
    this.name = [self.firstName, self.lastName].filter(Boolean).join(" ");
    api.watch(id, (updates) => this.#receive(updates));
  }

  /** Without the `@`. */
  get username(): string | undefined {
    return this.#calls.self().username;
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

  /**
   * Takes a username, without the `@`, for oneself or for an own channel. An empty one gives up the
   * name, which others may take from then on.
   */
  async setUsername(username: string, chat?: PersonChat): Promise<void> {
    if (chat === undefined) {
      return void await this.#calls.act("account.updateUsername", { username });
    }
    const channel = inputChannel(chat.input);
    await this.#calls.act("channels.updateUsername", { channel, username });
  }

  /** Writes a message. */
  async send(to: PersonPeer, content: PersonText): Promise<PersonMessage> {
    const { text, entities, replyTo, silent } = textIn(content);
    const peer = await this.#calls.inputPeer(to);
    const updates = await this.#calls.act("messages.sendMessage", {
      peer,
      message: text,
      entities,
      silent,
      replyTo: replyOf(replyTo),
      randomId: randomLong(this.#random),
    });
    return this.#calls.sent(updates, peer);
  }

  /**
   * Sends a file, which needs no upload.
   *
   * @param source its bytes; or `{ size, at }`, whose bytes are made when they are read
   * @param options its name, caption and the like; `as: "photo"` for a photo
   * @throws {TypeError} for a photo that is no image, and for a file without bytes
   * @example
   * ```ts
   * import { OfflineTelegram } from "@tessera/mtproto/testing";
   *
   * await using telegram = new OfflineTelegram();
   * const ada = telegram.person("+9996621111");
   * const sent = await ada.sendFile("@test_777_bot", new Uint8Array(9), { name: "notes.bin" });
   * console.log(sent.file?.name, ada.download(sent).length); // notes.bin 9
   * ```
   */
  async sendFile(
    to: PersonPeer,
    source: PersonFileSource,
    options: PersonFileOptions = {},
  ): Promise<PersonMessage> {
    checkFields("send a file", options);
    const peer = await this.#calls.inputPeer(to);
    const updates = await this.#calls.act("messages.sendMedia", {
      peer,
      media: mediaOf(this.#api, source, options),
      message: options.caption ?? "",
      replyTo: replyOf(options.replyTo),
      randomId: randomLong(this.#random),
    });
    return this.#calls.sent(updates, peer);
  }

  /**
   * Returns the bytes of the file of a message.
   *
   * @throws {TypeError} if it has none
   */
  download({ file }: PersonMessage): Uint8Array {
    if (file !== undefined) return this.#api.fileBytes(file.id);
    throw new TypeError("Cannot download: the message has no file");
  }

  /** Changes the text of an own message. */
  async edit(message: PersonMessage, content: PersonText): Promise<void> {
    const { text, entities } = textIn(content);
    const { id, chat: { input: peer } } = message;
    await this.#calls.act("messages.editMessage", { peer, id, message: text, entities });
  }

  /** Deletes a message, for all unless `forMe`. */
  async delete(
    { id, chat: { input } }: PersonMessage,
    options: { readonly forMe?: boolean } = {},
  ): Promise<void> {
    checkFields("delete a message", options, ["forMe"]);
    const { forMe = false } = options;
    if (input._ !== "inputPeerChannel") {
      await this.#calls.act("messages.deleteMessages", { revoke: !forMe, id: [id] });
      return;
    }
    await this.#calls.act("channels.deleteMessages", { channel: inputChannel(input), id: [id] });
  }

  /** Forwards a message. */
  async forward({ id, chat }: PersonMessage, to: PersonPeer): Promise<PersonMessage> {
    const toPeer = await this.#calls.inputPeer(to);
    const updates = await this.#calls.act("messages.forwardMessages", {
      fromPeer: chat.input,
      toPeer,
      id: [id],
      randomId: [randomLong(this.#random)],
    });
    return this.#calls.sent(updates, toPeer);
  }

  /** Reacts to a message by an emoji; an empty one takes the reaction back. */
  async react({ id: msgId, chat }: PersonMessage, emoticon: string): Promise<void> {
    const reaction: Api.Reaction[] = emoticon === "" ? [] : [{ _: "reactionEmoji", emoticon }];
    await this.#calls.act("messages.sendReaction", { peer: chat.input, msgId, reaction });
  }

  /** Marks all messages of a conversation as read. */
  async read(chat: PersonPeer): Promise<void> {
    const peer = await this.#calls.inputPeer(chat);
    await this.#calls.act("messages.readHistory", { peer, maxId: 0 });
  }

  /** Shows in a conversation that the person types. */
  async type(chat: PersonPeer): Promise<void> {
    const action: Api.SendMessageAction = { _: "sendMessageTypingAction" };
    await this.#calls.act("messages.setTyping", {
      peer: await this.#calls.inputPeer(chat),
      action,
    });
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
        const answer = await this.#calls.act("messages.getBotCallbackAnswer", {
          peer,
          msgId,
          data,
        });
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
    options: { readonly chat?: PersonPeer; readonly offset?: string } = {},
  ): Promise<readonly InlineResult[]> {
    checkFields("ask a bot", options, ["chat", "offset"]);
    const { chat, offset = "" } = options;
    const found = await this.#calls.act("messages.getInlineBotResults", {
      bot: await this.#calls.inputUser(bot),
      peer: await this.#calls.inputPeer(chat ?? bot),
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
    const peer = await this.#calls.inputPeer(to);
    const randomId = randomLong(this.#random);
    const updates = await this.#calls.act("messages.sendInlineBotResult", {
      peer,
      queryId,
      id,
      randomId,
    });
    return this.#calls.sent(updates, peer);
  }

  /** Makes a basic group, which needs members. */
  async createGroup(title: string, options: PersonChatOptions): Promise<PersonChat> {
    checkFields("make a group", options, ["members"]);
    const { members = [] } = options;
    const users = await Promise.all(members.map((one) => this.#calls.inputUser(one)));
    const { updates } = await this.#calls.act("messages.createChat", { title, users });
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
  async invite(chat: PersonChat, who: string | PlayedPerson): Promise<void> {
    const user = await this.#calls.inputUser(who);
    if (chat.input._ === "inputPeerChat") {
      const { chatId } = chat.input;
      await this.#calls.act("messages.addChatUser", { chatId, userId: user, fwdLimit: 0 });
    } else {
      const channel = inputChannel(chat.input);
      await this.#calls.act("channels.inviteToChannel", { channel, users: [user] });
    }
  }

  /** Makes somebody an administrator of a supergroup or channel, or takes the rights back. */
  async promote(
    { input }: PersonChat,
    who: string | Person,
    options: { readonly demote?: boolean } = {},
  ): Promise<void> {
    checkFields("promote somebody", options, ["demote"]);
    const { demote = false } = options;
    await this.#calls.act("channels.editAdmin", {
      channel: inputChannel(input),
      userId: await this.#calls.inputUser(who),
      adminRights: demote
        ? { _: "chatAdminRights" }
        : { _: "chatAdminRights", deleteMessages: true, postMessages: true, other: true },
      rank: "",
    });
  }

  /** Removes somebody from a group or channel. */
  async remove({ input }: PersonChat, who: string | PlayedPerson): Promise<void> {
    const user = await this.#calls.inputUser(who);
    if (input._ === "inputPeerChat") {
      await this.#calls.act("messages.deleteChatUser", { chatId: input.chatId, userId: user });
      return;
    }
    await this.#calls.act("channels.editBanned", {
      channel: inputChannel(input),
      participant: await this.#calls.inputPeer(who),
      bannedRights: { _: "chatBannedRights", viewMessages: true, untilDate: 0 },
    });
  }

  /** Returns a link by which others join a group or channel. */
  async inviteLink({ input: peer }: PersonChat): Promise<string> {
    const invite = await this.#calls.act("messages.exportChatInvite", { peer });
    if (invite._ === "chatInviteExported") return invite.link;
    throw new TypeError(`Cannot return an invite link: "${invite._}" has none`);
  }

  /** Joins a group or channel by its `@name` or link. */
  async join(name: string): Promise<PersonChat> {
    const hash = /(?:t\.me\/\+|t\.me\/joinchat\/|^\+)([\w-]+)$/.exec(name)?.[1];
    const result = hash === undefined
      ? await this.#calls.act("channels.joinChannel", {
        channel: inputChannel(await this.#calls.inputPeer(name)),
      })
      : await this.#calls.act("messages.importChatInvite", { hash });
    if (result._ === "messages.chatInviteJoinResultOk") {
      return chatIn(result.updates as Api.updates);
    }
    throw new TypeError(`Cannot join the chat: "${result._}" is not supported`);
  }

  /** Blocks a user, which cannot write then; a bot learns of it. */
  async block(
    who: string | Person,
    { unblock = false }: { readonly unblock?: boolean } = {},
  ): Promise<void> {
    const id = await this.#calls.inputPeer(who);
    await (unblock
      ? this.#calls.act("contacts.unblock", { id })
      : this.#calls.act("contacts.block", { id }));
  }

  /** Leaves a group or channel. */
  async leave({ input }: PersonChat): Promise<void> {
    if (input._ === "inputPeerChat") {
      const userId: Api.InputUser = { _: "inputUserSelf" };
      await this.#calls.act("messages.deleteChatUser", { chatId: input.chatId, userId });
    } else {
      await this.#calls.act("channels.leaveChannel", { channel: inputChannel(input) });
    }
  }

  /** Returns the messages of a conversation, newest first; 100 at most. */
  async history(chat: PersonPeer, limit: number = HISTORY): Promise<readonly PersonMessage[]> {
    const found = await this.#calls.act("messages.getHistory", {
      peer: await this.#calls.inputPeer(chat),
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

  async #take(inbox: Inbox, what: string, filter: PersonFilter): Promise<PersonMessage> {
    checkFields(`return ${what}`, filter, ["from", "chat", "text", "timeout"]);
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
    return await inbox.take({ isWanted, timeout, wanted });
  }

  async #nextInLoop(): Promise<IteratorResult<PersonMessage>> {
    return { done: false, value: await this.nextMessage() };
  }

  async #createChannel(
    title: string,
    options: PersonChatOptions,
    kind: { readonly megagroup?: boolean; readonly broadcast?: boolean },
  ): Promise<PersonChat> {
    checkFields("make a channel", options, ["about", "username", "members"]);
    const { about = "", username, members = [] } = options;
    const updates = await this.#calls.act("channels.createChannel", { ...kind, title, about });
    const chat = chatIn(updates as Api.updates);
    if (username !== undefined) {
      await this.#calls.act("channels.updateUsername", {
        channel: inputChannel(chat.input),
        username,
      });
    }
    for (const one of members) await this.invite(chat, one);
    return username === undefined ? chat : { ...chat, username };
  }
}

function replyOf(message: PersonMessage | number | undefined): Api.InputReplyTo | undefined {
  if (message === undefined) return undefined;
  const replyToMsgId = typeof message === "number" ? message : message.id;
  return { _: "inputReplyToMessage", replyToMsgId };
}

function textIn(content: PersonText): Exclude<PersonText, string> {
  if (typeof content === "string") return { text: content };
  checkFields("write a message", content, ["text", "entities", "replyTo", "silent"]);
  return content;
}
