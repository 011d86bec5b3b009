/**
 * The whole runtime floor: `mod.ts`, and the keyboard, which only an interactive sign-in needs. It
 * has its own door, because a bundler keeps all that a door exports in the chunk that loads it.
 */
export { type Keyboard, systemKeyboard } from "./keyboard.ts";
export * from "./mod.ts";
