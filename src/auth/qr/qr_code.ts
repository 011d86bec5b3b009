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
  /**
   * The ids of users who are signed in on this device in other sessions. They cannot approve the
   * code.
   */
  exceptIds?: readonly bigint[];
}

/**
 * Returns the modules of the smallest QR code for `text`, for showing the `url` of a
 * {@linkcode QrCode} without a library: rows from the top, `true` for a dark module; `undefined` if
 * the text is longer than 134 bytes in UTF-8. Leave a light border around it, four modules wide.
 *
 * @example As HTML
 * ```ts
 * import { qrModules } from "@tessera/mtproto";
 *
 * const rows = (await qrModules("tg://login?token=AQIDBAUGBwg")) ?? [];
 * const dark = rows.flatMap((row, y) =>
 *   row.map((isDark, x) => isDark ? `M${x} ${y}h1v1h-1z` : "")
 * );
 * const size = rows.length + 8;
 * const box = `-4 -4 ${size} ${size}`;
 * const svg = `<svg viewBox="${box}"><path d="${dark.join("")}"/></svg>`;
 * console.log(rows.length, svg.length > 1000); // 25 true
 * ```
 */
export async function qrModules(text: string): Promise<boolean[][] | undefined> {
  return (await import("../person/mod.ts")).encodeQr(text);
}
