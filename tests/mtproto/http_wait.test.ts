/**
 * http_wait with the packets of a session:
 * https://core.telegram.org/mtproto/service_messages#http-waitlong-poll
 */
import { unpackContainer } from "../../src/mtproto/container.ts";
import {
  asLong,
  AuthKey,
  ClientSession,
  type Message,
  openEnvelope,
} from "../../src/mtproto/mod.ts";
import { MSG_CONTAINER } from "../../src/mtproto/container.ts";
import { constructorId } from "../../src/mtproto/mod.ts";
import { mtprotoSchema, type TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import * as hand from "../helpers/hand_sealed.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { BODY, open, said } from "./packets.ts";

const NOW = 1_700_000_000_000;
const HTTP_WAIT = 0x9299359f;
const KEY = new AuthKey(seededRandom(1)(256));

/** The waits of a test: what was asked for, and whether one is due. */
class Waits {
  isDue = false;
  readonly hadCalls: boolean[] = [];

  next(hasCalls: boolean): TlObject {
    this.isDue = false;
    this.hadCalls.push(hasCalls);
    return { _: "http_wait", maxDelay: 1, waitAfter: 2, maxWait: this.hadCalls.length };
  }

  refused(): void {
    this.isDue = true;
  }
}

/** The messages of a packet of a client. */
function messagesOf(packet: Uint8Array): Message[] {
  const { msgId, seqNo, body } = openEnvelope(packet, { authKey: KEY, sender: "client" });
  return constructorId(body) === MSG_CONTAINER ? unpackContainer(body) : [{ msgId, seqNo, body }];
}

function newSession(): ClientSession {
  return new ClientSession({ authKey: KEY, random: seededRandom(2), serverSalt: 1n });
}

Deno.test("each packet over HTTP has one http_wait, which is not content-related", () => {
  const session = newSession();
  const waits = new Waits();
  for (let call = 0; call < 5; call++) session.call(new Uint8Array(20_000));
  session.ping();
  const packets = session.flush(NOW, undefined, waits);
  assertEquals(waits.hadCalls, packets.map(() => true));
  packets.forEach((packet, index) => {
    const found = messagesOf(packet).filter(({ body }) => constructorId(body) === HTTP_WAIT);
    assertEquals(found.length, 1);
    assertEquals(found[0].seqNo % 2, 0);
    assertEquals(mtprotoSchema().decode(found[0].body), {
      _: "http_wait",
      maxDelay: 1,
      waitAfter: 2,
      maxWait: index + 1,
    });
  });
});

Deno.test("a http_wait that is due goes alone, once, and is not repeated", () => {
  const session = newSession();
  const waits = new Waits();
  assertEquals(session.flush(NOW, undefined, waits), []);
  waits.isDue = true;
  const [packet, ...others] = session.flush(NOW, undefined, waits);
  assertEquals(others, []);
  assertEquals(messagesOf(packet).map(({ body }) => constructorId(body)), [HTTP_WAIT]);
  assertEquals(waits.hadCalls, [false]);
  session.reconnected();
  assertEquals(session.flush(NOW), []);
});

Deno.test("a container with its http_wait has at most 1020 messages", () => {
  const session = newSession();
  for (let call = 0; call < 3000; call++) session.call(new Uint8Array(4));
  const packets = session.flush(NOW, undefined, new Waits());
  const counts = packets.map((packet) => messagesOf(packet).length);
  assert(counts.every((count) => count <= 1020), `${counts}`);
  assertEquals(counts.reduce((sum, count) => sum + count, 0), 3000 + packets.length);
});

Deno.test("over HTTP, a call that another one overtook into a new session keeps its msg_id", () => {
  for (const isHttp of [true, false]) {
    const session = hand.clientSession();
    const flush = (): Message[] =>
      session.flush(hand.NOW, undefined, isHttp ? new Waits() : undefined)
        .flatMap((packet) => open(packet).messages)
        .filter(({ body }) => constructorId(body) === constructorId(BODY));
    session.call(BODY);
    const [first] = flush();
    session.call(BODY);
    const [second] = flush();
    session.receive(
      said(session, {
        _: "new_session_created",
        firstMsgId: asLong(second.msgId),
        uniqueId: 1n,
        serverSalt: 1n,
      }, 1),
      hand.NOW,
    );
    const [again, ...others] = flush();
    assertEquals(others, []);
    assertEquals(again.msgId === first.msgId, isHttp);
  }
});
