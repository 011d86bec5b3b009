/**
 * Everything that a person signs in with: the steps of each topic, and the walks over them. It
 * loads on first use, as one: a bundler then makes one file of it, where doors of their own for the
 * topics would cut it, and all that they share, into twenty.
 */
export * from "../code/mod.ts";
export * from "../devices/mod.ts";
export * from "../passkeys/mod.ts";
export * from "../password/mod.ts";
export * from "../qr/mod.ts";
export * from "../tokens/mod.ts";
export * from "../web_token.ts";
export * from "./asker.ts";
export * from "./checked.ts";
export * from "./interactive.ts";
export * from "./terminal.ts";
export * from "./walk.ts";
