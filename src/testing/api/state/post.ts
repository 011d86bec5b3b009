/**
 * A message as its author wrote it, and its copies in message boxes.
 *
 * A private message has a copy in the box of either side, a message in a basic group one in the
 * box of each member, and a message in a channel one in the box of the channel. The copies have
 * different ids; what is written is the same for all, so it is kept once.
 */
import type { Api } from "../../../tl/mod.ts";
import type { PeerId } from "./peer_id.ts";

/** Where a forwarded message comes from. */
export interface Origin {
  readonly from: PeerId;
  /** In Unix seconds. */
  readonly date: number;
  /** The id of a post in a channel. */
  readonly channelPost?: number;
}

/** What an album consists of: photos and videos mix, documents and music do not. */
export type AlbumKind = "visual" | "audio" | "document";

/** The photo or document of a message. */
export interface PostMedia {
  /** The id of the photo or document. */
  readonly id: bigint;
  readonly spoiler?: boolean;
  readonly kind: AlbumKind;
  /** Returns it in the form of TL, with a fresh file reference each time. */
  object(): Api.MessageMedia;
}

/** A message as its author wrote it. An edit changes it in all copies. */
export interface Post {
  readonly authorId: bigint;
  /** Whether it speaks for its channel, and names no author. */
  readonly isChannelPost?: boolean;
  /** In Unix seconds. */
  readonly date: number;
  text: string;
  entities?: readonly Api.MessageEntity[];
  markup?: Api.ReplyMarkup;
  /** In Unix seconds. */
  editDate?: number;
  /** A service message says this; with a photo, a fresh file reference each time. */
  readonly action?: Api.MessageAction | (() => Api.MessageAction);
  media?: PostMedia;
  readonly replyTo?: Post;
  readonly origin?: Origin;
  readonly viaBotId?: bigint;
  readonly groupedId?: bigint;
  readonly silent?: boolean;
  readonly fromScheduled?: boolean;
  /** The reactions of each user. */
  readonly reactions?: Map<bigint, readonly Api.Reaction[]>;
}

/** A message in one box. */
export interface Copy {
  readonly id: number;
  readonly post: Post;
  /** The conversation, as the owner of the box sees it. */
  readonly chat: PeerId;
  /** The id of the message that is replied to, in this box. */
  readonly replyToId?: number;
  pinned?: boolean;
}
