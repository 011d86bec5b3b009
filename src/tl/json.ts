/** Answers of Telegram as JSON, for logs, files and other programs. It is not read back. */
import { encodeBase64 } from "../crypto/mod.ts";

/**
 * Writes a value as JSON: a `bigint` as a text of digits, which is good as an id, and bytes in
 * base64.
 *
 * @param value the value, such as the answer of a call
 * @param space the indentation, as for `JSON.stringify`
 * @example
 * ```ts
 * import { toJson } from "@tessera/mtproto";
 *
 * console.log(toJson({ _: "peerUser", userId: 5n })); // {"_":"peerUser","userId":"5"}
 * ```
 */
export function toJson(value: unknown, space?: string | number): string {
  const write = (_key: string, field: unknown): unknown => {
    if (typeof field === "bigint") return String(field);
    return field instanceof Uint8Array ? encodeBase64(field) : field;
  };
  return JSON.stringify(value, write, space) ?? "null";
}
