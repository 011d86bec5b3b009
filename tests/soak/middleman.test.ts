import { createConnection, createServer } from "node:net";
import { assert, assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { DEFAULT_RATES, type Fault } from "./fault_plan.ts";
import { Middleman } from "./middleman.ts";

const SENT = seededRandom(5)(400_000);
/** Plans faults of the way down, after about 200,000 bytes, without delays. */
const random = (length: number) => new Uint8Array(length).fill(0xff);

/** Sends through a middleman with one fault to a server that returns all. Returns what came. */
async function echoed(fault: Fault, isCalm = false): Promise<[Uint8Array, Middleman]> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  const none = Object.keys(DEFAULT_RATES).map((name) => [name, 0]);
  const rates = { ...Object.fromEntries(none), [fault]: 1 };
  const middleman = await Middleman.start({ host: "127.0.0.1", port: address.port, random, rates });
  if (isCalm) middleman.calm();
  const received: number[] = [];
  await new Promise<void>((resolve) => {
    const client = createConnection({ host: "127.0.0.1", port: middleman.port });
    client.on("data", (chunk: Uint8Array) => {
      for (const byte of chunk) received.push(byte);
      if (received.length >= SENT.length) client.end();
    });
    client.on("error", () => {});
    client.on("close", () => resolve());
    client.write(SENT);
  });
  middleman.close();
  await new Promise((resolve) => server.close(resolve));
  return [Uint8Array.from(received), middleman];
}

Deno.test("A Middleman that is calm passes all bytes in order", async () => {
  const [received] = await echoed("cut", true);
  assertEquals(received, SENT);
});

Deno.test("A Middleman cuts a connection after the bytes of its plan", async () => {
  const [received, { faults }] = await echoed("cut");
  assert(received.length < SENT.length && faults.cut === 1);
  assertEquals(received, SENT.subarray(0, received.length));
});

Deno.test("A Middleman corrupts one bit after the bytes of its plan", async () => {
  const [received, { faults }] = await echoed("corruption");
  const wrong = received.filter((byte, index) => byte !== SENT[index]);
  assertEquals(received.length, SENT.length);
  assertEquals([wrong.length, faults.corruption], [1, 1]);
});

Deno.test("A Middleman closes a connection before its first byte", async () => {
  const [received, { connections, faults }] = await echoed("close at once");
  assertEquals([received.length, connections, faults["close at once"]], [0, 1, 1]);
});
