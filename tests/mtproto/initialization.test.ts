/**
 * initConnection around calls: the first of each session and connection carry it, until an answer
 * shows that the server has its data. https://core.telegram.org/api/invoking#saving-client-info
 */
import { concatBytes, equalBytes } from "../../src/crypto/mod.ts";
import type { ClientSession } from "../../src/mtproto/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { clientSession, NOW } from "../helpers/hand_sealed.ts";
import { answer, answerError, badSalt, BODY, flushed, open, said } from "./packets.ts";

const WRAPPER = Uint8Array.of(0x77, 0x66, 0x55, 0x44);

function session(wrapper: Uint8Array = WRAPPER): ClientSession {
  return clientSession({ serverSalt: 5n, wrapFirst: (query) => concatBytes(wrapper, query) });
}

function isWrapped(body: Uint8Array): boolean {
  return equalBytes(body.subarray(0, 4), WRAPPER);
}

/** Sends the waiting calls. Returns the msg_id of each, and whether it was wrapped. */
function sent(session: ClientSession): { msgId: bigint; wrapped: boolean }[] {
  return flushed(session).filter(({ seqNo }) => seqNo % 2 === 1)
    .map(({ msgId, body }) => ({ msgId, wrapped: isWrapped(body) }));
}

/** Makes a call and sends it. */
function send(session: ClientSession): { msgId: bigint; wrapped: boolean } {
  session.call(BODY);
  return sent(session)[0];
}

/** Makes a session that the server has answered. */
function initialized(): ClientSession {
  const it = session();
  answer(it, send(it).msgId);
  assert(it.isInitialized);
  return it;
}

Deno.test("every call is wrapped until the first answer to a wrapped call", () => {
  const it = session();
  assert(!it.isInitialized);
  const first = send(it);
  assert(first.wrapped && send(it).wrapped);
  answer(it, first.msgId);
  assert(it.isInitialized);
  assert(!send(it).wrapped);
});

Deno.test("a session without wrapFirst wraps nothing, and is initialized", () => {
  const it = clientSession();
  assert(it.isInitialized);
  assert(!send(it).wrapped);
});

Deno.test("an error initializes like a result, unless it says that nothing is initialized", () => {
  for (
    const [message, isInitialized] of [
      ["PHONE_CODE_INVALID", true],
      ["CONNECTION_NOT_INITED", false],
      ["CONNECTION_LAYER_INVALID", false],
    ] as const
  ) {
    const it = session();
    const call = it.call(BODY);
    const [{ msgId }] = sent(it);
    const event = { type: "error", call, code: 400, message, wrapped: true };
    assertEquals<unknown>(answerError(it, msgId, message), [event]);
    assertEquals(it.isInitialized, isInitialized, message);
  }
});

Deno.test("the error of a call that was not wrapped says so", () => {
  const it = initialized();
  const [event] = answerError(it, send(it).msgId, "CONNECTION_NOT_INITED");
  assert(event.type === "error" && !event.wrapped);
  it.forgetInitialization();
  assert(!it.isInitialized);
  assert(send(it).wrapped);
});

Deno.test("calls made while the line is down are wrapped, and so are calls sent again", () => {
  const it = initialized();
  it.call(BODY);
  const [lost] = sent(it);
  assert(!lost.wrapped);
  it.call(BODY);
  it.reconnected();
  assert(!it.isInitialized);
  const [request, made] = flushed(it);
  assert(isWrapped(made.body), "made while the line was down");
  it.receive(
    said(it, { _: "msgs_state_info", reqMsgId: request.msgId, info: Uint8Array.of(1) }),
    NOW,
  );
  const [again] = sent(it);
  assert(again.wrapped, "sent again");
  answer(it, again.msgId);
  assert(!send(it).wrapped);
});

Deno.test("the answer to a call of an earlier connection initializes nothing", () => {
  const it = session();
  const first = send(it);
  it.reconnected();
  assertEquals(answer(it, first.msgId).length, 1);
  assert(!it.isInitialized);
  assert(send(it).wrapped);
});

Deno.test("a session that restarts wraps its calls again", () => {
  const it = initialized();
  send(it);
  it.restart();
  assert(!it.isInitialized);
  const [again] = sent(it);
  assert(again.wrapped);
  answer(it, again.msgId);
  assert(it.isInitialized);
});

Deno.test("a call that is refused for its salt is wrapped again", () => {
  const it = session();
  const { msgId } = send(it);
  it.receive(said(it, badSalt(msgId, 9n)), NOW);
  assertEquals(sent(it).map(({ wrapped }) => wrapped), [true]);
});

Deno.test("the error of an earlier sending does not fail a call that was wrapped later", () => {
  const it = initialized();
  const call = it.call(BODY);
  const [first] = sent(it);
  it.forgetInitialization();
  it.receive(said(it, badSalt(first.msgId, 9n)), NOW);
  const [second] = sent(it);
  assertEquals([first.wrapped, second.wrapped], [false, true]);
  assertEquals(answerError(it, first.msgId, "CONNECTION_NOT_INITED"), []);
  const [event] = answer(it, second.msgId);
  assert(event.type === "result" && event.call === call);
});

Deno.test("the error of an earlier copy does not fail a call that was wrapped later", () => {
  const it = initialized();
  const call = it.call(BODY);
  const [first] = sent(it);
  it.forgetInitialization();
  it.receive(said(it, { _: "msg_resend_req", msgIds: [first.msgId] }), NOW);
  const [copy] = sent(it);
  assertEquals(copy, { msgId: first.msgId, wrapped: true });
  assertEquals(answerError(it, first.msgId, "CONNECTION_NOT_INITED"), []);
  const [again] = sent(it);
  assert(again.msgId > first.msgId && again.wrapped);
  const [event] = answer(it, again.msgId);
  assert(event.type === "result" && event.call === call);
});

Deno.test("containers count the size of wrapped calls", () => {
  const it = session(concatBytes(WRAPPER, new Uint8Array(14_000)));
  for (let i = 0; i < 5; i++) it.call(BODY);
  const counts = it.flush(NOW).map((packet) => open(packet).messages.length);
  assertEquals(counts, [2, 2, 1]);
});
