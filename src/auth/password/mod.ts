/**
 * The 2FA password: signing in with it, recovering a forgotten one, and its settings.
 * https://core.telegram.org/api/srp
 */
export * from "./check_password.ts";
export * from "./parameters.ts";
export * from "./recovery.ts";
export * from "./settings.ts";
export * from "./status.ts";
