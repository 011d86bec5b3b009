/**
 * A QR code for signing in, drawn with the characters of a terminal: two modules in each.
 */
import { encodeQr } from "./modules.ts";

/**
 * Light around the code, in modules: the standard wants four, scanners do with two, and terminals
 * are small.
 */
const BORDER = 2;

/**
 * The lines to show: what to do, the code, which a device that is signed in is to scan, and its
 * link.
 */
export function drawQrCode(url: string): string[] {
  const renewed = "The code is renewed while you wait.";
  const rows = encodeQr(url);
  if (rows === undefined) {
    return [`Open ${url} in Telegram on a device that is signed in. ${renewed}`];
  }
  return [
    "Scan this with Telegram on a device that is signed in: Settings, Devices, Link Desktop " +
    "Device.",
    ...draw(rows),
    `Or open ${url} there. ${renewed}`,
  ];
}

/** Draws the light modules, as terminals are dark. */
function draw(rows: readonly boolean[][]): string[] {
  const end = rows.length + BORDER;
  const isLight = (x: number, y: number): boolean => y < end && !rows[y]?.[x];
  const lines: string[] = [];
  for (let y = -BORDER; y < end; y += 2) {
    let line = "";
    for (let x = -BORDER; x < end; x++) {
      const lower = isLight(x, y + 1);
      line += isLight(x, y) ? lower ? "█" : "▀" : lower ? "▄" : " ";
    }
    lines.push(line);
  }
  return lines;
}
