/**
 * Hostile bytes at every entry of the protocol core: the only errors are SecurityError and TlError.
 */
import { bytesToHex, concatBytes } from "../../src/crypto/mod.ts";
import {
  exchangeKeys,
  KeyExchangeServer,
  packGzip,
  SecurityError,
  unpackPlainMessage,
} from "../../src/mtproto/mod.ts";
import { testRsaKey } from "../../src/testing/api/mod.ts";
import { mtprotoSchema, TlError } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import "../helpers/remembered_powers.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { runExchange, SERVER_TIME } from "./exchange.ts";
import {
  clientSession,
  containerByHand,
  encode,
  idAt,
  NOW,
  sealByHand,
} from "../helpers/hand_sealed.ts";
import { serviceMessages } from "./packets.ts";

const CASES = runs(500, 20_000);

function refusesOrAnswers(run: () => void, what: string): boolean {
  try {
    run();
    return true;
  } catch (error) {
    assert(
      error instanceof SecurityError || error instanceof TlError,
      `${what}: ${error instanceof Error ? error.stack : error}`,
    );
    return false;
  }
}

/** Returns the bytes with changes, cuts or repetitions. */
function mutate(bytes: Uint8Array, random: (length: number) => Uint8Array): Uint8Array {
  let changed = bytes.slice();
  switch (pick(random, 6)) {
    case 0:
      changed = changed.slice(0, pick(random, changed.length + 1));
      break;
    case 1: {
      const at = pick(random, changed.length + 1);
      return concatBytes(changed.subarray(0, at), random(pick(random, 40)), changed.subarray(at));
    }
  }
  for (let times = pick(random, 5); times > 0 && changed.length > 0; times--) {
    const extremes = [0, 1, 0x7f, 0x80, 0xfe, 0xff, random(1)[0]];
    changed[pick(random, changed.length)] = extremes[pick(random, extremes.length)];
  }
  return changed;
}

Deno.test("ClientSession.receive() refuses random and mutated packets with a SecurityError", () => {
  const random = seededRandom(1);
  const session = clientSession();
  const good = sealByHand({ sessionId: session.sessionId });
  for (let i = 0; i < CASES; i++) {
    const packet = i % 2 === 0 ? random(pick(random, 300)) : mutate(good, random);
    // Bytes after whole blocks are allowed: padded transports leave some.
    if (bytesToHex(packet).startsWith(bytesToHex(good))) continue;
    assert(!refusesOrAnswers(() => session.receive(packet, NOW), `case ${i}`), `case ${i}`);
  }
  assertEquals(session.flush(NOW).length, 0, "nothing of it left a trace");
});

Deno.test("ClientSession.receive() survives 20,000 correctly encrypted, mutated messages", () => {
  const random = seededRandom(2);
  let read = 0;
  let session = clientSession();
  for (let i = 0; i < CASES; i++) {
    if (i % 50 === 0) session = clientSession({ synchronized: i % 100 === 0 });
    if (i % 10 === 0) session.call(random(4 * (1 + pick(random, 20))));
    session.flush(NOW);
    const messages = serviceMessages(idAt(0, 0) + BigInt(4 * pick(random, 3)));
    let body = mutate(encode(messages[i % messages.length]), random);
    body = body.subarray(0, body.length & ~3);
    const msgId = idAt(0) + BigInt(4 * (i % 50));
    const parts = [{ msgId: msgId - 2n, seqNo: 2 * (i % 50) + pick(random, 2), body }];
    if (i % 4 === 0) body = mutate(containerByHand(parts), random);
    if (i % 4 === 1) body = packGzip(mutate(body, random));
    body = body.subarray(0, body.length & ~3);
    const packet = sealByHand({
      sessionId: session.sessionId,
      msgId,
      seqNo: pick(random, 100),
      body,
    });
    if (refusesOrAnswers(() => session.receive(packet, NOW), `case ${i}`)) read++;
    assert(session.flush(NOW).length <= 3, `case ${i}: no more than the calls and one answer`);
  }
  assert(read > CASES / 10, `${read} were read`);
});

Deno.test("exchangeKeys() refuses random and mutated answers at each step", () => {
  const random = seededRandom(3);
  const key = testRsaKey(2);
  // The answers are those of one honest exchange; the client has the same random bytes each time.
  const answers: Uint8Array[] = [];
  runExchange({
    answer: (body) => {
      answers.push(body);
      return body;
    },
  });
  for (let step = 0; step < answers.length; step++) {
    for (let i = 0; i < (step === 0 ? runs(100, 1000) : runs(20, 100)); i++) {
      const hostile = i % 3 === 0 ? random(pick(random, 200)) : mutate(answers[step], random);
      const exchange = exchangeKeys({ keys: [key], dcId: 2, random: seededRandom(1) });
      exchange.next();
      for (let before = 0; before < step; before++) {
        exchange.next({ body: answers[before], now: SERVER_TIME });
      }
      refusesOrAnswers(
        () => void exchange.next({ body: hostile, now: SERVER_TIME }),
        `step ${step}, case ${i}`,
      );
    }
  }
});

Deno.test("exchangeKeys() refuses correctly encrypted, mutated server_DH_inner_data", () => {
  const random = seededRandom(4);
  const fields = ["nonce", "serverNonce", "g", "dhPrime", "gA", "serverTime"];
  for (let i = 0; i < runs(30, 150); i++) {
    const field = fields[i % fields.length];
    refusesOrAnswers(() => {
      runExchange({
        requests: 3,
        tamper: (object) =>
          object._ !== "server_DH_inner_data" ? object : {
            ...object,
            [field]: typeof object[field] === "number"
              ? new DataView(random(4).buffer).getInt32(0)
              : field.endsWith("once")
              ? random(16)
              : mutate(object[field] as Uint8Array, random),
          },
      });
    }, `case ${i}`);
  }
});

Deno.test("KeyExchangeServer.receive() refuses 20,000 random and mutated requests", () => {
  const random = seededRandom(5);
  const { requests } = runExchange();
  const key = testRsaKey(2);
  let server = new KeyExchangeServer({ keys: [key], random });
  for (let i = 0; i < CASES; i++) {
    if (i % 200 === 0) {
      // The same random bytes as in the honest exchange, so that its requests pass more checks.
      server = new KeyExchangeServer({ keys: [key], random: seededRandom(1001) });
      server.receive(requests[0], SERVER_TIME);
      if (i % 400 === 0) server.receive(requests[1], SERVER_TIME);
    }
    const hostile = i % 3 === 0
      ? random(pick(random, 200))
      : mutate(requests[1 + i % 2], random).subarray(0, i % 20 === 1 ? undefined : 60);
    refusesOrAnswers(() => void server.receive(hostile, SERVER_TIME), `case ${i}`);
  }
});

Deno.test("KeyExchangeServer.receive() refuses every other service message", () => {
  const server = new KeyExchangeServer({ keys: [testRsaKey(2)], random: seededRandom(6) });
  for (const object of serviceMessages(1n)) {
    const refused = !refusesOrAnswers(
      () => void server.receive(mtprotoSchema().encode(object), SERVER_TIME),
      object._,
    );
    assert(refused, object._);
  }
});

Deno.test("unpackPlainMessage() never reads beyond a packet", () => {
  const random = seededRandom(7);
  for (let i = 0; i < CASES; i++) {
    const packet = concatBytes(new Uint8Array(8), random(pick(random, 40)));
    refusesOrAnswers(() => {
      const { body } = unpackPlainMessage(packet);
      assert(body.length <= packet.length - 20);
    }, `case ${i}`);
  }
});
