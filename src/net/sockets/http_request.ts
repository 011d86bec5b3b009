/**
 * One HTTP request by `fetch`, with a body of bytes or none. No cookie and no referrer goes with
 * it, and a POST has no header of ours, so that a browser asks no permission before it. A
 * redirection is not followed.
 */
import { errorOf } from "../../runtime/mod.ts";
import { concatBytes } from "../../crypto/mod.ts";
import type { Fetch } from "../fetch.ts";
import { ConnectionError } from "../stream.ts";

/** The parts of a request. */
export interface HttpRequestOptions {
  readonly fetch: Fetch;
  readonly url: string;
  /** The body of a POST; without it, the request is a GET. */
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** The most bytes of an answer. */
  readonly maxLength: number;
  readonly signal: AbortSignal;
}

/** An answer. */
export interface HttpAnswer {
  /** The status, such as 200; 0 for a redirection in a browser. */
  readonly status: number;
  readonly body: Uint8Array;
}

/** What is asked of a runtime that knows it; Cloudflare Workers refuse the fields. */
const PRIVACY: RequestInit = {
  mode: "cors",
  credentials: "omit",
  referrerPolicy: "no-referrer",
  cache: "no-store",
};

/**
 * Sends bytes, and returns the answer.
 *
 * @throws {ConnectionError} if there is no answer, or it is too long; or throws the signal's reason
 */
export async function httpRequest(options: HttpRequestOptions): Promise<HttpAnswer> {
  const { fetch, url, body, headers, maxLength, signal } = options;
  const known = Object.entries(PRIVACY).filter(([name]) => name in Request.prototype);
  try {
    const response = await fetch(url, {
      ...Object.fromEntries(known),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { method: "POST" as const, body: body as Uint8Array<ArrayBuffer> }),
      redirect: "manual",
      signal,
    });
    const isGood = response.status === 200;
    if (!isGood) response.body?.cancel().catch(() => {});
    return {
      status: response.status,
      body: isGood ? await bytesOf(response, maxLength, url) : new Uint8Array(0),
    };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof ConnectionError) throw cause;
    const why = errorOf(cause).message;
    throw new ConnectionError(
      `Cannot get an answer from "${url}": ${why || "the request failed"}. Check the network.`,
      { cause },
    );
  }
}

async function bytesOf(response: Response, maxLength: number, url: string): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(response.body)) {
    length += chunk.length;
    if (length > maxLength) {
      throw new ConnectionError(
        `Cannot read the answer of "${url}": it has more than ${maxLength} bytes. Is it Telegram?`,
      );
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : concatBytes(...chunks);
}

/** The chunks of a stream, cancelled when they are not all taken. Safari cannot iterate one. */
async function* chunksOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isDone = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!isDone) reader.cancel().catch(() => {});
  }
}
