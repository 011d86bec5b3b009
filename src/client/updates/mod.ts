/** The driver of updates, and what it needs: it loads when a program takes updates first. */
export { OwnMessages } from "./own_messages.ts";
export { UpdatesDriver } from "./driver.ts";
export { openChat } from "./open_chats.ts";
