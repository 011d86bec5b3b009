/** The driver of updates, and what it needs: it loads when a program takes updates first. */
export { UpdatesDriver } from "./driver.ts";
export { openChat } from "./open_chats.ts";
