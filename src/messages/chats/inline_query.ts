/** What a person types after a bot's name in any chat: https://core.telegram.org/api/bots/inline */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { PeerContext } from "../input_peer.ts";
import { type Buttons, replyMarkup } from "./buttons.ts";
import { formatted } from "./formatted.ts";
import { outgoingParams, type TextLike } from "./outgoing.ts";
import type { PacketPeers, PeerInfo } from "./peer_info.ts";

/** A result that sends a text when it is chosen. */
export interface InlineArticle {
  /** What the list shows. */
  readonly title: string;
  /** The text that is sent. */
  readonly text: TextLike;
  /** Tells the results apart; its number in the list by default. */
  readonly id?: string;
  /** A smaller line below the title. */
  readonly description?: string;
  /** The address that belongs to it. */
  readonly url?: string;
  /** The buttons below the message that is sent. */
  readonly buttons?: Buttons;
}

/** How results are kept and shown. */
export interface InlineAnswer extends StepOptions {
  /** Seconds for which Telegram keeps the results; 300 by default. */
  readonly cacheTime?: number;
  /** Whether they are for this person alone. */
  readonly personal?: boolean;
  /** Whether they are shown side by side. */
  readonly gallery?: boolean;
  /** What the next query has as `offset`, when the person scrolls to the end. */
  readonly nextOffset?: string;
}

const CACHE_TIME = 300;

/** An inline query. */
export class InlineQuery {
  /** The update as Telegram sent it. */
  readonly raw: Api.updateBotInlineQuery;
  readonly #context: PeerContext;
  readonly #peers: PacketPeers;

  /** Made from an update, and the users that came with it. */
  constructor(context: PeerContext, raw: Api.updateBotInlineQuery, peers: PacketPeers) {
    this.#context = context;
    this.raw = raw;
    this.#peers = peers;
  }

  /** Its number. */
  get id(): bigint {
    return this.raw.queryId;
  }

  /** What the person typed. */
  get query(): string {
    return this.raw.query;
  }

  /** The `nextOffset` of the results before these; empty for the first. */
  get offset(): string {
    return this.raw.offset;
  }

  /** The person who typed it. */
  get sender(): PeerInfo {
    return this.#peers.info(this.raw.userId);
  }

  /** Shows results to the person: texts, or any results of TL. */
  async answer(
    results: readonly (InlineArticle | Api.InputBotInlineResult)[],
    options: InlineAnswer = {},
  ): Promise<void> {
    const known = ["cacheTime", "personal", "gallery", "nextOffset", "signal"];
    checkFields("answer an inline query", options, known);
    if (!Array.isArray(results)) {
      throw new TypeError("Cannot answer an inline query: the results are no array");
    }
    const { cacheTime = CACHE_TIME, personal, gallery, nextOffset, signal } = options;
    await this.#context.invoke({
      _: "messages.setInlineBotResults",
      queryId: this.id,
      results: await Promise.all(
        results.map((result, i) => "_" in result ? result : article(this.#context, result, i)),
      ),
      cacheTime,
      private: personal,
      gallery,
      nextOffset,
    }, { signal });
  }
}

async function article(
  context: PeerContext,
  result: InlineArticle,
  index: number,
): Promise<Api.inputBotInlineResult> {
  const known = ["title", "text", "id", "description", "url", "buttons"];
  checkFields("answer an inline query", result, known);
  const { id = String(index), title, description, url, buttons } = result;
  const { message, entities } = await formatted(
    context,
    outgoingParams(result.text, {}),
    undefined,
  );
  return {
    _: "inputBotInlineResult",
    id,
    type: "article",
    title,
    description,
    url,
    sendMessage: {
      _: "inputBotInlineMessageText",
      message,
      entities,
      replyMarkup: replyMarkup(buttons),
    },
  };
}
