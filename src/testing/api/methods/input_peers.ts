/**
 * The accounts, groups and channels that a request means: https://core.telegram.org/api/peers
 */
import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import { messageObject } from "../objects/message.ts";
import { userIdsIn } from "../objects/peers.ts";
import type { Account } from "../state/account.ts";
import type { Channel, Group, Target } from "../state/chats.ts";
import type { SignedInCall } from "./method.ts";

/**
 * Returns an InputUser or InputPeer: Telegram accepts both where the schema has InputUser. The
 * schema of requests reads any object there; other objects are refused here.
 */
export function inputUser(value: unknown): Api.InputUser | Api.InputPeer {
  const input = value as Api.InputUser | Api.InputPeer | null;
  if (/^input(User|Peer)/.test(input?._ ?? "")) return input as Api.InputUser | Api.InputPeer;
  throw badRequest("INPUT_FETCH_ERROR");
}

/** Returns the account that a peer means; undefined for a wrong id or access hash. */
export function findUser(
  input: Api.InputUser | Api.InputPeer,
  { state, account: self }: SignedInCall,
): Account | undefined {
  switch (input._) {
    case "inputUserSelf":
    case "inputPeerSelf":
      return self;
    case "inputUser":
    case "inputPeerUser": {
      const account = state.directory.byId(input.userId);
      // A bot may leave the access hash out; a user must have received it before.
      const isKnown = account === self || account?.accessHash === input.accessHash ||
        (self.isBot && input.accessHash === 0n);
      return isKnown ? account : undefined;
    }
    case "inputUserFromMessage":
    case "inputPeerUserFromMessage":
      return seenIn(input, { state, account: self });
    default:
      return undefined;
  }
}

/** Returns the account that wrote a message, or that is named in it. Bots may not ask. */
function seenIn(
  { peer, msgId, userId }: Api.inputUserFromMessage | Api.inputPeerUserFromMessage,
  { state, account: self }: Pick<SignedInCall, "state" | "account">,
): Account | undefined {
  if (self.isBot) throw badRequest("FROM_MESSAGE_BOT_DISABLED");
  const channel = "channelId" in peer ? state.chats.channel(peer.channelId) : undefined;
  const copy = (channel?.box ?? self.mailbox).get(msgId);
  if (copy === undefined) return undefined;
  const isSeen = userIdsIn(messageObject(copy, self)).has(userId);
  return isSeen ? state.directory.byId(userId) : undefined;
}

/** Returns the account that a peer means; refuses a wrong id or access hash. */
export function userOfPeer(input: Api.InputPeer, call: SignedInCall): Account {
  const account = findUser(input, call);
  if (account === undefined) throw badRequest("PEER_ID_INVALID");
  return account;
}

/** Returns the user, group or channel that a peer means; refuses unknown ones. */
export function targetOf(input: Api.InputPeer, call: SignedInCall): Target {
  switch (input._) {
    case "inputPeerChat":
      return groupOf(input.chatId, call);
    case "inputPeerChannel":
    case "inputPeerChannelFromMessage":
      return channelOf(input, call);
    default: {
      const account = userOfPeer(input, call);
      return { kind: "user", id: account.id, account };
    }
  }
}

/** Returns a basic group; refuses those of which the account was never a member. */
export function groupOf(chatId: bigint, { state, account }: SignedInCall): Group {
  const group = state.chats.group(chatId);
  const isKnown = group?.members.has(account.id) ||
    account.mailbox.of({ kind: "chat", id: chatId }).length > 0;
  if (group === undefined || !isKnown) throw badRequest("PEER_ID_INVALID");
  return group;
}

/**
 * Returns a channel. Refuses a wrong access hash, and private channels of which the account is no
 * member.
 */
export function channelOf(
  input: Api.InputChannel | Api.inputPeerChannel | Api.inputPeerChannelFromMessage,
  { state, account }: SignedInCall,
): Channel {
  if (!("channelId" in input)) throw badRequest("CHANNEL_INVALID");
  const channel = state.chats.channel(input.channelId);
  if (channel === undefined) throw badRequest("CHANNEL_INVALID");
  const isMember = channel.members.has(account.id);
  if ("accessHash" in input) {
    // A bot may leave the access hash out; a user must have received it before.
    const isKnown = channel.accessHash === input.accessHash ||
      (account.isBot && input.accessHash === 0n);
    if (!isKnown) throw badRequest("CHANNEL_INVALID");
  }
  const isHidden = channel.username === undefined || channel.banned.has(account.id);
  if (!isMember && isHidden) throw badRequest("CHANNEL_PRIVATE");
  return channel;
}
