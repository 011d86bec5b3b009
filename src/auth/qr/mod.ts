/**
 * Signing in by QR code, from both sides. https://core.telegram.org/api/qr-login
 */
export * from "./accept_qr.ts";
export * from "./drawing.ts";
export * from "./modules.ts";
export * from "./show_qr_codes.ts";
