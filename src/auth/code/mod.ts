/**
 * Signing in with a phone number and a login code, and signing up.
 * https://core.telegram.org/api/auth
 */
export * from "./login_email.ts";
export * from "./request_code.ts";
export * from "./resend_code.ts";
export * from "./sign_in.ts";
export * from "./sign_up.ts";
