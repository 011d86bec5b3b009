/**
 * Whether bytes that are secret can be read from what is printed, in any of the forms in which programs print bytes.
 */
import { bytesToHex, encodeBase64 } from "../src/crypto/mod.ts";

/** Whether `text` shows the beginning of `secret`: in hex, in base64, as a list of numbers, or as an object of them. */
export function shows(text: string, secret: Uint8Array): boolean {
  const start = secret.subarray(0, 6);
  const numbers = text.replace(/\D+/g, " ");
  const list = [...start].join(" ");
  const object = Array.from(start, (byte, index) => `${index} ${byte}`).join(" ");
  return text.toLowerCase().includes(bytesToHex(start)) || text.includes(encodeBase64(start)) ||
    numbers.includes(list) || numbers.includes(object);
}
