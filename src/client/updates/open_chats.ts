/**
 * The chats that a program watches. Telegram pushes the updates of a big channel late, or not at
 * all, and those of a channel that one has not joined never: their difference is asked for on and
 * on. https://core.telegram.org/api/updates#subscribing-to-updates-of-channels-supergroups
 */
import type { StepOptions } from "../../auth/mod.ts";
import { channelIdOf } from "../../messages/chats/mod.ts";
import type { PeerContext, PeerLike } from "../../messages/mod.ts";
import { checkFields } from "../../runtime/mod.ts";

/** A chat that is being watched: see `client.openChat`. */
export interface OpenChat extends Disposable {
  /** Ends to watch the chat. A second call does nothing. */
  close(): void;
}

/** Takes the changes of the watched chats. */
export interface OpenChatsTarget {
  /** Begins to watch a channel, by its bare id. */
  openChat(channelId: bigint): void;
  /** Ends to watch it. */
  closeChat(channelId: bigint): void;
}

/** The channels that a program watches, with how often it has opened each. */
export class OpenChats {
  readonly #counts = new Map<bigint, number>();
  /** The boxes of the user who is signed in, while somebody takes updates. */
  #target: OpenChatsTarget | undefined;
  #changed = (): void => {};

  /**
   * Watches all channels by these boxes from now on.
   *
   * @param changed is called when there is something to ask for
   */
  use(target: OpenChatsTarget, changed: () => void): void {
    this.#target = target;
    this.#changed = changed;
    for (const channelId of this.#counts.keys()) target.openChat(channelId);
  }

  /** Nobody takes updates any more. What is open stays open for the next boxes. */
  leave(): void {
    this.#target = undefined;
  }

  /** Begins to watch a channel. Returns what ends it. */
  open(channelId: bigint): () => void {
    const count = this.#counts.get(channelId) ?? 0;
    this.#counts.set(channelId, count + 1);
    if (count === 0 && this.#target !== undefined) {
      this.#target.openChat(channelId);
      this.#changed();
    }
    let isOpen = true;
    return () => {
      if (isOpen) this.#close(channelId);
      isOpen = false;
    };
  }

  #close(channelId: bigint): void {
    const count = this.#counts.get(channelId) ?? 0;
    if (count > 1) return void this.#counts.set(channelId, count - 1);
    this.#counts.delete(channelId);
    this.#target?.closeChat(channelId);
  }
}

const ALL = new WeakMap<PeerContext, OpenChats>();

/** Returns the chats that a client watches. */
export function openChatsOf(client: PeerContext): OpenChats {
  const known = ALL.get(client) ?? new OpenChats();
  ALL.set(client, known);
  return known;
}

/** Watches a chat, until it is closed or `signal` aborts. Chats that need no watching are left. */
export async function openChat(
  context: PeerContext,
  chat: PeerLike,
  options: StepOptions = {},
): Promise<OpenChat> {
  checkFields("open a chat", options, ["signal"]);
  const { signal } = options;
  const channelId = await channelIdOf(context, chat, { signal });
  signal?.throwIfAborted();
  const end = channelId === undefined ? () => {} : openChatsOf(context).open(channelId);
  const close = (): void => {
    signal?.removeEventListener("abort", close);
    end();
  };
  signal?.addEventListener("abort", close, { once: true });
  return { close, [Symbol.dispose]: close };
}
