/**
 * Clients restart a key exchange on the same connection when an answer is late, and some send
 * req_pq_multi only to probe a server.
 */
import {
  exchangeKeys,
  isPlainMessage,
  MsgIds,
  packPlainMessage,
  unpackPlainMessage,
} from "../../src/mtproto/mod.ts";
import type { ByteStream } from "../../src/net/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { abridged } from "../../src/transport/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const random = seededRandom(3);

/** Sends plain messages to a data center, and returns the answers. */
async function connect(
  telegram: OfflineTelegram,
): Promise<{ stream: ByteStream; ask: (body: Uint8Array) => Promise<Uint8Array> }> {
  const stream = await telegram.dial({ host: "dc2.offline", port: 443, dcId: 2 });
  const transport = abridged();
  const msgIds = new MsgIds();
  await stream.write(transport.start());
  const ask = async (body: Uint8Array): Promise<Uint8Array> => {
    const msgId = msgIds.next(Date.now());
    await stream.write(transport.pack(packPlainMessage({ msgId, body })));
    for (;;) {
      const chunk = await stream.read();
      assert(chunk !== undefined, "the data center hung up");
      const [packet] = transport.receive(chunk);
      if (packet !== undefined) {
        assert(isPlainMessage(packet.payload));
        return unpackPlainMessage(packet.payload).body;
      }
    }
  };
  return { stream, ask };
}

Deno.test("A data center answers each req_pq_multi, and continues with the last", async () => {
  await using telegram = new OfflineTelegram();
  const { stream, ask } = await connect(telegram);
  const begin = () => exchangeKeys({ keys: telegram.keys, dcId: 2, random });
  for (let i = 0; i < 3; i++) {
    const { value, done } = begin().next();
    assert(done === false);
    assert((await ask(value)).length > 0);
  }
  const exchange = begin();
  let step = exchange.next();
  let steps = 0;
  while (step.done !== true) {
    const body = await ask(step.value);
    step = exchange.next({ body, now: Date.now() });
    steps++;
  }
  assertEquals([steps, step.value.authKey.bytes.length], [3, 256]);
  stream.close();
});

Deno.test("Two successive key exchanges on one connection make two keys", async () => {
  await using telegram = new OfflineTelegram();
  const { stream, ask } = await connect(telegram);
  const ids = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const exchange = exchangeKeys({ keys: telegram.keys, dcId: 2, random });
    let step = exchange.next();
    while (step.done !== true) {
      step = exchange.next({ body: await ask(step.value), now: Date.now() });
    }
    ids.add(step.value.authKey.idHex);
  }
  assertEquals(ids.size, 2);
  stream.close();
});

Deno.test("A data center makes two keys at the same time on one connection", async () => {
  await using telegram = new OfflineTelegram();
  const { stream, ask } = await connect(telegram);
  const exchanges = [undefined, 3600].map((expiresIn) =>
    exchangeKeys({ keys: telegram.keys, dcId: 2, random, expiresIn })
  );
  const steps = exchanges.map((exchange) => exchange.next());
  for (let round = 0; round < 3; round++) {
    for (const [index, step] of steps.entries()) {
      assert(step.done !== true);
      const body = await ask(step.value);
      steps[index] = exchanges[index].next({ body, now: Date.now() });
    }
  }
  assert(steps.every(({ done }) => done));
  stream.close();
});
