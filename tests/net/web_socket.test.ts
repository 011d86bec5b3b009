/**
 * `webSocketDial` against a WebSocket that does what the test says. Real ones are in
 * tests/testing/listen.test.ts.
 */
import {
  ConnectionError,
  type Dial,
  type WebSocketDialOptions,
  type WebSocketLike,
} from "../../src/net/mod.ts";
import { openWebSocket } from "../../src/net/sockets/mod.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../helpers/assert.ts";

class FakeWebSocket implements WebSocketLike {
  static last: FakeWebSocket;
  readonly url: string;
  readonly protocols: string;
  binaryType = "blob";
  bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  closed = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;

  constructor(url: string, protocols: string) {
    this.url = url;
    this.protocols = protocols;
    FakeWebSocket.last = this;
  }
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }
  close(): void {
    this.closed++;
  }
  emit(event: "open" | "message" | "error" | "close", argument: unknown = {}): void {
    this[`on${event}`]?.(argument as never);
  }
}

/** `webSocketDial` with its code loaded, so that it opens the WebSocket at once. */
function webSocketDial(options: WebSocketDialOptions = {}): Dial {
  return (address, signal) => openWebSocket(address, options, signal);
}

const ADDRESS = { host: "vesta.web.telegram.org", port: 443 };

async function opened(options: WebSocketDialOptions = {}, signal?: AbortSignal) {
  const dialling = webSocketDial({ webSocket: FakeWebSocket, ...options })(ADDRESS, signal);
  FakeWebSocket.last.emit("open");
  return { stream: await dialling, socket: FakeWebSocket.last };
}

Deno.test("webSocketDial() asks for wss, /apiws, binary and array buffers", async () => {
  const { socket } = await opened();
  assertEquals(socket.url, "wss://vesta.web.telegram.org:443/apiws");
  assertEquals(socket.protocols, "binary");
  assertEquals(socket.binaryType, "arraybuffer");
});

Deno.test("webSocketDial() takes TLS and the path from the address, then from the options", () => {
  const urlOf = (options: WebSocketDialOptions, address: object): string => {
    webSocketDial({ webSocket: FakeWebSocket, ...options })({
      host: "::1",
      port: 80,
      ...address,
    });
    return FakeWebSocket.last.url;
  };
  assertEquals(urlOf({ tls: false }, {}), "ws://[::1]:80/apiws");
  assertEquals(urlOf({ tls: false }, { tls: true }), "wss://[::1]:80/apiws");
  assertEquals(urlOf({}, { tls: false, path: "/apiws_test" }), "ws://[::1]:80/apiws_test");
});

Deno.test("webSocketDial(): reads return the messages in order, then undefined", async () => {
  const { stream, socket } = await opened();
  const read = stream.read();
  socket.emit("message", { data: Uint8Array.of(1, 2).buffer });
  socket.emit("message", { data: Uint8Array.of(3).buffer });
  socket.emit("close", { code: 1000, reason: "" });
  assertEquals(await read, Uint8Array.of(1, 2));
  assertEquals(await stream.read(), Uint8Array.of(3));
  assertEquals(await stream.read(), undefined);
  await assertRejects(() => stream.write(Uint8Array.of(1)), ConnectionError, "is closed");
});

Deno.test("webSocketDial(): a broken WebSocket rejects the read with its code", async () => {
  const { stream, socket } = await opened();
  socket.emit("error");
  socket.emit("close", { code: 1006, reason: "" });
  await assertRejects(() => stream.read(), ConnectionError, "1006");
});

Deno.test("webSocketDial(): text and Blobs are errors", async () => {
  for (const [data, text] of [["hello", "is text"], [new Blob([]), "is a Blob"]] as const) {
    const { stream, socket } = await opened();
    socket.emit("message", { data });
    await assertRejects(() => stream.read(), ConnectionError, text);
    assertEquals(socket.closed, 1);
  }
});

Deno.test("webSocketDial(): close() ends a read, and closes once", async () => {
  const { stream, socket } = await opened();
  const read = stream.read();
  stream.close();
  stream.close();
  assertEquals(await read, undefined);
  assertEquals(socket.closed, 1);
  await assertRejects(() => stream.write(Uint8Array.of(1)), ConnectionError, "is closed");
});

Deno.test("webSocketDial(): a write waits while too many bytes are unsent", async () => {
  const { stream, socket } = await opened();
  socket.bufferedAmount = 2 << 20;
  let done = false;
  const write = stream.write(Uint8Array.of(1)).then(() => done = true);
  await stream.write(new Uint8Array(0));
  assert(!done);
  socket.bufferedAmount = 0;
  await write;
  socket.bufferedAmount = 2 << 20;
  const second = stream.write(Uint8Array.of(2));
  stream.close();
  await assertRejects(() => second, ConnectionError, "is closed");
  assertEquals(socket.sent, [Uint8Array.of(1), Uint8Array.of(2)]);
});

Deno.test("webSocketDial() rejects with what the runtime says", async () => {
  const dialling = webSocketDial({ webSocket: FakeWebSocket })(ADDRESS);
  FakeWebSocket.last.emit("error", { message: "status 404" });
  FakeWebSocket.last.emit("close", { code: 1006, reason: "" });
  const error = await assertRejects(() => dialling, ConnectionError, "status 404");
  assert(error.message.includes('"wss://vesta.web.telegram.org:443/apiws"'));
});

Deno.test("webSocketDial() rejects after an error event without a close event", async () => {
  const dialling = webSocketDial({ webSocket: FakeWebSocket })(ADDRESS);
  FakeWebSocket.last.emit("error");
  await assertRejects(() => dialling, ConnectionError, "it could not be opened. Check the addr");
});

Deno.test("webSocketDial() rejects addresses that are not a URL", async () => {
  await assertRejects(
    () => webSocketDial()({ host: "no host", port: 1 }),
    ConnectionError,
    "Check the address.",
  );
});

Deno.test("webSocketDial() tells what to do if the runtime has no WebSocket", async () => {
  const had = globalThis.WebSocket;
  Reflect.deleteProperty(globalThis, "WebSocket");
  try {
    await assertRejects(
      () => webSocketDial()(ADDRESS),
      ConnectionError,
      "webSocketDial({ webSocket })",
    );
  } finally {
    globalThis.WebSocket = had;
  }
});

Deno.test("webSocketDial() rejects with the signal's reason", async () => {
  const reason = new Error("enough");
  const dial = webSocketDial({ webSocket: FakeWebSocket });
  const before = await assertRejects(() => dial(ADDRESS, AbortSignal.abort(reason)));
  assertStrictEquals(before, reason);
  const controller = new AbortController();
  const dialling = dial(ADDRESS, controller.signal);
  controller.abort(reason);
  FakeWebSocket.last.emit("close", { code: 1006, reason: "" });
  assertStrictEquals(await assertRejects(() => dialling), reason);
  assertEquals(FakeWebSocket.last.closed, 1);
});

Deno.test("webSocketDial(): an abort afterwards closes the stream", async () => {
  const controller = new AbortController();
  const { stream, socket } = await opened({}, controller.signal);
  const read = stream.read();
  controller.abort();
  assertEquals(await read, undefined);
  assertEquals(socket.closed, 1);
});
