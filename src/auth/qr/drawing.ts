/**
 * A QR code for signing in, drawn with the characters of a terminal: two modules in each.
 */
import { encodeQr } from "./modules.ts";

/**
 * Light around the code, in modules: the standard wants four, scanners do with two, and terminals
 * are small.
 */
const BORDER = 2;
/** The lines of text around the code, which may be broken, and the line of the cursor. */
const TEXT_LINES = 5;

/**
 * Returns the lines to show: what to do, the code, which a device that is signed in is to scan, and
 * its link. On a screen that is too small for the code, only its link.
 *
 * @param url the text of the code
 * @param screen the size of the screen, in characters, if it is known
 */
export function drawQrCode(
  url: string,
  screen?: { readonly rows: number; readonly columns: number },
): string[] {
  const renewed = "The code is renewed while you wait.";
  const rows = encodeQr(url);
  if (rows === undefined) {
    return [`Open ${url} in Telegram on a device that is signed in. ${renewed}`];
  }
  const drawing = draw(rows);
  const width = drawing[0].length;
  const height = drawing.length + TEXT_LINES;
  if (screen !== undefined && (screen.rows < height || screen.columns < width)) {
    return [
      `This terminal is too small for the QR code: ${screen.columns} x ${screen.rows} ` +
      `characters, expected at least ${width} x ${height}.`,
      `Enlarge it, or open ${url} in Telegram on a device that is signed in. ${renewed}`,
    ];
  }
  return [
    "Scan this with Telegram on a device that is signed in: Settings, Devices, Link Desktop " +
    "Device.",
    ...drawing,
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
