import { drawQrCode } from "../../../src/auth/qr/mod.ts";
import jsQr from "jsqr";
import { encode } from "uqr";
import { encodeQr } from "../../../src/auth/qr/modules.ts";
import { assertEquals } from "../../helpers/assert.ts";
import { runs } from "../../helpers/long.ts";

/** A text of so many bytes, as a link is. */
function textOf(length: number): string {
  return "tg://login?token=".repeat(8).slice(0, length - 1) + "~";
}

Deno.test("a QR code of any length has the same modules as another encoder's", () => {
  for (let length = 1; length <= 134; length += runs(7, 1)) {
    const { data } = encode(textOf(length), { border: 0, ecc: "L" });
    assertEquals(encodeQr(textOf(length)), data, `${length} bytes`);
  }
});

Deno.test("a text that is too long for a QR code is shown as a link", () => {
  const url = textOf(135);
  assertEquals(encodeQr(url), undefined);
  assertEquals(drawQrCode(url), [
    `Open ${url} in Telegram on a device that is signed in. The code is renewed while you wait.`,
  ]);
});

Deno.test("a QR code is read by a reader of QR codes", () => {
  for (let length = 1; length <= 134; length += 7) {
    const text = textOf(length);
    const code = encodeQr(text) ?? [];
    const [scale, margin] = [3, 4];
    const size = (code.length + 2 * margin) * scale;
    const pixels = new Uint8ClampedArray(4 * size * size).fill(255);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [row, column] = [y, x].map((at) => Math.floor(at / scale) - margin);
        if (code[row]?.[column]) pixels.fill(0, 4 * (y * size + x), 4 * (y * size + x) + 3);
      }
    }
    assertEquals(jsQr.default(pixels, size, size)?.data, text);
  }
});
