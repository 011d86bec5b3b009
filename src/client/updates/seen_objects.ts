/**
 * The users and chats that came with earlier answers and updates. Short updates come without
 * theirs: https://core.telegram.org/constructor/updateShortMessage
 */
import { objectId } from "../../messages/chats/mod.ts";
import { forgetOldest } from "../../mtproto/mod.ts";
import type { Api } from "../../tl/mod.ts";

/** The most that are remembered. The one that was seen longest ago goes first. */
const LIMIT = 5000;

/** Users and chats by their marked ids. */
export class SeenObjects {
  readonly #objects = new Map<bigint, Api.User | Api.Chat>();

  /** Remembers users and chats. A `min` one never replaces a full one. */
  see(users: readonly Api.User[], chats: readonly Api.Chat[]): void {
    for (const user of users) if (user._ !== "userEmpty") this.#put(user);
    for (const chat of chats) if (chat._ !== "chatEmpty") this.#put(chat);
    forgetOldest(this.#objects, LIMIT);
  }

  /** Remembers the users and chats of an answer, if it has some. */
  seeAnswer(answer: unknown): void {
    const { users, chats } = Object(answer) as { users?: unknown; chats?: unknown };
    if (users === undefined && chats === undefined) return;
    this.see(objects(users) as Api.User[], objects(chats) as Api.Chat[]);
  }

  /** Returns the user or chat of a marked id. */
  get(id: bigint): Api.User | Api.Chat | undefined {
    return this.#objects.get(id);
  }

  /** Forgets all: access hashes are good for one account. */
  clear(): void {
    this.#objects.clear();
  }

  #put(object: Api.User | Api.Chat): void {
    const id = objectId(object);
    if ("min" in object && object.min && this.#objects.has(id)) return;
    this.#objects.delete(id); // to the end
    this.#objects.set(id, object);
  }
}

/** Objects of TL; ids of users, which some answers have in their place, are none. */
function objects(list: unknown): readonly TlLike[] {
  return Array.isArray(list) ? list.filter((one): one is TlLike => Object(one) === one) : [];
}

interface TlLike {
  readonly _: string;
}
