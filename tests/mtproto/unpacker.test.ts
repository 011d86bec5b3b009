/**
 * Containers and gzip_packed in one packet: each is opened one level deep, and all together unpack
 * to a limited number of bytes.
 * https://core.telegram.org/mtproto/service_messages#packed-object
 */
import { gzipSync } from "node:zlib";
import { concatBytes } from "../../src/crypto/mod.ts";
import {
  type ClientEvent,
  type ClientSession,
  packGzip,
  type SecurityCheck,
  SecurityError,
} from "../../src/mtproto/mod.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";
import { clientSession, containerByHand, idAt, NOW, sealByHand } from "../helpers/hand_sealed.ts";
import { rpcResult, withCall } from "./packets.ts";

const MIB = 1 << 20;
const UPDATE = Uint8Array.of(0x78, 0x56, 0x34, 0x12);

function gzip(body: Uint8Array): Uint8Array {
  const packed = packGzip(new Uint8Array(gzipSync(body)));
  return concatBytes(packed, new Uint8Array(-packed.length & 3));
}

/** A container with this message in it. */
function container(...bodies: readonly Uint8Array[]): Uint8Array {
  return containerByHand(bodies.map((body, index) => {
    return { msgId: idAt(-9) + BigInt(4 * index), seqNo: 2 * index + 1, body };
  }));
}

function receive(session: ClientSession, body: Uint8Array, seconds = 0): ClientEvent[] {
  const { sessionId } = session;
  return session.receive(sealByHand({ sessionId, msgId: idAt(seconds), body }), NOW);
}

Deno.test("ClientSession.receive() opens each allowed nesting", () => {
  const bodies = [
    UPDATE,
    gzip(UPDATE),
    container(UPDATE),
    container(gzip(UPDATE)),
    gzip(container(UPDATE)),
    gzip(container(gzip(UPDATE))),
  ];
  for (const body of bodies) {
    assertEquals(receive(clientSession(), body), [{ type: "update", body: UPDATE }]);
  }
});

const DEEPER: readonly (readonly [string, Uint8Array, SecurityCheck])[] = [
  ["gzip in gzip", gzip(gzip(UPDATE)), "gzip_packed"],
  ["gzip in gzip in a container", container(gzip(gzip(UPDATE))), "gzip_packed"],
  ["a compressed container in a container", container(gzip(container(UPDATE))), "container"],
  ["a compressed container in gzip", gzip(gzip(container(UPDATE))), "gzip_packed"],
  ["a container in a compressed one", gzip(container(container(UPDATE))), "container"],
];

for (const [what, body, check] of DEEPER) {
  Deno.test(`ClientSession.receive() refuses ${what}`, () => {
    for (const seconds of [0, 3600]) {
      const { session } = withCall();
      const error = assertThrows(() => receive(session, body, seconds), SecurityError);
      assertEquals(error.check, check);
    }
  });
}

Deno.test("ClientSession.receive() opens a compressed result, and none inside it", () => {
  const { session, msgId } = withCall();
  const result = Uint8Array.of(0x99, 1, 2, 3);
  const twice = rpcResult(msgId, gzip(gzip(result)));
  assertEquals(assertThrows(() => receive(session, twice), SecurityError).check, "gzip_packed");
  const events = receive(session, rpcResult(msgId, gzip(result)));
  assertEquals(events.map(({ type }) => type), ["result"]);
});

/** A container of messages that unpack to 1 MiB of containers each, `depth` levels deep. */
function bomb(depth: number): Uint8Array {
  const inner = depth === 0 ? new Uint8Array(MIB) : bomb(depth - 1);
  return container(...new Array<Uint8Array>(70).fill(gzip(inner)));
}

Deno.test("ClientSession.receive() refuses a bomb of nested containers at its first level", () => {
  for (const seconds of [0, 3600]) { // in time, and so late that only an answer would count
    for (const body of [bomb(4), gzip(bomb(4))]) {
      const error = assertThrows(() => receive(clientSession(), body, seconds), SecurityError);
      assertEquals(error.check, "container");
    }
  }
});

Deno.test("one packet unpacks to 32 MiB at most", () => {
  const parts = (count: number): Uint8Array =>
    container(...new Array<Uint8Array>(count).fill(gzip(new Uint8Array(4 * MIB).fill(7))));
  assertEquals(receive(clientSession(), parts(8)).length, 8);
  const error = assertThrows(() => receive(clientSession(), parts(9)), SecurityError);
  assertEquals(error.check, "gzip_packed");
  assertStringIncludes(error.message, "more than 32 MiB");
  assertThrows(() => receive(clientSession(), parts(100)), SecurityError);
});

Deno.test("the results of one packet count for its 32 MiB", () => {
  const { session, msgId } = withCall();
  const part = rpcResult(msgId, gzip(new Uint8Array(9 * MIB).fill(7)));
  assertThrows(() => receive(session, container(part, part, part, part)), SecurityError, "gzip");
  assertEquals(receive(session, container(part)).length, 1, "it was not counted as received");
});
