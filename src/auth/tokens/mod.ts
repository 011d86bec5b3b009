/**
 * The tokens that the steps of signing in hand to each other. A step returns a token, and the next
 * step takes it. The secrets in it (Telegram's hash of the code, the parameters of the password)
 * can neither be read nor printed. https://core.telegram.org/api/auth
 */
export * from "./code_delivery.ts";
export * from "./code_name.ts";
export * from "./login_token.ts";
export * from "./opened_token.ts";
export * from "./password_token.ts";
export * from "./resume_login.ts";
export * from "./sign_up_token.ts";
export * from "./token_origin.ts";
