/** The driver of updates, which loads when a program takes updates for the first time. */
export { UpdatesDriver } from "./driver.ts";
