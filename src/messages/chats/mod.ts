/**
 * Everything that people do in chats. It loads on first use: a program that only signs in never
 * loads it.
 */
export { peerId } from "../extract_peers.ts";
export * from "./buttons.ts";
export * from "./callback_query.ts";
export * from "./delete_messages.ts";
export * from "./dialogs.ts";
export * from "./edit_message.ts";
export * from "./find_peer.ts";
export * from "./formatted.ts";
export * from "./forward_messages.ts";
export * from "./history.ts";
export * from "./inline_query.ts";
export * from "./input_channel.ts";
export * from "./look_up.ts";
export * from "./mark_read.ts";
export * from "./message.ts";
export * from "./outgoing.ts";
export * from "./peer_info.ts";
export * from "./react.ts";
export * from "./send_placed.ts";
export * from "./sent_message.ts";
export * from "./update.ts";
