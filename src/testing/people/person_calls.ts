/**
 * The calls of a played person: methods, and the conversations that a test names.
 */
import type { Api } from "../../tl/mod.ts";
import type { OfflineApi } from "../api/mod.ts";
import {
  chatOf,
  type Peers,
  type PersonChat,
  type PersonMessage,
  personMessage,
} from "./person_message.ts";
import type { PersonPeer, PlayedPerson } from "./person_values.ts";

/** Calls methods as one account. */
export class PersonCalls {
  readonly #api: OfflineApi;
  readonly #id: bigint;

  constructor(api: OfflineApi, id: bigint) {
    this.#api = api;
    this.#id = id;
  }

  /** Returns the account as it sees itself. */
  self(): Api.user {
    const id: Api.InputUser[] = [{ _: "inputUserSelf" }];
    const [self] = this.#api.act(this.#id, { _: "users.getUsers", id }) as [Api.user];
    return self;
  }

  /** Calls a method. */
  async act<M extends keyof Api.Methods & string>(
    method: M,
    params: Partial<Api.Methods[M]["params"]>,
  ): Promise<Api.Methods[M]["result"]> {
    return await this.#api.act(this.#id, { ...params, _: method }) as Api.Methods[M]["result"];
  }

  /** Returns an own message as the history has it, which has all fields. */
  async sent(updates: Api.Updates, peer: Api.InputPeer): Promise<PersonMessage> {
    const id = updates._ === "updateShortSentMessage"
      ? updates.id
      : (updates as Api.updates).updates.find((one) => one._ === "updateMessageID")?.id;
    const input: Api.InputMessage[] = [{ _: "inputMessageID", id: id ?? 0 }];
    const found = peer._ === "inputPeerChannel"
      ? await this.act("channels.getMessages", { channel: inputChannel(peer), id: input })
      : await this.act("messages.getMessages", { id: input });
    const raw = "messages" in found ? found.messages[0] : undefined;
    if (raw !== undefined && raw._ !== "messageEmpty" && "users" in found) {
      return personMessage(raw, found, this.#id);
    }
    throw new TypeError("Cannot return the message: it is deleted already");
  }

  /** Returns how the account addresses a conversation. */
  async inputPeer(to: PersonPeer): Promise<Api.InputPeer> {
    if (typeof to !== "string") return "input" in to ? to.input : to.chat.input;
    if (to === "me") return { _: "inputPeerSelf" };
    if (/^\+[\d\s()-]+$/.test(to)) {
      const phone = to.replace(/\D/g, "");
      const owner = await this.act("contacts.resolvePhone", { phone });
      return chatOf(owner.peer, owner).input;
    }
    const username = to.replace(/^(?:https?:\/\/)?t\.me\//, "").replace(/^@/, "");
    const found = await this.act("contacts.resolveUsername", { username });
    return chatOf(found.peer, found).input;
  }

  /** Returns how the account addresses a user. */
  async inputUser(who: string | PlayedPerson): Promise<Api.InputUser> {
    const peer = await this.inputPeer(who);
    if (peer._ === "inputPeerSelf") return { _: "inputUserSelf" };
    if (peer._ === "inputPeerUser") return { ...peer, _: "inputUser" };
    const name = typeof who === "string" ? who : who.name;
    throw new TypeError(`Cannot find the user "${name}": it is a chat, expected a user`);
  }
}

/** Returns the group or channel that an answer is about. */
export function chatIn({ users, chats }: Api.updates): PersonChat {
  const [chat] = chats;
  if (chat === undefined) throw new TypeError("Cannot find the chat: the answer has none");
  const peer: Api.Peer = chat._ === "channel" || chat._ === "channelForbidden"
    ? { _: "peerChannel", channelId: chat.id }
    : { _: "peerChat", chatId: chat.id };
  const peers: Peers = { users, chats };
  return chatOf(peer, peers);
}

/** Returns a channel as the methods of channels want it. */
export function inputChannel(peer: Api.InputPeer): Api.InputChannel {
  if (peer._ === "inputPeerChannel") return { ...peer, _: "inputChannel" };
  throw new TypeError("Cannot do this in a basic group or a private chat: expected a channel");
}
