/**
 * Calls that the server must carry out one after the other, with invokeAfterMsg.
 * https://core.telegram.org/api/invoking
 */
import { concatBytes } from "../../src/crypto/mod.ts";
import { asLong, asMsgId, type ClientSession } from "../../src/mtproto/mod.ts";
import { TlReader } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { clientSession, NOW } from "../helpers/hand_sealed.ts";
import { answer, answerError, badSalt, flushed, said } from "./packets.ts";

const INVOKE_AFTER_MSG = 0xcb9f372d;
const WRAPPER = 0x44556677;

/** A call as it was sent. */
interface Sent {
  readonly msgId: bigint;
  /** The last byte of the call's body, which distinguishes the calls of a test. */
  readonly name: number;
  /** The msg_id in invokeAfterMsg. */
  readonly after?: bigint;
  readonly wrapped: boolean;
}

/** Sends the waiting calls. Returns them in the order of their messages. */
function sent(session: ClientSession): Sent[] {
  return flushed(session).filter(({ seqNo }) => seqNo % 2 === 1).map(({ msgId, body }) => {
    const reader = new TlReader(body);
    let id = reader.uint32();
    const wrapped = id === WRAPPER;
    if (wrapped) id = reader.uint32();
    const after = id === INVOKE_AFTER_MSG ? asMsgId(reader.int64()) : undefined;
    return { msgId, name: body[body.length - 1], after, wrapped };
  });
}

function body(name: number): Uint8Array {
  return Uint8Array.of(0x11, 0x22, 0x33, name);
}

/** Makes a session with two calls in flight, the second after the first. */
function pair(): { session: ClientSession; calls: [number, number]; first: Sent; second: Sent } {
  const session = clientSession({ serverSalt: 5n });
  const call = session.call(body(1));
  const calls: [number, number] = [call, session.call(body(2), { after: call })];
  const [first, second] = sent(session);
  return { session, calls, first, second };
}

Deno.test("a call names the msg_id of the call before it, also in one container", () => {
  const { first, second } = pair();
  assertEquals([first.after, second.after], [undefined, first.msgId]);
});

Deno.test("invokeAfterMsg stands inside initConnection", () => {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, WRAPPER, true);
  const session = clientSession({ wrapFirst: (query) => concatBytes(head, query) });
  session.call(body(2), { after: session.call(body(1)) });
  const [first, second] = sent(session);
  assertEquals([first.wrapped, second.wrapped, second.after], [true, true, first.msgId]);
});

Deno.test("a call after one that was answered, dropped or never made is not wrapped", () => {
  const session = clientSession();
  const answered = session.call(body(1));
  const dropped = session.call(body(2));
  answer(session, sent(session)[0].msgId);
  session.drop(dropped);
  for (const after of [answered, dropped, 99]) session.call(body(3), { after });
  const calls = sent(session).filter(({ name }) => name === 3);
  assertEquals(calls.map(({ after }) => after), [undefined, undefined, undefined]);
});

Deno.test("calls are sent again in the order of their numbers", () => {
  const session = clientSession();
  for (let name = 1; name <= 3; name++) session.call(body(name));
  const messages = sent(session);
  session.call(body(4));
  // Asked for in the wrong order, and after a new call.
  for (const { msgId } of [messages[2], messages[0], messages[1]]) {
    session.receive(said(session, { _: "msg_resend_req", msgIds: [msgId] }), NOW);
  }
  assertEquals(sent(session).map(({ name }) => name), [1, 2, 3, 4]);
});

Deno.test("after a reconnection the calls that the server lacks go out in order", () => {
  const { session, calls } = pair();
  session.call(body(3), { after: calls[1] });
  sent(session);
  session.reconnected();
  const [request] = flushed(session);
  session.call(body(4));
  const info = Uint8Array.of(4, 1, 1);
  session.receive(said(session, { _: "msgs_state_info", reqMsgId: request.msgId, info }), NOW);
  const again = sent(session);
  assertEquals(again.map(({ name }) => name), [2, 3, 4]);
  assertEquals(again[1].after, again[0].msgId, "the current msg_id of the call before");
});

Deno.test("a call whose predecessor is asked about waits, and so do the calls after it", () => {
  for (const info of [4, 1]) {
    const session = clientSession();
    const call = session.call(body(1));
    const [first] = sent(session);
    session.reconnected();
    session.call(body(3), { after: session.call(body(2), { after: call }) });
    session.call(body(4));
    const [request, other] = flushed(session);
    assertEquals(other.body.at(-1), 4, "the others do not wait");
    assertEquals(session.callsInFlight, 2);
    assertEquals(sent(session), []);
    const reqMsgId = asLong(request.msgId);
    const answer = { _: "msgs_state_info", reqMsgId, info: Uint8Array.of(info) };
    session.receive(said(session, answer), NOW);
    const messages = sent(session);
    assertEquals(messages.map(({ name }) => name), info === 4 ? [2, 3] : [1, 2, 3]);
    const ids = info === 4 ? [first, ...messages] : messages;
    assertEquals(ids.slice(1).map(({ after }) => after), ids.slice(0, 2).map(({ msgId }) => msgId));
  }
});

Deno.test("a call whose predecessor is asked about is sent when that one is answered", () => {
  const session = clientSession();
  const call = session.call(body(1));
  const [first] = sent(session);
  session.reconnected();
  session.call(body(2), { after: call });
  assertEquals(sent(session), []);
  answer(session, first.msgId);
  assertEquals(sent(session).map(({ name, after }) => [name, after]), [[2, undefined]]);
});

for (const error of ["MSG_WAIT_FAILED", "MSG_WAIT_TIMEOUT"]) {
  Deno.test(`${error} sends a call again once the call before it was sent again`, () => {
    const { session, calls, first, second } = pair();
    session.receive(said(session, badSalt(first.msgId, 9n)), NOW);
    assertEquals(answerError(session, second.msgId, error), []);
    assertEquals(session.callsInFlight, 0, "one is queued, one waits");
    const again = sent(session);
    assertEquals(again.map(({ name, after }) => [name, after]), [
      [1, undefined],
      [2, again[0].msgId],
    ]);
    assertEquals(answer(session, again[0].msgId).length, 1);
    const [event] = answer(session, again[1].msgId);
    assert(event.type === "result" && event.call === calls[1]);
  });

  Deno.test(`${error} waits for a call in flight, and is then sent without invokeAfterMsg`, () => {
    const { session, first, second } = pair();
    assertEquals(answerError(session, second.msgId, error), []);
    assertEquals(sent(session), [], "nothing is sent again and again");
    assertEquals([session.callCount, session.callsInFlight], [2, 1]);
    answer(session, first.msgId);
    const [again] = sent(session);
    assertEquals([again.name, again.after], [2, undefined]);
  });

  Deno.test(`${error} after the result of the call before is repaired without it`, () => {
    const { session, first, second } = pair();
    answer(session, first.msgId);
    assertEquals(answerError(session, second.msgId, error), []);
    assertEquals(sent(session).map(({ name, after }) => [name, after]), [[2, undefined]]);
  });

  Deno.test(`${error} after the error of the call before goes to the caller`, () => {
    const { session, calls, first, second } = pair();
    answerError(session, first.msgId, "FLOOD_WAIT_3");
    const [event] = answerError(session, second.msgId, error);
    assert(event.type === "error" && event.call === calls[1] && event.message === error);
  });

  Deno.test(`${error} is the caller's for a call that named no other`, () => {
    const session = clientSession();
    session.call(body(1));
    const [event] = answerError(session, sent(session)[0].msgId, error);
    assert(event.type === "error" && event.message === error);
  });
}

Deno.test("a call that waits fails with the call before it, so that both can be made again", () => {
  const { session, calls, first, second } = pair();
  answerError(session, second.msgId, "MSG_WAIT_TIMEOUT");
  answerError(session, first.msgId, "FLOOD_WAIT_3");
  const [again] = sent(session);
  assertEquals([again.name, again.after], [2, first.msgId], "it must not overtake");
  const [event] = answerError(session, again.msgId, "MSG_WAIT_FAILED");
  assert(event.type === "error" && event.call === calls[1]);
});

Deno.test("a call that waits is sent when the call before it is dropped", () => {
  const { session, calls, second } = pair();
  answerError(session, second.msgId, "MSG_WAIT_FAILED");
  session.drop(calls[0]);
  const [again] = sent(session).filter(({ name }) => name === 2);
  assertEquals(again.after, undefined);
});

Deno.test("a call that waits can be dropped, and is not sent again", () => {
  const { session, calls, first, second } = pair();
  answerError(session, second.msgId, "MSG_WAIT_FAILED");
  session.drop(calls[1]);
  answer(session, first.msgId);
  assertEquals(sent(session).filter(({ name }) => name === 2), []);
  assertEquals([session.callCount, session.callsInFlight], [0, 0]);
});

Deno.test("a restart sends also the calls that wait", () => {
  const { session, second } = pair();
  answerError(session, second.msgId, "MSG_WAIT_FAILED");
  session.restart();
  const again = sent(session);
  assertEquals(again.map(({ name }) => name), [1, 2]);
  assertEquals(again[1].after, again[0].msgId);
});

Deno.test("the error of an earlier sending does not end a call that was sent again", () => {
  const { session, second } = pair();
  session.receive(said(session, badSalt(second.msgId, 9n)), NOW);
  assertEquals(answerError(session, second.msgId, "MSG_WAIT_FAILED"), [], "it is queued");
  const [again] = sent(session);
  assertEquals(answerError(session, second.msgId, "MSG_WAIT_FAILED"), [], "it is in flight");
  assertEquals(answer(session, again.msgId).length, 1);
});

Deno.test("a call whose wait fails for the 6th time fails", () => {
  const { session, first, second } = pair();
  let [before, after] = [first, second];
  for (let refusals = 1; refusals <= 5; refusals++) {
    session.receive(said(session, { _: "msg_resend_req", msgIds: [before.msgId] }), NOW);
    assertEquals(answerError(session, after.msgId, "MSG_WAIT_FAILED"), [], `${refusals}`);
    [before, after] = sent(session);
  }
  const [event] = answerError(session, after.msgId, "MSG_WAIT_FAILED");
  assert(event.type === "error");
});

Deno.test("a chain of calls keeps its order when its first one is sent again", () => {
  const session = clientSession();
  let last: number | undefined;
  for (let name = 1; name <= 5; name++) last = session.call(body(name), { after: last });
  const chain = sent(session);
  for (const { msgId } of chain.slice(1)) answerError(session, msgId, "MSG_WAIT_FAILED");
  session.receive(said(session, { _: "msg_resend_req", msgIds: [chain[0].msgId] }), NOW);
  session.call(body(6));
  const again = sent(session);
  assertEquals(again.map(({ name }) => name), [1, 2, 3, 4, 5, 6]);
  again.slice(1, 5).forEach(({ after }, index) => assertEquals(after, again[index].msgId));
});

Deno.test("a call whose predecessor is dropped goes after the one before that", () => {
  for (const isSent of [false, true]) {
    const session = clientSession({ serverSalt: 5n });
    const one = session.call(body(1));
    const [first] = sent(session);
    const two = session.call(body(2), { after: one });
    session.call(body(3), { after: two });
    const third = isSent ? sent(session).find(({ name }) => name === 3) : undefined;
    session.drop(two);
    if (third !== undefined) answerError(session, third.msgId, "MSG_WAIT_FAILED");
    const [again] = sent(session).filter(({ name }) => name === 3);
    assertEquals(again.after, first.msgId);
    answer(session, first.msgId);
    answerError(session, again.msgId, "MSG_WAIT_TIMEOUT");
    assertEquals(sent(session).map(({ name, after }) => [name, after]), [[3, undefined]]);
  }
});
