/**
 * Looking for a peer that was not seen yet, or whose name may be that of another one by now.
 * https://core.telegram.org/method/contacts.resolveUsername
 */
import type { StepOptions } from "../../auth/mod.ts";
import { RpcError } from "../../connection/mod.ts";
import { channelPeerId, type Peer } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { extractPeers, peerId, toInputPeer } from "../extract_peers.ts";
import { knownPeer, type PeerContext, type SoughtPeer } from "../input_peer.ts";
import { dialogs } from "./dialogs.ts";
import { loadPeer } from "./find_peer.ts";

/** The codes of errors by which Telegram refuses a peer: it is gone, or hidden from the account. */
const REFUSALS = [400, 403, 406];

/**
 * Finds a peer by asking Telegram. A `known` one may have lost the name since it was seen, and a
 * message must not go to it then.
 */
export async function lookUp(
  context: PeerContext,
  named: SoughtPeer,
  known: Peer | undefined,
  options: StepOptions,
): Promise<Api.InputPeer> {
  if (known !== undefined) {
    await askAgain(context, known, options);
    const owner = await knownPeer(context, named);
    if (owner !== undefined && context.peers.isFresh(owner)) return toInputPeer(owner);
  }
  switch (named.kind) {
    case "id":
      return await byId(context, named.id, options);
    case "username":
      return await byUsername(context, named.username, options);
    case "phone":
      return await byPhone(context, named.phone, options);
    case "invite":
      return await byInvite(context, named.hash, options);
  }
}

/**
 * Asks Telegram about a known peer itself, which is hardly limited: a name costs much more. The
 * answer is seen, as every answer is.
 */
async function askAgain(
  context: PeerContext,
  peer: Peer,
  { signal }: StepOptions,
): Promise<void> {
  try {
    await loadPeer(context, toInputPeer(peer), signal);
  } catch (error) {
    if (!(error instanceof RpcError && REFUSALS.includes(error.code))) throw error;
  }
}

async function byUsername(
  context: PeerContext,
  username: string,
  options: StepOptions,
): Promise<Api.InputPeer> {
  const found = await context.invoke({ _: "contacts.resolveUsername", username }, options);
  return resolvedPeer(`@${username}`, found);
}

async function byPhone(
  context: PeerContext,
  phone: string,
  options: StepOptions,
): Promise<Api.InputPeer> {
  const found = await context.invoke({ _: "contacts.resolvePhone", phone }, options);
  return resolvedPeer("with this phone number", found);
}

/** Finds the chat of an invite link: https://core.telegram.org/method/messages.checkChatInvite */
async function byInvite(
  context: PeerContext,
  hash: string,
  options: StepOptions,
): Promise<Api.InputPeer> {
  const invite = await context.invoke({ _: "messages.checkChatInvite", hash }, options);
  const [peer] = "chat" in invite ? extractPeers(invite.chat) : [];
  if (peer !== undefined) return toInputPeer(peer);
  throw new TypeError(
    "Cannot find the peer: the invite link is of a chat that this account is not in. Join it " +
      'first: client.invoke({ _: "messages.importChatInvite", hash }).',
  );
}

/** Finds a peer by id. A bare id can be that of a user, a channel or a group: in this order. */
async function byId(
  context: PeerContext,
  id: bigint,
  options: StepOptions,
): Promise<Api.InputPeer> {
  const { user } = context.session.state;
  if (id === user?.id) return { _: "inputPeerSelf" };
  if (id < 0n && id > channelPeerId(0n)) return { _: "inputPeerChat", chatId: -id };
  if (user?.isBot) {
    // Bots may name those who have written to them by their id alone.
    return id > 0n
      ? { _: "inputPeerUser", userId: id, accessHash: 0n }
      : { _: "inputPeerChannel", channelId: channelPeerId(id), accessHash: 0n };
  }
  if (user !== undefined && await loadDialogs(context, options)) {
    const found = await knownPeer(context, { kind: "id", id });
    if (found !== undefined) return toInputPeer(found);
  }
  throw new TypeError(
    `Cannot find the peer "${id}": this account has not met it, nor is it among its dialogs. ` +
      "Pass its username, its phone number, or a link to it.",
  );
}

/** Loads the dialogs, whose peers are then known, once a connected time. Returns whether it did. */
async function loadDialogs(context: PeerContext, options: StepOptions): Promise<boolean> {
  if (context.peers.hasLoadedDialogs) return false;
  try {
    for await (const _ of dialogs(context, options));
    for await (const _ of dialogs(context, { ...options, archived: true }));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    context.log.warn(`Cannot load the dialogs to find a peer: ${error.message}`);
    return false;
  }
  context.peers.hasLoadedDialogs = true;
  return true;
}

function resolvedPeer(name: string, resolved: Api.contacts.resolvedPeer): Api.InputPeer {
  const id = peerId(resolved.peer);
  const found = extractPeers(resolved).find((seen) => seen.id === id);
  if (found !== undefined) return toInputPeer(found);
  throw new TypeError(`Cannot find the peer ${name}: Telegram gives no access to it`);
}
