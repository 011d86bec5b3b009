/**
 * The bytes of a WebSocket client, made by hand, so that a test controls every byte.
 */
import { encodeUtf8 } from "../../src/crypto/mod.ts";

/** Returns a request that opens a WebSocket. Headers can be changed, or removed by `undefined`. */
export function handshake(
  changes: Record<string, string | undefined> = {},
  line = "GET /apiws HTTP/1.1",
): Uint8Array {
  const headers: Record<string, string | undefined> = {
    Host: "127.0.0.1",
    Upgrade: "websocket",
    Connection: "keep-alive, Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "chat, binary",
    ...changes,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`]
  );
  return encodeUtf8([line, ...lines, "", ""].join("\r\n"));
}

/** The mask of all frames: that of the examples in RFC 6455. */
export const MASK = [0x37, 0xfa, 0x21, 0x3d];

/** Returns a client frame. `first` is its first byte: the flags and the opcode. */
export function frame(first: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const header = length < 126
    ? [0x80 | length]
    : length < 65536
    ? [0x80 | 126, length >> 8, length & 0xff]
    : [
      0x80 | 127,
      0,
      0,
      0,
      0,
      length >>> 24,
      (length >> 16) & 0xff,
      (length >> 8) & 0xff,
      length & 0xff,
    ];
  return Uint8Array.from([
    first,
    ...header,
    ...MASK,
    ...payload.map((byte, i) => byte ^ MASK[i & 3]),
  ]);
}
