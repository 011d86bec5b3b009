/**
 * The order of the server's seq_nos: a message out of order is odd, and is taken. The offline
 * Telegram refuses such messages of a client, see tests/testing/server_session.test.ts.
 * https://core.telegram.org/mtproto/description#message-sequence-number-msg-seqno
 */
import type { ClientEvent, ClientSession } from "../../src/mtproto/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import {
  clientSession,
  containerByHand,
  encode,
  type HandSealed,
  idAt,
  NOW,
  sealByHand,
} from "../helpers/hand_sealed.ts";

const UPDATE = Uint8Array.of(0x78, 0x56, 0x34, 0x12);
const CREATED = encode({
  _: "new_session_created",
  firstMsgId: 0n,
  uniqueId: 1n,
  serverSalt: 0n,
});

/** Sends an update, unless `message` has another body. Returns the types of the events. */
function receive(session: ClientSession, message: Partial<HandSealed>): ClientEvent["type"][] {
  const { sessionId } = session;
  const packet = sealByHand({ sessionId, body: UPDATE, ...message });
  return session.receive(packet, NOW).map(({ type }) => type);
}

Deno.test("a seq_no of the server that is out of order is told once, and its message taken", () => {
  const rows: readonly (readonly [string, seqNo: number, seconds: number])[] = [
    ["did not rise", 3, -4],
    ["fell", 1, -4],
    ["an older message with a higher one", 5, -6],
  ];
  for (const [what, seqNo, seconds] of rows) {
    const session = clientSession();
    assertEquals(receive(session, { msgId: idAt(-5), seqNo: 3 }), ["update"]);
    const types = receive(session, { msgId: idAt(seconds), seqNo });
    assertEquals(types, ["oddity", "update"], what);
    const next = receive(session, { msgId: idAt(-3), seqNo: seqNo + 2 });
    assertEquals(next, ["update"], "the order is counted anew");
  }
});

Deno.test("parts of a container in the wrong order of seq_nos are all taken", () => {
  const session = clientSession();
  const body = containerByHand([
    { msgId: idAt(-3), seqNo: 3, body: UPDATE },
    { msgId: idAt(-2), seqNo: 1, body: UPDATE },
  ]);
  assertEquals(receive(session, { body }), ["oddity", "update", "update"]);
});

Deno.test("the text of an oddity names the seq_no", () => {
  const session = clientSession();
  receive(session, { msgId: idAt(-5), seqNo: 3 });
  const packet = sealByHand({ sessionId: session.sessionId, body: UPDATE, seqNo: 3 });
  const [event] = session.receive(packet, NOW);
  const text = "A message of the server has the seq_no 3, out of order.";
  assertEquals(event, { type: "oddity", text });
});

Deno.test("seq_nos may restart at new_session_created", () => {
  const session = clientSession();
  receive(session, { msgId: idAt(-3), seqNo: 41 });
  assertEquals(receive(session, { msgId: idAt(-2, 3), seqNo: 1, body: CREATED }), ["new_session"]);
  assertEquals(receive(session, { msgId: idAt(-1), seqNo: 3 }), ["update"]);
});

Deno.test("new_session_created counts anywhere in a container", () => {
  const session = clientSession();
  receive(session, { msgId: idAt(-9), seqNo: 41 });
  const body = containerByHand([
    { msgId: idAt(-2), seqNo: 3, body: UPDATE },
    { msgId: idAt(-3, 3), seqNo: 1, body: CREATED },
  ]);
  const types = receive(session, { msgId: idAt(-1), seqNo: 4, body });
  assertEquals(types, ["update", "new_session"]);
  assertEquals(receive(session, { msgId: idAt(-8), seqNo: 43 }), ["update"], "from before");
  assertEquals(receive(session, { seqNo: 3 }), ["oddity", "update"]);
});

Deno.test("seq_nos may restart on another connection", () => {
  const session = clientSession();
  receive(session, { msgId: idAt(-2), seqNo: 41 });
  session.reconnected();
  assertEquals(receive(session, { msgId: idAt(-1), seqNo: 3 }), ["update"]);
});
