/**
 * What a session remembers of its sent messages: enough for every refusal, and no more than the
 * calls in flight. https://core.telegram.org/mtproto/service_messages_about_messages
 */
import { asLong, MsgIds } from "../../src/mtproto/mod.ts";
import { PendingCalls } from "../../src/mtproto/pending_calls.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { clientSession, encode, idAt, NOW, sealByHand } from "../helpers/hand_sealed.ts";
import {
  answer,
  answerError,
  badSalt,
  BODY,
  flushed,
  flushedCalls,
  names,
  notice,
  open,
  RESULT,
  said,
  withCall,
} from "./packets.ts";
import { Simulation } from "./simulation.ts";

Deno.test("400 containers in flight are all sent again after their salt expired", () => {
  const simulation = new Simulation();
  const calls = [simulation.call()];
  simulation.settle(); // so that no new_session_created helps
  for (let i = 0; i < 400; i++) {
    calls.push(simulation.call(), simulation.call());
    simulation.flush();
  }
  simulation.salts.expire(simulation.now / 1000);
  simulation.settle();
  assertEquals(simulation.answered.toSorted((a, b) => a - b), calls);
  assertEquals(new Set(simulation.executed.values()), new Set([1]));
});

for (const delay of [150, 300]) {
  Deno.test(`a call each millisecond is answered, ${delay} ms away, while the salt expires`, () => {
    const simulation = new Simulation();
    const calls: number[] = [];
    const inFlight = { toServer: [] as number[], toClient: [] as number[] };
    for (let ms = 0; ms < 1500 + 10 * delay; ms++) {
      simulation.now++;
      if (ms === 700) simulation.salts.expire(simulation.now / 1000);
      for (let count = inFlight.toClient[ms] ?? 0; count > 0; count--) simulation.take();
      const before = simulation.toClient.length;
      for (let count = inFlight.toServer[ms] ?? 0; count > 0; count--) simulation.serve();
      inFlight.toClient[ms + delay] = simulation.toClient.length - before;
      if (ms < 1500) calls.push(simulation.call());
      inFlight.toServer[ms + delay] = simulation.flush();
    }
    assertEquals(simulation.answered.toSorted((a, b) => a - b), calls);
    assertEquals(simulation.client.callCount, 0);
  });
}

Deno.test("a notice about an old container with a call in flight still corrects the clock", () => {
  const session = clientSession({ serverSalt: 5n });
  session.ping();
  session.call(BODY);
  const { envelope } = open(session.flush(NOW)[0]);
  for (let i = 0; i < 1500; i++) {
    session.ping();
    session.flush(NOW);
  }
  const packet = sealByHand({
    sessionId: session.sessionId,
    msgId: idAt(900),
    body: encode(notice(envelope.msgId, 16)),
  });
  assertEquals(session.receive(packet, NOW).map(({ type }) => type), ["time"]);
  assert(names(session.flush(NOW)).flat().includes("call"));
});

Deno.test("a question about calls is remembered while a thousand acknowledgments go out", () => {
  const { session } = withCall();
  session.reconnected();
  const [request] = flushed(session);
  for (let i = 0; i < 1500; i++) {
    session.receive(said(session, RESULT, 2 * i + 1), NOW);
    session.flush(NOW);
  }
  session.receive(said(session, badSalt(request.msgId, 3n)), NOW);
  assert(names(session.flush(NOW)).flat().includes("msgs_state_req"));
});

Deno.test("a question about calls in a container is asked again with the container's calls", () => {
  const { session } = withCall();
  session.reconnected();
  session.call(BODY);
  const { envelope, messages } = open(session.flush(NOW)[0]);
  assertEquals(messages.length, 2);
  for (let i = 0; i < 300; i++) {
    session.ping();
    session.flush(NOW);
  }
  session.receive(said(session, badSalt(envelope.msgId, 3n)), NOW);
  const again = names(session.flush(NOW)).flat();
  assert(again.includes("msgs_state_req") && again.includes("call"));
});

Deno.test("the last acknowledgment is sent again if it is refused, an earlier one is not", () => {
  const { session, msgId } = withCall();
  session.receive(said(session, RESULT, 1), NOW);
  let [packet] = session.flush(NOW);
  const first = packet;
  for (let refusal = 1; refusal <= 5; refusal++) {
    assert(names([packet]).flat().includes("msgs_ack"));
    session.receive(said(session, badSalt(open(packet).envelope.msgId, 3n)), NOW);
    [packet] = session.flush(NOW);
  }
  session.receive(said(session, badSalt(open(packet).envelope.msgId, 3n)), NOW);
  assert(!names(session.flush(NOW)).flat().includes("msgs_ack"), "it is refused for the 6th time");
  session.receive(said(session, badSalt(open(first).envelope.msgId, 4n)), NOW);
  assert(!names(session.flush(NOW)).flat().includes("msgs_ack"), "it is not the last one");
  assertEquals(answer(session, msgId).at(-1)?.type, "result");
});

Deno.test("PendingCalls forgets a container with the last of its calls", () => {
  const calls = new PendingCalls();
  const msgIds = new MsgIds();
  const containers: bigint[] = [];
  const numbers: number[] = [];
  const sending = () => ({ msgId: msgIds.next(NOW), seqNo: 1, isRepeat: false });
  for (let i = 0; i < 1000; i++) {
    const together = [1, 2, 3].flatMap(() => calls.get(calls.add(BODY, {})) ?? []);
    for (const call of together) calls.sent(call, sending());
    const container = msgIds.next(NOW);
    calls.sentTogether(container, together);
    containers.push(container);
    numbers.push(...together.map(({ id }) => id));
  }
  assert(containers.every((id) => calls.hasContainer(id)));
  for (const [index, number] of numbers.entries()) {
    const call = calls.get(number);
    if (call === undefined) continue;
    // Answered, or sent again alone: both leave the container.
    if (index % 2 === 0) calls.remove(call, "settled");
    else {
      calls.requeue(call);
      calls.sent(call, sending());
    }
  }
  assert(!containers.some((id) => calls.hasContainer(id)));
  assertEquals([calls.count, calls.inFlightCount, calls.queueLength], [1500, 1500, 0]);
});

Deno.test("a call remembers its last 64 msg_ids", () => {
  const { session, call, msgId } = withCall();
  const resend = (last: bigint): bigint => {
    const fields = { firstMsgId: asLong(last + 100n), uniqueId: 1n, serverSalt: 2n };
    session.receive(said(session, { _: "new_session_created", ...fields }), NOW);
    return flushedCalls(session)[0].msgId;
  };
  let last = msgId;
  for (let i = 1; i < 64; i++) last = resend(last);
  const second = resend(last);
  assertEquals(answer(session, msgId), [], "the 65th from the end");
  assertEquals(answer(session, last).map((event) => "call" in event && event.call), [call]);
  assertEquals(answer(session, second), []);
});

Deno.test("isReceived() is true after an acknowledgment, until the call is sent again", () => {
  const { session, call, msgId } = withCall();
  const ack = (id: bigint): TlObject => ({ _: "msgs_ack", msgIds: [asLong(id)] });
  assert(!session.isReceived(call));
  session.receive(said(session, ack(msgId + 4n)), NOW);
  assert(!session.isReceived(call));
  session.receive(said(session, ack(msgId)), NOW);
  assert(session.isReceived(call));
  session.receive(said(session, { _: "msg_resend_req", msgIds: [asLong(msgId)] }), NOW);
  flushed(session);
  assert(!session.isReceived(call));
  session.receive(said(session, ack(msgId)), NOW);
  assert(session.isReceived(call));
  session.receive(said(session, badSalt(msgId, 3n)), NOW);
  flushed(session);
  session.receive(said(session, ack(msgId)), NOW);
  assert(!session.isReceived(call), "an acknowledgment of the former sending");
  assert(!session.isReceived(99));
});

Deno.test("isReceived() follows msgs_state_info and msg_detailed_info", () => {
  const session = clientSession();
  const [known, lost] = [session.call(BODY), session.call(BODY)];
  flushed(session);
  session.reconnected();
  const [{ msgId }] = flushed(session);
  const info = Uint8Array.of(4, 1);
  session.receive(said(session, { _: "msgs_state_info", reqMsgId: asLong(msgId), info }), NOW);
  assertEquals([session.isReceived(known), session.isReceived(lost)], [true, false]);
  const [again] = flushedCalls(session);
  const detail = { msgId: asLong(again.msgId), answerMsgId: 5n, bytes: 8, status: 0 };
  session.receive(said(session, { _: "msg_detailed_info", ...detail }), NOW);
  assert(session.isReceived(lost));
});

Deno.test("callCount and callsInFlight count the calls without an answer", () => {
  const session = clientSession();
  const counts = (): number[] => [session.callCount, session.callsInFlight];
  assertEquals(counts(), [0, 0]);
  const dropped = session.call(BODY);
  session.call(BODY);
  session.call(BODY);
  assertEquals(counts(), [3, 0]);
  const [, second, third] = flushed(session);
  assertEquals(counts(), [3, 3]);
  session.drop(dropped);
  assertEquals(counts(), [2, 2]);
  session.receive(said(session, badSalt(second.msgId, 3n)), NOW);
  assertEquals(counts(), [2, 1]);
  answerError(session, third.msgId, "X");
  assertEquals(counts(), [1, 0]);
  const [again] = flushedCalls(session);
  answer(session, again.msgId);
  assertEquals(counts(), [0, 0]);
});
