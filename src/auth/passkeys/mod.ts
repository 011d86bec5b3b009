/**
 * Passkeys. https://core.telegram.org/api/passkeys
 */
export * from "./passkeys.ts";
