/**
 * Floor 8: the client, which puts all the floors below it together.
 */
export { Client, TelegramClient } from "./client.ts";
export type { OutgoingMessage, SentMessage } from "../messages/send_message.ts";
export type { ClientOptions, InvokeOptions } from "./options.ts";
export type { PeerLike } from "../messages/input_peer.ts";
