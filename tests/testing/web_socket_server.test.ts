/**
 * The server of RFC 6455, byte by byte, with the examples of the RFC:
 * https://www.rfc-editor.org/rfc/rfc6455
 */
import { concatBytes, encodeUtf8 } from "../../src/crypto/mod.ts";
import { byteByByte, randomChunks } from "../../src/net/mod.ts";
import { WebSocketServerConnection } from "../../src/testing/web_socket_server.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { frame, handshake, MASK } from "./web_socket_client.ts";

Deno.test("WebSocketServerConnection answers the example handshake of RFC 6455", () => {
  // Section 1.3: "dGhlIHNhbXBsZSBub25jZQ==" gives "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".
  const connection = new WebSocketServerConnection("/apiws");
  const answer = new TextDecoder().decode(connection.receive(handshake()).output);
  assert(connection.open);
  assertMatch(answer, /^HTTP\/1.1 101 /);
  assertStringIncludes(answer, "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  assertStringIncludes(answer, "\r\nSec-WebSocket-Protocol: binary\r\n");
  assert(!/Extensions/i.test(answer));
  assert(answer.endsWith("\r\n\r\n"));
});

Deno.test("WebSocketServerConnection never chooses a subprotocol that was not offered", () => {
  for (const offered of [undefined, "chat, mqtt"]) {
    const connection = new WebSocketServerConnection("/apiws");
    const request = handshake({ "Sec-WebSocket-Protocol": offered });
    const answer = new TextDecoder().decode(connection.receive(request).output);
    assertMatch(answer, /^HTTP\/1.1 101 /);
    assert(!/Protocol:/.test(answer));
  }
});

function opened(): WebSocketServerConnection {
  const connection = new WebSocketServerConnection("/apiws");
  connection.receive(handshake());
  return connection;
}

Deno.test("WebSocketServerConnection unmasks the frames of RFC 6455, section 5.7", () => {
  // The bytes of the RFC, as a binary message: whole, and in two fragments.
  const hello = encodeUtf8("Hello");
  const masked = Uint8Array.of(0x82, 0x85, ...MASK, 0x7f, 0x9f, 0x4d, 0x51, 0x58);
  assertEquals(opened().receive(masked).data, [hello]);
  const connection = opened();
  const { data } = connection.receive(
    concatBytes(frame(0x02, hello.slice(0, 3)), frame(0x80, hello.slice(3))),
  );
  assertEquals(concatBytes(...data), hello);
  // Frames of the server are not masked: 0x82, the length, "Hello".
  assertEquals(connection.pack(hello), Uint8Array.of(0x82, 0x05, ...hello));
  assertEquals(connection.pack(new Uint8Array(256)).slice(0, 4), Uint8Array.of(0x82, 126, 1, 0));
  assertEquals(
    connection.pack(new Uint8Array(65536)).slice(0, 10),
    Uint8Array.of(0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0),
  );
});

Deno.test("WebSocketServerConnection reads fragments, empty frames and pings in any chunks", () => {
  const payload = Uint8Array.from({ length: 70_000 }, (_, index) => index * 3);
  const stream = concatBytes(
    handshake(),
    frame(0x02, payload.slice(0, 100)),
    frame(0x89, encodeUtf8("are you there?")),
    frame(0x00, new Uint8Array(0)),
    frame(0x00, payload.slice(100, 1000)),
    frame(0x8a, new Uint8Array(0)),
    frame(0x80, payload.slice(1000, 2000)),
    frame(0x82, payload.slice(2000)),
    frame(0x89, new Uint8Array(125)),
    frame(0x88, Uint8Array.of(0x03, 0xe9)),
    frame(0x82, encodeUtf8("after the end")),
  );
  const expected = new WebSocketServerConnection("/apiws").receive(stream);
  assertEquals(concatBytes(...expected.data), payload);
  assert(expected.ended && expected.failure === undefined);
  const tail = concatBytes(
    Uint8Array.of(0x8a, 14),
    encodeUtf8("are you there?"),
    Uint8Array.of(0x8a, 125, ...new Uint8Array(125)),
    Uint8Array.of(0x88, 2, 0x03, 0xe9),
  );
  assertEquals(expected.output.slice(-tail.length), tail);
  for (const chunk of [byteByByte, randomChunks(1), randomChunks(2, 5000)]) {
    const connection = new WebSocketServerConnection("/apiws");
    const events = chunk(stream).map((part) => connection.receive(part));
    assertEquals(concatBytes(...events.flatMap(({ data }) => data)), payload);
    assertEquals(concatBytes(...events.map(({ output }) => output)), expected.output);
  }
});

Deno.test("WebSocketServerConnection closes with the code of the RFC for a broken rule", () => {
  const cases: [bytes: Uint8Array, code: number, reason: RegExp][] = [
    [Uint8Array.of(0x82, 0x01, 0x00), 1002, /without a mask/],
    [frame(0xc2, new Uint8Array(1)), 1002, /reserved bits/],
    [frame(0x83, new Uint8Array(1)), 1002, /opcode 3/],
    [frame(0x81, encodeUtf8("text")), 1003, /text/],
    [frame(0x80, new Uint8Array(1)), 1002, /rest of a message/],
    [
      concatBytes(frame(0x02, new Uint8Array(1)), frame(0x82, new Uint8Array(1))),
      1002,
      /a new message/,
    ],
    [frame(0x09, new Uint8Array(1)), 1002, /in fragments/],
    [frame(0x89, new Uint8Array(126)), 1002, /long control frame/],
    [frame(0x88, new Uint8Array(1)), 1002, /one byte/],
    [Uint8Array.of(0x82, 0xff, 0, 0, 0, 0, 2, 0, 0, 0, ...MASK), 1009, /33554432 bytes/],
    [Uint8Array.of(0x82, ...new Uint8Array(9).fill(0xff), ...MASK), 1009, /expected at most/],
  ];
  for (const [bytes, code, reason] of cases) {
    for (const chunk of [(all: Uint8Array) => [all], byteByByte]) {
      const connection = opened();
      const events = chunk(bytes).map((part) => connection.receive(part));
      const refusal = events.find(({ failure }) => failure !== undefined);
      assertMatch(refusal?.failure ?? "", reason);
      const output = concatBytes(...events.map((event) => event.output));
      assertEquals(output[0], 0x88);
      assertEquals((output[2] << 8) | output[3], code);
      assertEquals(connection.receive(frame(0x82, new Uint8Array(4))).data, []);
    }
  }
});
