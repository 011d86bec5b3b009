/**
 * Floor 10: messages, and the peers that they are for. Functions that take the client.
 * https://core.telegram.org/api/peers
 */
export { ChatOrder } from "./chat_order.ts";
export { inputPeerOf, type PeerContext, type PeerLike } from "./input_peer.ts";
export { PeerCache, type PeerCacheHost } from "./peer_cache.ts";
export { type OutgoingMessage, sendMessage, type SentMessage } from "./send_message.ts";
export { UncertainSendError } from "./uncertain_send_error.ts";
