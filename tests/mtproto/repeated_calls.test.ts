/**
 * Calls that the server lacks are sent again with their msg_ids: it carries out one copy, however
 * late the others arrive. https://core.telegram.org/mtproto/service_messages_about_messages
 */
import { asLong, type ClientSession, type Message } from "../../src/mtproto/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { clientSession, NOW } from "../helpers/hand_sealed.ts";
import { answer, answerError, badSalt, BODY, flushed, notice, said, withCall } from "./packets.ts";
import { Simulation } from "./simulation.ts";

/** Returns the calls in the next packets. */
function sent(session: ClientSession, now = NOW): Message[] {
  return flushed(session, now).filter(({ seqNo }) => seqNo % 2 === 1);
}

/** Connects again, and tells that the server lacks the calls. Returns the calls that follow. */
function lose(session: ClientSession, states: readonly number[], now = NOW): Message[] {
  session.reconnected();
  const [{ msgId }] = flushed(session, now);
  const info = Uint8Array.from(states);
  session.receive(said(session, { _: "msgs_state_info", reqMsgId: asLong(msgId), info }), now);
  return sent(session, now);
}

Deno.test("a call that the server lacks is sent again with its msg_id and seq_no", () => {
  for (const state of [1, 2, 3]) {
    const session = clientSession({ serverSalt: 5n });
    const calls = [session.call(BODY), session.call(BODY)];
    const first = sent(session);
    session.call(BODY);
    const [, made] = [...first, ...sent(session)].slice(1);
    const again = lose(session, [state, state, 4]);
    assertEquals(again, first);
    assert(again.every(({ msgId }) => msgId < made.msgId));
    for (const [index, { msgId }] of first.entries()) {
      const [event] = answer(session, msgId);
      assertEquals("call" in event && event.call, calls[index]);
    }
    assertEquals(session.callCount, 1);
  }
});

Deno.test("a call of which the server knows nothing any more may have been carried out", () => {
  for (const [state, isInDoubt] of [[1, true], [2, undefined], [3, undefined]] as const) {
    const { session, msgId } = withCall();
    lose(session, [state]);
    const [event] = answerError(session, msgId, "MESSAGE_TOO_LONG");
    assert(event.type === "error");
    assertEquals(event.isInDoubt, isInDoubt, `state ${state}`);
  }
});

Deno.test("a call that the server asks for is sent again with its msg_id", () => {
  const { session, msgId } = withCall();
  session.receive(said(session, { _: "msg_resend_req", msgIds: [asLong(msgId)] }), NOW);
  assertEquals(sent(session).map((call) => call.msgId), [msgId]);
});

Deno.test("a call of 300 s ago gets a new msg_id: the server takes no copy of it any more", () => {
  for (const [seconds, isSame] of [[299, true], [300, false]] as const) {
    const { session, msgId } = withCall();
    const [again] = lose(session, [2], NOW + 1000 * seconds);
    assertEquals(again.msgId === msgId, isSame, `${seconds} s`);
  }
});

Deno.test("a call gets a new msg_id when its copy is refused, or in another session", () => {
  const ends: readonly ((session: ClientSession, msgId: bigint) => void)[] = [
    (session, msgId) => session.receive(said(session, notice(msgId, 16)), NOW),
    (session, msgId) => session.receive(said(session, notice(msgId, 20)), NOW),
    (session, msgId) => session.receive(said(session, notice(msgId, 33)), NOW),
    (session, msgId) => session.receive(said(session, badSalt(msgId, 9n)), NOW),
    (session) => session.restart(),
  ];
  for (const end of ends) {
    const { session, msgId } = withCall();
    lose(session, [2]);
    end(session, msgId);
    const [again] = sent(session);
    assert(again.msgId > msgId);
    answer(session, again.msgId);
    assertEquals(session.callCount, 0);
  }
});

Deno.test("a call that is to be sent again does not keep its msg_id in another session", () => {
  const { session, msgId } = withCall();
  session.receive(said(session, { _: "msg_resend_req", msgIds: [asLong(msgId)] }), NOW);
  session.restart();
  assert(sent(session)[0].msgId > msgId);
});

Deno.test("a call gets a new msg_id when the server has refused a copy that came late", () => {
  const session = clientSession({ serverSalt: 5n });
  const first = session.call(BODY);
  session.call(BODY, { after: first });
  const [, { msgId }] = sent(session);
  session.reconnected();
  const [request] = flushed(session);
  const info = { reqMsgId: asLong(request.msgId), info: Uint8Array.of(4, 2) };
  session.receive(said(session, { _: "msgs_state_info", ...info }), NOW);
  assertEquals(answerError(session, msgId, "MSG_WAIT_FAILED"), []);
  assert(sent(session)[0].msgId > msgId, "with the same it would never be answered");
});

Deno.test("a server that gets a call late, after it was asked, carries it out once", () => {
  for (const isBeforeCopy of [true, false]) {
    const simulation = new Simulation();
    const { client, toServer } = simulation;
    const calls = [simulation.call()];
    simulation.settle();
    calls.push(simulation.call(), simulation.call(12, calls[0]));
    simulation.flush();
    const late = toServer.splice(0);
    simulation.reconnect();
    simulation.flush();
    simulation.serve(); // the question
    if (isBeforeCopy) toServer.push(...late);
    while (toServer.length > 0) simulation.serve();
    simulation.settle();
    toServer.push(...late);
    simulation.settle();
    assertEquals(simulation.answered.toSorted((a, b) => a - b), calls);
    assertEquals([...simulation.executed.values()], [1, 1, 1]);
    assertEquals(client.callCount, 0);
  }
});
