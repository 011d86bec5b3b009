/** A QR code is drawn only on a screen that shows all of it. */
import { drawQrCode } from "../../../src/auth/qr/drawing.ts";
import { assert, assertEquals, assertStringIncludes } from "../../helpers/assert.ts";

const URL_TEXT = `tg://login?token=${"A".repeat(43)}`;

Deno.test("drawQrCode() draws a code that the screen has room for, with its lines of text", () => {
  const lines = drawQrCode(URL_TEXT);
  const width = lines[1].length;
  for (const screen of [undefined, { rows: 24, columns: 80 }, { rows: 24, columns: width }]) {
    assertEquals(drawQrCode(URL_TEXT, screen), lines);
  }
  assert(lines.length + 2 <= 24, "a usual terminal shows it");
});

Deno.test("drawQrCode() says which size it needs on a smaller screen, and names the link", () => {
  for (const screen of [{ rows: 15, columns: 80 }, { rows: 50, columns: 30 }]) {
    const lines = drawQrCode(URL_TEXT, screen);
    assertStringIncludes(
      lines[0],
      `${screen.columns} x ${screen.rows} characters, expected at least`,
    );
    assertStringIncludes(lines[1], URL_TEXT);
    assert(!lines.join("").includes("█"));
  }
});
