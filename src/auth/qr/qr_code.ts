/**
 * The QR code of a sign-in, and how to ask for one. https://core.telegram.org/api/qr-login
 */
import type { StepOptions } from "../context.ts";

/** A QR code, which a device that is signed in scans. */
export interface QrCode {
  /** The text of the QR code: `tg://login?token=…`. */
  readonly url: string;
  /** The token in the link. The account that approves it signs this client in. */
  readonly token: Uint8Array;
  /** When it expires, in Unix seconds by Telegram's clock. A new code comes before that. */
  readonly expires: number;
}

/** How to sign in by QR code. */
export interface QrLoginOptions extends StepOptions {
  /** The ids of users who are signed in on this device in other sessions. They cannot approve the code. */
  exceptIds?: readonly bigint[];
}
