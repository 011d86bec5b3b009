/**
 * Floor 10: messages, and the peers that they are for. Functions that take the client. What people
 * do in chats loads at the door of chats/, on first use.
 * https://core.telegram.org/api/peers
 */
export { messageActions } from "./actions.ts";
export { ChatOrder } from "./chat_order.ts";
export type * from "./chats/mod.ts";
export { inputPeerOf, type PeerContext } from "./input_peer.ts";
export { loadChats } from "./load_chats.ts";
export { type PeerHolder, type PeerLike } from "./named_peer.ts";
export { PeerCache, type PeerCacheHost } from "./peer_cache.ts";
export { sendInOrder } from "./send_in_order.ts";
export { sendMessage } from "./send_message.ts";
export { UncertainSendError } from "./uncertain_send_error.ts";
