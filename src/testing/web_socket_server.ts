/**
 * The server's side of one WebSocket connection (RFC 6455), without sockets: it receives bytes, and
 * returns bytes to send, received data and the end. https://www.rfc-editor.org/rfc/rfc6455 and
 * https://core.telegram.org/mtproto/transports#websocket
 *
 * It carries a stream of bytes: it ignores the borders of messages, and returns data before a
 * message is complete. It agrees on no extensions, and refuses text.
 */
import {
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  sha1,
} from "../crypto/mod.ts";

/** The longest head of an HTTP request that is read. */
const MAX_HEAD = 16 * 1024;
/** The longest frame that is accepted: the longest packet of a transport and its envelope. */
const MAX_FRAME = 16 * 1024 * 1024 + 1024;
/** The suffix that servers append to the client's key. */
const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const CONTINUATION = 0x0;
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

/** The events of some received bytes. */
export interface WebSocketEvents {
  /** The bytes to send to the client. */
  readonly output: Uint8Array;
  /** The data of the client, unmasked, in order. */
  readonly data: Uint8Array[];
  /** The connection is over: send `output`, then close. */
  readonly ended: boolean;
  /** The reason, where the client broke the protocol. */
  readonly failure?: string;
}

/** The end of a connection: an HTTP error, or a broken rule of WebSocket. */
class Refusal {
  readonly output: Uint8Array;
  readonly reason: string;

  constructor(output: Uint8Array, reason: string) {
    this.output = output;
    this.reason = reason;
  }
}

interface FrameInProgress {
  readonly opcode: number;
  readonly mask: Uint8Array;
  /** The bytes of the payload that have arrived. */
  seen: number;
  readonly length: number;
  /** The payload, of control frames only: they have 125 bytes at most. */
  readonly control: number[];
}

/** One connection of a client. */
export class WebSocketServerConnection {
  readonly #path: string;
  #open = false;
  #ended = false;
  /** The incomplete head of the request, and later the incomplete header of a frame. */
  #pending: number[] = [];
  #frame: FrameInProgress | undefined;
  /** Whether a message has begun whose last fragment has not arrived. */
  #inMessage = false;

  /** @param path The path that is served; other paths get 404. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Whether the handshake is done. */
  get open(): boolean {
    return this.#open;
  }

  /** Handles the next bytes from the client. After the end they are ignored. */
  receive(chunk: Uint8Array): WebSocketEvents {
    const output: Uint8Array[] = [];
    const data: Uint8Array[] = [];
    try {
      let offset = 0;
      while (offset < chunk.length && !this.#ended) {
        offset = !this.#open
          ? this.#readHead(chunk, offset, output)
          : this.#frame
          ? this.#readPayload(this.#frame, chunk, offset, output, data)
          : this.#readHeader(chunk, offset, output);
      }
      return { output: concatBytes(...output), data, ended: this.#ended };
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.#ended = true;
      return {
        output: concatBytes(...output, refusal.output),
        data,
        ended: true,
        failure: refusal.reason,
      };
    }
  }

  /** Returns `bytes` as one binary message. */
  pack(bytes: Uint8Array): Uint8Array {
    return frame(BINARY, bytes);
  }

  /** Returns the frame that closes the connection. */
  packClose(): Uint8Array {
    return closeFrame(1000, "");
  }

  #readHead(chunk: Uint8Array, start: number, output: Uint8Array[]): number {
    const head = this.#pending;
    for (let offset = start; offset < chunk.length; offset++) {
      head.push(chunk[offset]);
      const length = head.length;
      if (chunk[offset] === 0x0a && head[length - 2] === 0x0d && head[length - 3] === 0x0a) {
        output.push(answerHandshake(Uint8Array.from(head), this.#path));
        this.#pending = [];
        this.#open = true;
        return offset + 1;
      }
      // Bytes that do not begin like an HTTP method never become a request.
      if (length <= 3 && (chunk[offset] < 0x41 || chunk[offset] > 0x5a)) {
        throw httpRefusal("400 Bad Request", "This is not an HTTP request.");
      }
      if (length >= MAX_HEAD) {
        throw httpRefusal("431 Request Header Fields Too Large", "The request is too long.");
      }
    }
    return chunk.length;
  }

  #readHeader(chunk: Uint8Array, start: number, output: Uint8Array[]): number {
    const header = this.#pending;
    for (let offset = start; offset < chunk.length; offset++) {
      header.push(chunk[offset]);
      if (header.length < 2) continue;
      const shortLength = header[1] & 0x7f;
      const lengthBytes = shortLength === 126 ? 2 : shortLength === 127 ? 8 : 0;
      if (header.length === 2) this.#checkHeader(header[0], header[1]);
      if (header.length < 2 + lengthBytes + 4) continue;

      let length = lengthBytes === 0 ? shortLength : 0;
      for (const byte of header.slice(2, 2 + lengthBytes)) length = length * 256 + byte;
      if (length > MAX_FRAME) {
        throw webSocketRefusal(1009, `a frame of ${length} bytes, expected at most ${MAX_FRAME}`);
      }
      const opcode = header[0] & 0x0f;
      const mask = Uint8Array.from(header.slice(2 + lengthBytes));
      const begun: FrameInProgress = { opcode, mask, seen: 0, length, control: [] };
      this.#pending = [];
      if (opcode < CLOSE) this.#inMessage = header[0] < 0x80;
      if (length > 0) this.#frame = begun;
      else this.#finishFrame(begun, output);
      return offset + 1;
    }
    return chunk.length;
  }

  #checkHeader(first: number, second: number): void {
    const opcode = first & 0x0f;
    const final = first >= 0x80;
    const broken = (rule: string): Refusal => webSocketRefusal(1002, rule);
    if (first & 0x70) throw broken("reserved bits, expected none without an extension");
    if (second < 0x80) throw broken("a frame without a mask, expected clients to mask");
    if (opcode === TEXT) throw webSocketRefusal(1003, "text, expected binary messages");
    if (opcode === BINARY) {
      if (this.#inMessage) throw broken("a new message, expected the rest of the last one");
    } else if (opcode === CONTINUATION) {
      if (!this.#inMessage) throw broken("the rest of a message, expected its beginning");
    } else if (opcode === CLOSE || opcode === PING || opcode === PONG) {
      if (!final) throw broken("a control frame in fragments, expected a whole one");
      if ((second & 0x7f) > 125) throw broken("a long control frame, expected 125 bytes or less");
    } else {
      throw broken(`the opcode ${opcode}, expected one of RFC 6455`);
    }
  }

  #readPayload(
    current: FrameInProgress,
    chunk: Uint8Array,
    start: number,
    output: Uint8Array[],
    data: Uint8Array[],
  ): number {
    const part = chunk.slice(start, start + current.length - current.seen);
    for (let index = 0; index < part.length; index++) {
      part[index] ^= current.mask[(current.seen + index) & 3];
    }
    current.seen += part.length;
    if (current.opcode >= CLOSE) current.control.push(...part);
    else data.push(part);
    if (current.seen === current.length) this.#finishFrame(current, output);
    return start + part.length;
  }

  #finishFrame(current: FrameInProgress, output: Uint8Array[]): void {
    this.#frame = undefined;
    const payload = Uint8Array.from(current.control);
    if (current.opcode === PING) output.push(frame(PONG, payload));
    if (current.opcode !== CLOSE) return;
    if (payload.length === 1) {
      throw webSocketRefusal(1002, "a close frame of one byte, expected a code or nothing");
    }
    // The answer repeats the code of the close frame.
    output.push(frame(CLOSE, payload.subarray(0, 2)));
    this.#ended = true;
  }
}

/** Returns one unmasked frame, which is a whole message. */
function frame(opcode: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const framed = new Uint8Array(2 + lengthBytes + length);
  framed[0] = 0x80 | opcode;
  framed[1] = lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127;
  const view = new DataView(framed.buffer);
  if (lengthBytes === 2) view.setUint16(2, length);
  if (lengthBytes === 8) view.setBigUint64(2, BigInt(length));
  framed.set(payload, 2 + lengthBytes);
  return framed;
}

function closeFrame(code: number, reason: string): Uint8Array {
  return frame(CLOSE, concatBytes(Uint8Array.of(code >>> 8, code & 0xff), encodeUtf8(reason)));
}

function webSocketRefusal(code: number, reason: string): Refusal {
  return new Refusal(closeFrame(code, reason), reason);
}

function httpRefusal(status: string, text: string, headers: string[] = []): Refusal {
  const body = encodeUtf8(`${text}\n`);
  const head = [
    `HTTP/1.1 ${status}`,
    ...headers,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  return new Refusal(
    concatBytes(encodeUtf8(`${head.join("\r\n")}\r\n\r\n`), body),
    `${status}: ${text}`,
  );
}

/** Returns the answer to a correct handshake; throws a `Refusal` of another one. */
function answerHandshake(head: Uint8Array, path: string): Uint8Array {
  const [requestLine, ...lines] = decodeUtf8(head).split("\r\n");
  const request = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(requestLine);
  if (!request) throw httpRefusal("400 Bad Request", "This is not an HTTP/1.1 request.");
  const [, method, target] = request;
  if (target.split("?")[0] !== path) {
    throw httpRefusal("404 Not Found", `This path does not exist. The WebSocket is at ${path}`);
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  const has = (name: string, token: string): boolean =>
    (headers.get(name) ?? "").split(",").some((part) => part.trim().toLowerCase() === token);
  const upgrade = ["Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  if (!has("upgrade", "websocket") || !has("connection", "upgrade")) {
    throw httpRefusal(
      "426 Upgrade Required",
      "This is the WebSocket of an offline Telegram.",
      upgrade,
    );
  }
  if (method !== "GET") {
    throw httpRefusal("400 Bad Request", "A WebSocket is opened with GET.");
  }
  if (headers.get("sec-websocket-version") !== "13") {
    throw httpRefusal("426 Upgrade Required", "This server speaks version 13.", upgrade);
  }
  const key = headers.get("sec-websocket-key") ?? "";
  if (!isHandshakeKey(key)) {
    throw httpRefusal("400 Bad Request", "Sec-WebSocket-Key is not 16 bytes in base64.");
  }
  const answer = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${encodeBase64(sha1(encodeUtf8(key + KEY_SUFFIX)))}`,
    // Only an offered subprotocol may be chosen: otherwise the client fails.
    ...(has("sec-websocket-protocol", "binary") ? ["Sec-WebSocket-Protocol: binary"] : []),
  ];
  return encodeUtf8(`${answer.join("\r\n")}\r\n\r\n`);
}

function isHandshakeKey(key: string): boolean {
  try {
    return decodeBase64(key).length === 16;
  } catch {
    return false;
  }
}
