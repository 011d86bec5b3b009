/**
 * Passkeys. Loaded on first use. https://core.telegram.org/api/passkeys
 */
export * from "./passkeys.ts";
