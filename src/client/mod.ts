/**
 * Floor 11: the client, which puts all the floors below it together.
 */
export { Client, TelegramClient } from "./client.ts";
export type { ClientOptions, InvokeOptions } from "./options.ts";
export type { HandlerOptions, UpdateEvents, UpdateHandler } from "./updates/consumers.ts";
export type { OpenChat } from "./updates/open_chats.ts";
