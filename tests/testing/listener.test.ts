/**
 * The listeners of the offline Telegram over loopback, with our own clients, the runtime's
 * WebSocket, the npm package `ws`, and hand-made bytes.
 */
import { WebSocket as OutsideWebSocket } from "ws";
import { concatBytes, encodeUtf8 } from "../../src/crypto/mod.ts";
import {
  type Address,
  byteByByte,
  type ByteStream,
  ConnectionError,
  type Dial,
  pipe,
  randomChunks,
  tcpDial,
  type WebSocketClass,
  webSocketDial,
} from "../../src/net/mod.ts";
import { systemRandom } from "../../src/runtime/mod.ts";
import { listenTcp, listenWebSocket, type OnStream } from "../../src/testing/listener.ts";
import {
  abridged,
  acceptTransport,
  full,
  intermediate,
  obfuscated,
  paddedIntermediate,
  type Transport,
} from "../../src/transport/mod.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "../helpers/assert.ts";
import { frame, handshake } from "./web_socket_client.ts";
import { runs } from "../helpers/long.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";

const outsideDial = webSocketDial({ webSocket: OutsideWebSocket as unknown as WebSocketClass });

/** Sends all received bytes back. */
function echo(): OnStream {
  return async (stream) => {
    while (true) {
      const chunk = await stream.read().catch(() => undefined);
      if (chunk === undefined) return stream.close();
      await stream.write(chunk);
    }
  };
}

async function readAll(stream: ByteStream, length: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let filled = 0; filled < length;) {
    const chunk = await stream.read();
    assert(chunk, `closed after ${filled} of ${length} bytes`);
    chunks.push(chunk);
    filled += chunk.length;
  }
  return concatBytes(...chunks);
}

/** Reads all bytes until the other side closes. */
async function readToEnd(stream: ByteStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  while (true) {
    const chunk = await stream.read();
    if (chunk === undefined) return concatBytes(...chunks);
    chunks.push(chunk);
  }
}

const local = (listener: { host: string; port: number }): Address => ({
  host: listener.host,
  port: listener.port,
  tls: false,
});

const WAYS: [name: string, listen: typeof listenTcp, dial: Dial][] = [
  ["TCP", listenTcp, tcpDial],
  ["WebSocket", listenWebSocket, webSocketDial()],
  ["WebSocket, with the package ws", listenWebSocket, outsideDial],
];

for (const [name, listen, dial] of WAYS) {
  Deno.test(`${name}: bytes go both ways, short ones and 3 MiB`, async () => {
    const listener = await listen({}, echo());
    const stream = await dial(local(listener));
    for (const length of [1, 125, 126, 65535, 65536, 3 << 20]) {
      const sent = new Uint8Array(length).map((_, index) => index + length);
      const writing = stream.write(sent);
      const received = await readAll(stream, length);
      await writing;
      assertSameBytes(received, sent);
    }
    stream.close();
    await listener.close();
  });

  Deno.test(`${name}: the server learns the remote address, and can close`, async () => {
    const remotes: Address[] = [];
    const listener = await listen({}, (stream, remote) => {
      remotes.push(remote);
      stream.write(Uint8Array.of(1)).then(() => stream.close());
    });
    const stream = await dial(local(listener));
    assertEquals(await stream.read(), Uint8Array.of(1));
    assertEquals(await stream.read(), undefined);
    stream.close();
    assertEquals(remotes.map(({ host }) => host), ["127.0.0.1"]);
    assert(remotes[0].port > 0);
    await listener.close();
  });

  Deno.test(`${name}: close() cuts open connections and frees the port`, async () => {
    const ended = Promise.withResolvers<void>();
    const listener = await listen({}, async (stream) => {
      assertEquals(await stream.read(), Uint8Array.of(1));
      await stream.write(Uint8Array.of(2));
      assertEquals(await stream.read(), undefined);
      ended.resolve();
    });
    const stream = await dial(local(listener));
    await stream.write(Uint8Array.of(1));
    assertEquals(await stream.read(), Uint8Array.of(2));
    await Promise.all([listener.close(), listener.close()]);
    await ended.promise;
    await stream.read().catch((error) => assert(error instanceof ConnectionError));
    stream.close();
    await assertRejects(() => tcpDial(local(listener)), ConnectionError, "connection refused");
    const again = await listen({ port: listener.port }, echo());
    assertEquals(again.port, listener.port);
    await again.close();
  });

  Deno.test(`${name}: a port that is in use gives a clear error`, async () => {
    const listener = await listen({}, echo());
    await assertRejects(
      () => listen({ port: listener.port }, echo()),
      ConnectionError,
      `Cannot listen on "127.0.0.1:${listener.port}": the port is in use`,
    );
    await listener.close();
  });
}

const CLIENTS: (() => Transport)[] = [
  abridged,
  intermediate,
  () => paddedIntermediate(systemRandom),
  full,
  () => obfuscated(abridged(), { random: systemRandom }),
  () => obfuscated(intermediate(), { random: systemRandom }),
  () => obfuscated(paddedIntermediate(systemRandom), { random: systemRandom }),
];

/** Sends back each packet, in the transport that the client has chosen. */
const echoPackets: OnStream = async (stream) => {
  const transport = acceptTransport({ random: systemRandom });
  while (true) {
    const chunk = await stream.read();
    if (chunk === undefined) return stream.close();
    for (const { payload } of transport.receive(chunk)) {
      await stream.write(transport.pack(payload.slice(0, payload.length & ~15)));
    }
  }
};

async function talk(client: Transport, stream: ByteStream): Promise<void> {
  await stream.write(client.start());
  for (const length of [32, 512, runs(20_000, 100_000)]) {
    const payload = systemRandom(length & ~15);
    await stream.write(client.pack(payload));
    const received = [];
    while (received.length === 0) {
      const chunk = await stream.read();
      assert(chunk);
      received.push(...client.receive(chunk));
    }
    assertEquals(received.map((packet) => packet.payload.slice(0, payload.length)), [payload]);
  }
  stream.close();
}

Deno.test("every transport talks over TCP, WebSocket, and pipes of any chunks", async () => {
  for (const [, listen, dial] of WAYS.slice(0, 2)) {
    const listener = await listen({}, echoPackets);
    for (const make of CLIENTS) await talk(make(), await dial(local(listener)));
    await listener.close();
  }
  for (const chunk of [undefined, byteByByte, randomChunks(5)]) {
    for (const make of CLIENTS) {
      const [ours, theirs] = pipe({ chunk });
      echoPackets(theirs, { host: "memory", port: 0 });
      await talk(make(), ours);
    }
  }
});

/** Returns the answer of the WebSocket listener to `request`. */
async function answerTo(request: Uint8Array): Promise<string> {
  const listener = await listenWebSocket({}, echo());
  const stream = await tcpDial(local(listener));
  await stream.write(request);
  const answer = await readToEnd(stream);
  stream.close();
  await listener.close();
  return new TextDecoder().decode(answer);
}

Deno.test("WebSocket: other requests get an explanation and a close", async () => {
  const cases: [request: Uint8Array, status: RegExp, text: RegExp][] = [
    [handshake({ Upgrade: undefined }), /^HTTP\/1.1 426 /, /This is the WebSocket of an offline/],
    [handshake({ Connection: "close" }), /^HTTP\/1.1 426 /, /Upgrade: websocket\r\n/],
    [handshake({ "Sec-WebSocket-Version": "8" }), /^HTTP\/1.1 426 /, /Version: 13\r\n/],
    [handshake({}, "GET /other HTTP/1.1"), /^HTTP\/1.1 404 /, /The WebSocket is at \/apiws/],
    [handshake({}, "POST /apiws HTTP/1.1"), /^HTTP\/1.1 400 /, /opened with GET/],
    [handshake({ "Sec-WebSocket-Key": "short" }), /^HTTP\/1.1 400 /, /16 bytes/],
    [handshake({ "Sec-WebSocket-Key": undefined }), /^HTTP\/1.1 400 /, /16 bytes/],
    [handshake({}, "GET /apiws HTTP/1.0"), /^HTTP\/1.1 400 /, /not an HTTP\/1.1/],
    [Uint8Array.of(0xef, 0x01), /^HTTP\/1.1 400 /, /not an HTTP request/],
    [handshake({ Cookie: "x".repeat(17_000) }), /^HTTP\/1.1 431 /, /too long/],
  ];
  for (const [request, status, text] of cases) {
    const answer = await answerTo(request);
    assertMatch(answer, status);
    assertMatch(answer, text);
    assertStringIncludes(answer, "Connection: close\r\n");
  }
});

Deno.test("WebSocket: a broken rule gets a close frame, and read() rejects", async () => {
  const failure = Promise.withResolvers<unknown>();
  const listener = await listenWebSocket({}, async (stream) => {
    assertEquals(await stream.read(), Uint8Array.of(7));
    await stream.read().catch(failure.resolve);
    stream.close();
  });
  const stream = await tcpDial(local(listener));
  await stream.write(
    concatBytes(handshake(), frame(0x82, Uint8Array.of(7)), frame(0x81, Uint8Array.of(7))),
  );
  const answer = await readToEnd(stream);
  assertStringIncludes(new TextDecoder().decode(answer), "text, expected binary messages");
  stream.close();
  await listener.close();
  const error = await failure.promise;
  assert(error instanceof ConnectionError);
  assertStringIncludes(error.message, "broke the WebSocket protocol: text");
});

Deno.test("WebSocket: connections that end during the handshake leave nothing open", async () => {
  let streams = 0;
  const listener = await listenWebSocket({}, () => streams++);
  for (const sent of [new Uint8Array(0), encodeUtf8("GET /apiws HT")]) {
    const stream = await tcpDial(local(listener));
    await stream.write(sent);
    stream.close();
  }
  const hanging = await tcpDial(local(listener));
  await hanging.write(encodeUtf8("GET /apiws HT"));
  await listener.close();
  assertEquals(await hanging.read().catch(() => undefined), undefined);
  hanging.close();
  assertEquals(streams, 0);
});

Deno.test("WebSocket: the path can be chosen, and a wrong path is rejected", async () => {
  const listener = await listenWebSocket({ path: "/apiws_test" }, echo());
  const dial = webSocketDial({ tls: false });
  const { host, port } = listener;
  await assertRejects(() => dial({ host, port }), ConnectionError, `ws://127.0.0.1:${port}/apiws`);
  const stream = await dial({ host, port, path: "/apiws_test" });
  await stream.write(Uint8Array.of(5));
  assertEquals(await stream.read(), Uint8Array.of(5));
  stream.close();
  await listener.close();
});

Deno.test("WebSocket: ws gets the subprotocol, a pong and a normal close", async () => {
  const listener = await listenWebSocket(
    {},
    (stream) => void stream.read().then(() => stream.close()),
  );
  const socket = new OutsideWebSocket(`ws://127.0.0.1:${listener.port}/apiws`, ["binary"]);
  const pong = new Promise<string>((resolve) =>
    socket.on("pong", (data: Uint8Array) => resolve(new TextDecoder().decode(data)))
  );
  await new Promise<void>((resolve) => socket.on("open", () => resolve()));
  assertEquals(socket.protocol, "binary");
  socket.ping("abc");
  assertEquals(await pong, "abc");
  const closed = new Promise<number>((resolve) =>
    socket.on("close", (code: number) => resolve(code))
  );
  // Two fragments of one message.
  socket.send(Uint8Array.of(1), { fin: false });
  socket.send(Uint8Array.of(2), { fin: true });
  assertEquals(await closed, 1000);
  await listener.close();
});
