/** One HTTP request by `fetch`, on loopback: its limits, and what it refuses. */
import { httpRequest } from "../../src/net/sockets/mod.ts";
import { ConnectionError } from "../../src/net/mod.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../helpers/assert.ts";

type Handler = (request: Request) => Response | Promise<Response>;

/** Serves, and makes one request. */
async function ask(
  handler: Handler,
  options: { readonly body?: Uint8Array; readonly signal?: AbortSignal } = {},
): Promise<{ status: number; body: Uint8Array }> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  const url = `http://127.0.0.1:${server.addr.port}/api`;
  const { signal = new AbortController().signal, body } = options;
  return await httpRequest({ fetch, url, body, maxLength: 1000, signal });
}

Deno.test("a request has the bytes of its body, and no header of ours", async () => {
  const body = Uint8Array.from({ length: 300 }, (_, index) => index);
  let headers = new Headers();
  const answer = await ask(async (request) => {
    headers = request.headers;
    assertEquals(request.method, "POST");
    return new Response(await request.bytes());
  }, { body: body.subarray(3) });
  assertEquals(answer, { status: 200, body: body.slice(3) });
  for (const name of ["cookie", "referer", "origin", "content-type"]) {
    assertEquals(headers.get(name), null, name);
  }
});

Deno.test("a redirection is not followed, and the body of a failure is not read", async () => {
  let asked = 0;
  const answer = await ask(() => {
    asked++;
    return new Response("x".repeat(5000), { status: 302, headers: { location: "/other" } });
  });
  assertEquals([answer.status, answer.body.length, asked], [302, 0, 1]);
  assertEquals((await ask(() => new Response("y", { status: 502 }))).status, 502);
});

Deno.test("an answer that is too long is refused, also one without an end", async () => {
  const endless = (): ReadableStream<Uint8Array> =>
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(300)) });
  for (const body of [(): string => "x".repeat(1001), endless]) {
    const error = await assertRejects(() => ask(() => new Response(body())), ConnectionError);
    assertStringIncludes(error.message, "more than 1000 bytes");
  }
  assertEquals((await ask(() => new Response("x".repeat(1000)))).body.length, 1000);
});

Deno.test("a request that is aborted rejects with the reason", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const waiting = ask(() => {
    controller.abort(reason);
    return new Promise<Response>((resolve) => queueMicrotask(() => resolve(new Response("late"))));
  }, { signal: controller.signal });
  const error = await waiting.catch((error) => error);
  assert(error === reason, `${error}`);
});

Deno.test("nobody at the other end is a ConnectionError that names the address", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const url = `http://127.0.0.1:${port}/api`;
  const { signal } = new AbortController();
  const asking = (): Promise<unknown> => httpRequest({ fetch, url, maxLength: 1, signal });
  const error = await assertRejects(asking, ConnectionError);
  assertStringIncludes(error.message, url);
});
