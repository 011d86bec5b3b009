/**
 * HTTP/1.1 of the offline Telegram, without sockets: bytes in, requests out, and the bytes of
 * answers. https://core.telegram.org/mtproto/transports#http,
 * https://www.rfc-editor.org/rfc/rfc9112
 *
 * It knows what MTProto needs: POST with a Content-Length, and OPTIONS, by which browsers ask for
 * permission. A letter `w` in the path asks for the headers that let other sites read the answer.
 */
import { concatBytes, decodeUtf8, encodeUtf8 } from "../crypto/mod.ts";

/** A request. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  /** Whether the client keeps the connection open. */
  readonly keepsAlive: boolean;
}

/** Thrown for bytes that are no request; `status` says what to answer. */
export class HttpError extends Error {
  /** The answer. */
  readonly status: number;

  /** The error with this text. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const MAX_HEAD = 16 * 1024;
const MAX_BODY = 16 * 1024 * 1024;
const PATH = /^\/api(w?)1?(?:_test1?)?$/;

/** Whether bytes may be the beginning of a request; undefined if more are needed. */
export function isHttp(bytes: Uint8Array): boolean | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 4));
  const isBeginning = ["POST", "OPTI"].some((method) => method.startsWith(text));
  return isBeginning && bytes.length < 4 ? undefined : isBeginning;
}

/** The requests of one connection. */
export class HttpRequests {
  #pending: Uint8Array[] = [];
  #length = 0;
  /** The head of the request whose body is not complete. */
  #head: Omit<HttpRequest, "body"> & { readonly length: number } | undefined;

  /**
   * Returns the requests that the next bytes complete.
   *
   * @throws {HttpError} if the bytes are no request
   */
  receive(chunk: Uint8Array): HttpRequest[] {
    this.#pending.push(chunk);
    this.#length += chunk.length;
    const requests: HttpRequest[] = [];
    // The body of a long request is joined only when it is complete.
    while (this.#head === undefined || this.#length >= this.#head.length) {
      const bytes = concatBytes(...this.#pending);
      if (this.#head === undefined) {
        const end = endOfHead(bytes);
        if (end === undefined) {
          this.#pending = [bytes];
          break;
        }
        this.#head = readHead(decodeUtf8(bytes.subarray(0, end)));
        this.#keep(bytes.subarray(end));
      } else {
        const { length, ...head } = this.#head;
        this.#head = undefined;
        requests.push({ ...head, body: bytes.slice(0, length) });
        this.#keep(bytes.subarray(length));
        if (this.#length === 0) break;
      }
    }
    return requests;
  }

  #keep(bytes: Uint8Array): void {
    this.#pending = bytes.length > 0 ? [bytes] : [];
    this.#length = bytes.length;
  }
}

function endOfHead(bytes: Uint8Array): number | undefined {
  const isEnd = (at: number): boolean =>
    bytes[at] === 0x0d && bytes[at + 1] === 0x0a && bytes[at + 2] === 0x0d &&
    bytes[at + 3] === 0x0a;
  const end = bytes.subarray(0, MAX_HEAD).findIndex((_, at) => isEnd(at));
  if (end >= 0) return end + 4;
  if (bytes.length >= MAX_HEAD) throw new HttpError(431, "The head of the request is too long");
  return undefined;
}

function readHead(text: string): Omit<HttpRequest, "body"> & { readonly length: number } {
  const [first, ...lines] = text.split("\r\n");
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined) throw new HttpError(400, "This is not an HTTP/1.1 request");
  const headers = new Map(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
  }));
  const length = headers.get("content-length") ?? "0";
  if (headers.has("transfer-encoding") || !/^\d{1,9}$/.test(length)) {
    throw new HttpError(411, "The request has no Content-Length");
  }
  if (Number(length) > MAX_BODY) throw new HttpError(413, "The request is too long");
  return {
    method,
    path: target.split("?")[0],
    length: Number(length),
    keepsAlive: headers.get("connection")?.toLowerCase() !== "close",
  };
}

/** Whether a path is one of MTProto. */
export function isApiPath(path: string): boolean {
  return PATH.test(path);
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  411: "Length Required",
  413: "Content Too Large",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
};

/** Returns the bytes of an answer to a request for `path`. */
export function httpAnswer(status: number, body: Uint8Array, path = ""): Uint8Array {
  const isForWeb = PATH.exec(path)?.[1] === "w";
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Error"}`,
    "Connection: keep-alive",
    "Content-Type: application/octet-stream",
    "Cache-Control: no-store",
    ...(isForWeb
      ? [
        "Access-Control-Allow-Origin: *",
        "Access-Control-Allow-Methods: POST, OPTIONS",
        "Access-Control-Allow-Headers: origin, content-type",
        "Access-Control-Max-Age: 1728000",
      ]
      : []),
    // The last one: Telethon takes the body to follow it.
    `Content-Length: ${body.length}`,
  ];
  return concatBytes(encodeUtf8(`${head.join("\r\n")}\r\n\r\n`), body);
}
