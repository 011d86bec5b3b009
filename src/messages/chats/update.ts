/**
 * The updates that a program takes: https://core.telegram.org/constructor/Update. Those that people
 * use have a kind of their own; the update as Telegram sent it is always there.
 */
import { channelPeerId } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { GapReason, GapUpdate } from "../../updates/mod.ts";
import type { PeerContext } from "../input_peer.ts";
import { CallbackQuery } from "./callback_query.ts";
import { InlineQuery } from "./inline_query.ts";
import { Message } from "./message.ts";
import { type PacketPeers, type PeerInfo, peerInfo } from "./peer_info.ts";

/** Updates that are lost for good: Telegram keeps them for a while only. */
export interface Gap {
  /** The marked id of the channel or supergroup; undefined for all other chats. */
  readonly channelId?: bigint;
  /** The number of the last update before: its `pts`, `qts` or `seq`. */
  readonly from: number;
  /** The number of the last one that is lost; undefined if it is not known. */
  readonly to?: number;
  /** Why they are lost. */
  readonly reason: GapReason;
}

/** Messages that were deleted. */
export interface Deletion {
  /** Their ids. */
  readonly ids: readonly number[];
  /**
   * The marked id of the channel or supergroup. Elsewhere Telegram does not tell the chat: ids are
   * unique within the account.
   */
  readonly channelId?: bigint;
}

/** An update, with what came along. */
export type Update =
  & (
    | { readonly kind: "message"; readonly message: Message }
    | { readonly kind: "edit"; readonly message: Message }
    | { readonly kind: "delete"; readonly deletion: Deletion }
    | { readonly kind: "callback"; readonly callback: CallbackQuery }
    | { readonly kind: "inlineQuery"; readonly inlineQuery: InlineQuery }
    | { readonly kind: "gap"; readonly gap: Gap }
    | { readonly kind: "raw" }
  )
  & {
    /** The update as Telegram sent it; undefined for a gap. */
    readonly raw?: Api.Update;
    /** Returns a user or chat that came along, by its marked id. */
    readonly peer: (id: bigint) => PeerInfo | undefined;
  };

/** Returns the news of a gap in the form in which programs take it. */
export function gapOf({ channelId, from, to, reason }: GapUpdate): Update {
  const channel = channelId === undefined ? {} : { channelId: channelPeerId(channelId) };
  return {
    kind: "gap",
    gap: { ...channel, from, ...(to !== undefined && { to }), reason },
    peer: () => undefined,
  };
}

/** Returns an update in the form in which programs take it. */
export function updateOf(context: PeerContext, raw: Api.Update, peers: PacketPeers): Update {
  const all = {
    raw,
    peer: (id: bigint): PeerInfo | undefined => {
      const object = peers.get(id);
      return object === undefined ? undefined : peerInfo(object);
    },
  };
  switch (raw._) {
    case "updateNewMessage":
    case "updateNewChannelMessage":
      if (raw.message._ === "messageEmpty") break;
      return { kind: "message", message: new Message(context, raw.message, peers), ...all };
    case "updateEditMessage":
    case "updateEditChannelMessage":
      if (raw.message._ === "messageEmpty") break;
      return { kind: "edit", message: new Message(context, raw.message, peers), ...all };
    case "updateDeleteMessages":
      return { kind: "delete", deletion: { ids: raw.messages }, ...all };
    case "updateDeleteChannelMessages": {
      const channelId = channelPeerId(raw.channelId);
      return { kind: "delete", deletion: { ids: raw.messages, channelId }, ...all };
    }
    case "updateBotCallbackQuery":
    case "updateInlineBotCallbackQuery":
      return { kind: "callback", callback: new CallbackQuery(context, raw, peers), ...all };
    case "updateBotInlineQuery":
      return { kind: "inlineQuery", inlineQuery: new InlineQuery(context, raw, peers), ...all };
  }
  return { kind: "raw", ...all };
}
