/** The press of a button below a bot's message: https://core.telegram.org/api/bots/buttons */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { peerId } from "../extract_peers.ts";
import type { PeerContext } from "../input_peer.ts";
import type { Message } from "./message.ts";
import type { EditOptions, TextLike } from "./outgoing.ts";
import type { PacketPeers, PeerInfo } from "./peer_info.ts";

/** How a press is answered. */
export interface CallbackAnswer extends StepOptions {
  /** Whether the text is shown in a window that the person closes. */
  readonly alert?: boolean;
  /** An address that is opened: of a game, or a `t.me` link to the bot. */
  readonly url?: string;
  /** Seconds for which the person's app keeps the answer; none by default. */
  readonly cacheTime?: number;
}

/** The press of a button. It waits for an answer: without one the button stays busy for a while. */
export class CallbackQuery {
  /** The update as Telegram sent it. */
  readonly raw: Api.updateBotCallbackQuery | Api.updateInlineBotCallbackQuery;
  readonly #context: PeerContext;
  readonly #peers: PacketPeers;

  /** Made from an update, and the users and chats that came with it. */
  constructor(context: PeerContext, raw: CallbackQuery["raw"], peers: PacketPeers) {
    this.#context = context;
    this.raw = raw;
    this.#peers = peers;
  }

  /** Its number. */
  get id(): bigint {
    return this.raw.queryId;
  }

  /** The `data` of the button as text; empty for a game. */
  get data(): string {
    return new TextDecoder().decode(this.raw.data);
  }

  /** The person who pressed it. */
  get sender(): PeerInfo {
    return this.#peers.info(this.raw.userId);
  }

  /** The chat of the message; undefined if the message was sent by an inline query. */
  get chat(): PeerInfo | undefined {
    return this.raw._ === "updateBotCallbackQuery"
      ? this.#peers.info(peerId(this.raw.peer))
      : undefined;
  }

  /** The id of the message; undefined if the message was sent by an inline query. */
  get messageId(): number | undefined {
    return this.raw._ === "updateBotCallbackQuery" ? this.raw.msgId : undefined;
  }

  /** Answers the press; without a text, it only ends the wait. */
  async answer(text?: string, options: CallbackAnswer = {}): Promise<void> {
    checkFields("answer a button", options, ["alert", "url", "cacheTime", "signal"]);
    const { alert, url, cacheTime = 0, signal } = options;
    await this.#context.invoke({
      _: "messages.setBotCallbackAnswer",
      queryId: this.id,
      message: text,
      alert,
      url,
      cacheTime,
    }, { signal });
  }

  /** Replaces the text and the buttons of the message. */
  async edit(text: TextLike, options: EditOptions = {}): Promise<Message> {
    return await this.#context.actions.edit(...this.#message("edit"), text, options);
  }

  /** Returns the message with the button; undefined if it is gone. */
  async message(options: StepOptions = {}): Promise<Message | undefined> {
    const [chat, id] = this.#message("find");
    const ids = [{ _: "inputMessageID", id } as const];
    return (await this.#context.actions.find(chat, ids, options))[0];
  }

  #message(what: string): [chat: PeerInfo, id: number] {
    const { chat, messageId } = this;
    if (chat !== undefined && messageId !== undefined) return [chat, messageId];
    throw new TypeError(
      `Cannot ${what} the message of this button: it was sent by an inline query. Call ` +
        "messages.editInlineBotMessage with raw.msgId.",
    );
  }
}
