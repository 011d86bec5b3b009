/** The driver of updates. It loads when a program takes updates for the first time. */
export { OwnMessages } from "./own_messages.ts";
export { UpdatesDriver } from "./driver.ts";
