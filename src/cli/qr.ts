/**
 * A QR code, drawn with the characters of a terminal: two modules in each. The drawing itself is done by `uqr`.
 */
import { renderUnicodeCompact } from "uqr";
import type { World } from "./command.ts";

/** Light around the code, in modules: without it, it cannot be scanned. */
const BORDER = 2;

/** Draws what a device that is signed in is to scan. A later one takes the place of it. */
export function drawQrCode(url: string, { note }: Pick<World, "note">): void {
  note(
    "Scan this with Telegram on a device that is signed in: Settings, Devices, Link Desktop Device.",
  );
  for (const line of renderUnicodeCompact(url, { border: BORDER }).split("\n")) note(line);
  note(`Or open ${url} there. The code is renewed while you wait.`);
}
