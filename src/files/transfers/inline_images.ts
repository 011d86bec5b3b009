/**
 * The sizes of a photo that come as bytes, made files that programs can show. No call is needed.
 * https://core.telegram.org/api/files#stripped-thumbnails
 */
import { concatBytes, decodeBase64 } from "../../crypto/mod.ts";

/**
 * The beginning of the JPEG file of a stripped thumbnail, with the usual quantization (quality 20)
 * and Huffman tables: lib_base of Telegram Desktop, ui/image/image.cpp.
 */
const JPEG_HEAD =
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKra" +
  "rYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4" +
  "+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAAAAADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAA" +
  "AAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk" +
  "M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT" +
  "lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QA" +
  "HwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdh" +
  "cRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hp" +
  "anN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk" +
  "5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwA";
const JPEG_END = Uint8Array.of(0xff, 0xd9);
/** Where the head has the height and the width. */
const HEIGHT_AT = 164;
const WIDTH_AT = 166;
/**
 * The characters of a path for bytes from 192 on:
 * https://core.telegram.org/api/files#vector-thumbnails
 */
const PATH_CHARACTERS = "AACAAAAHAAALMAAAQASTAVAAAZaacaaaahaaalmaaaqastava.az0123456789-,";

/** Returns the JPEG file of a `photoStrippedSize`; undefined if its bytes are not of this kind. */
export function strippedJpeg(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < 3 || bytes[0] !== 1) return undefined;
  const file = concatBytes(decodeBase64(JPEG_HEAD), bytes.subarray(3), JPEG_END);
  file[HEIGHT_AT] = bytes[1];
  file[WIDTH_AT] = bytes[2];
  return file;
}

/** Returns the SVG file of a `photoPathSize`, for an image of 512 by 512 pixels. */
export function pathSvg(bytes: Uint8Array): Uint8Array {
  const path = Array.from(bytes, (byte) => {
    if (byte >= 192) return PATH_CHARACTERS[byte - 192];
    return `${byte >= 128 ? "," : byte >= 64 ? "-" : ""}${byte & 63}`;
  }).join("");
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">' +
    `<path d="M${path}z"/></svg>`;
  return new TextEncoder().encode(svg);
}
