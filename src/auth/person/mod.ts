/**
 * Signing in as a person, from beginning to end: with answers of the program, or at a terminal. Loaded on first use.
 */
export * from "./asker.ts";
export * from "./interactive.ts";
export * from "./terminal.ts";
export * from "./walk.ts";
