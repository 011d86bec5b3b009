/**
 * A `fetch` over a `Dial`: HTTP/1.1 on the streams of a test, in memory or in the simulated world.
 */
import { concatBytes, decodeUtf8, encodeUtf8 } from "../../src/crypto/mod.ts";
import { type ByteStream, ConnectionError, type Dial } from "../../src/net/mod.ts";

/** An answer as it came. */
interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Returns a `fetch` whose connections `dial` opens, one for each request. */
export function fetchOver(dial: Dial): typeof fetch {
  return async (input, { method = "GET", body, signal } = {}) => {
    const url = new URL(input.toString());
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
    const own = signal ?? undefined;
    const bytes = body as Uint8Array;
    const head = `${method} ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n` +
      `Connection: close\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    const stream = await dial({ host, port }, own);
    const close = (): void => stream.close();
    if (own?.aborted) close();
    own?.addEventListener("abort", close, { once: true });
    try {
      await stream.write(concatBytes(encodeUtf8(head), bytes));
      const answer = await readAnswer(stream);
      return new Response(answer.body as Uint8Array<ArrayBuffer>, { status: answer.status });
    } catch (error) {
      own?.throwIfAborted();
      throw error;
    } finally {
      own?.removeEventListener("abort", close);
      close();
    }
  };
}

async function readAnswer(stream: ByteStream): Promise<Answer> {
  let bytes = new Uint8Array(0);
  for (;;) {
    const text = decodeLatin1(bytes);
    const end = text.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    if (end >= 0 && bytes.length >= end + 4 + length) {
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
      return { status, body: bytes.subarray(end + 4, end + 4 + length) };
    }
    const chunk = await stream.read();
    if (chunk === undefined) throw new ConnectionError("Cannot read: the connection was closed");
    bytes = concatBytes(bytes, chunk) as Uint8Array<ArrayBuffer>;
  }
}

function decodeLatin1(bytes: Uint8Array): string {
  return decodeUtf8(bytes.subarray(0, 2048).map((byte) => byte & 0x7f));
}
