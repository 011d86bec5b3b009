/**
 * How often the bytes of a part of a file are copied between the program and the socket: at most
 * three times in each direction. Nothing is measured in time.
 */
import { concatBytes } from "../../src/crypto/mod.ts";
import { Invocation } from "../../src/connection/invocation.ts";
import type { ClientSession } from "../../src/mtproto/mod.ts";
import { apiSchema } from "../../src/tl/mod.ts";
import { abridged, acceptTransport } from "../../src/transport/mod.ts";
import { inWay, WAYS } from "../crypto/ways.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { clientSession, NOW } from "../helpers/hand_sealed.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { flushed, open, rpcResult, said } from "../mtproto/packets.ts";

const PART = 524_288;
const CHUNK = 65_536;

/** Counts the bytes that typed arrays copy during work, in parts of a file. */
function copiesDuring(work: () => void): number {
  const { set, slice, copyWithin } = Uint8Array.prototype;
  let copied = 0;
  Object.assign(Uint8Array.prototype, {
    set(this: Uint8Array, source: ArrayLike<number>, offset?: number) {
      copied += source.length;
      return set.call(this, source, offset);
    },
    slice(this: Uint8Array, ...range: [number?, number?]) {
      const result = slice.apply(this, range);
      copied += result.length;
      return result;
    },
    copyWithin(this: Uint8Array, target: number, start: number, end?: number) {
      copied += (end ?? this.length) - start;
      return copyWithin.call(this, target, start, end);
    },
  });
  try {
    work();
  } finally {
    for (const [name, value] of Object.entries({ set, slice, copyWithin })) {
      Object.defineProperty(Uint8Array.prototype, name, { value });
      Reflect.deleteProperty(Uint8Array.prototype, name);
    }
  }
  return copied / PART;
}

function partRequest(part: number): { _: string; bytes: Uint8Array } {
  const bytes = seededRandom(part)(PART);
  return {
    _: "upload.saveBigFilePart",
    ...{ fileId: 7n, filePart: part, fileTotalParts: 9, bytes },
  };
}

/** Queues a request as a connection does. */
function call(session: ClientSession, request: { _: string }): void {
  const { query, tail } = new Invocation(request, 0);
  session.call(query, { tail });
}

for (const [name, way] of WAYS) {
  Deno.test(`A part that is uploaded is copied three times at most, ${name}`, () => {
    const session = clientSession({ serverSalt: 5n, wantsUpdates: () => false });
    const transport = abridged();
    const server = acceptTransport({ random: seededRandom(1) });
    server.receive(transport.start());
    for (let part = 0; part < 3; part++) {
      const request = partRequest(part);
      let framed: Uint8Array[] = [];
      const copies = copiesDuring(() =>
        inWay(way, () => {
          call(session, request);
          const packets = session.flush(NOW);
          framed = packets.map((packet) => transport.pack(packet, { hasRoom: true }));
        })
      );
      // The cipher of Deno copies its input once more.
      assert(copies <= (way?.ige === 0 ? 4.01 : 3.01), `${copies} copies`);
      const [{ payload }] = server.receive(framed[0]);
      const [{ body }] = open(payload).messages;
      const query = { _: "invokeWithoutUpdates", query: request };
      assertEquals(body, apiSchema().encode(query));
    }
  });

  Deno.test(`A part that is downloaded is copied three times at most, ${name}`, () => {
    const session = clientSession({ serverSalt: 5n });
    const transport = abridged();
    const server = acceptTransport({ random: seededRandom(1) });
    server.receive(transport.start());
    const bytes = seededRandom(9)(PART);
    const type = { _: "storage.fileUnknown" };
    const answer = apiSchema().encode({ _: "upload.file", type, mtime: 0, bytes });
    for (let part = 0; part < 4; part++) {
      const invocation = new Invocation({ _: "help.getConfig" }, 0);
      session.call(invocation.query);
      const { msgId } = flushed(session).filter(({ seqNo }) => seqNo % 2 === 1)[0];
      const packet = server.pack(said(session, rpcResult(msgId, answer), 2 * part + 1));
      let read: unknown;
      const copies = copiesDuring(() =>
        inWay(way, () => {
          for (let at = 0; at < packet.length; at += CHUNK) {
            for (const { payload } of transport.receive(packet.subarray(at, at + CHUNK))) {
              const [event] = session.receive(payload, NOW);
              assert(event.type === "result");
              read = apiSchema().decode(event.body, "upload.File", { mayShare: true });
            }
          }
        })
      );
      assertEquals((read as { bytes: Uint8Array }).bytes, bytes);
      // The queue moves the beginning once.
      assert(copies <= 3.3, `${copies} copies of part ${part}`);
    }
  });
}

Deno.test("A call in parts is sent as one in one piece, alone and in a container", () => {
  const bytes = seededRandom(2)(20_000);
  const request = { _: "upload.saveFilePart", fileId: 1n, filePart: 0, bytes };
  const expected = apiSchema().encode(request);
  const session = clientSession({ serverSalt: 5n });
  call(session, request);
  assertEquals(flushed(session).map(({ body }) => body), [expected]);
  const small = { _: "help.getConfig" };
  for (const each of [small, request, small]) call(session, each);
  const bodies = [small, request, small].map((each) => apiSchema().encode(each));
  assertEquals(flushed(session).map(({ body }) => body), bodies);
});

Deno.test("A call in parts is wrapped in initConnection, and the same when sent again", () => {
  const head = Uint8Array.of(1, 2, 3, 4);
  const session = clientSession({ wrapFirst: (query) => concatBytes(head, query) });
  const request = partRequest(1);
  const expected = concatBytes(head, apiSchema().encode(request));
  call(session, request);
  const isPart = ({ body }: { body: Uint8Array }): boolean => body.length > PART;
  for (let time = 0; time < 2; time++) {
    assertEquals(flushed(session).filter(isPart).map(({ body }) => body), [expected]);
    session.restart();
  }
});
