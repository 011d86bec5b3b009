/** What Telegram knows of a peer now: https://core.telegram.org/api/peers */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { inputPeerOf, type PeerContext } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";
import { inputChannelOf, inputUserOf } from "./input_channel.ts";
import { type PeerInfo, peerInfo } from "./peer_info.ts";

/** Returns a peer with its title, username and kind, as they are now. */
export async function findPeer(
  context: PeerContext,
  name: PeerLike,
  options: StepOptions = {},
): Promise<PeerInfo> {
  checkFields("find a peer", options, ["signal"]);
  const { signal } = options;
  const input = await inputPeerOf(context, name, { signal });
  const raw = await loadPeer(context, input, signal);
  if (raw !== undefined && !raw._.endsWith("Empty")) return peerInfo(raw);
  throw new TypeError("Cannot find the peer: Telegram gives no access to it");
}

/** Returns a peer as Telegram has it now. */
export async function loadPeer(
  context: PeerContext,
  input: Api.InputPeer,
  signal: AbortSignal | undefined,
): Promise<Api.User | Api.Chat | undefined> {
  const user = inputUserOf(input);
  if (user !== undefined) {
    return (await context.invoke({ _: "users.getUsers", id: [user] }, { signal }))[0];
  }
  const channel = inputChannelOf(input);
  if (channel !== undefined) {
    const found = await context.invoke({ _: "channels.getChannels", id: [channel] }, { signal });
    return found.chats[0];
  }
  if (input._ !== "inputPeerChat") return undefined;
  const id = [input.chatId];
  return (await context.invoke({ _: "messages.getChats", id }, { signal })).chats[0];
}
