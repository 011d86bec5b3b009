/**
 * ClientSession as a state machine with a fixed clock: its packets, and its events.
 * https://core.telegram.org/mtproto/service_messages
 * https://core.telegram.org/mtproto/service_messages_about_messages
 */
import {
  asLong,
  asMsgId,
  constructorId,
  MSG_CONTAINER,
  MsgIds,
  packGzip,
  SecurityError,
  timeOfMsgId,
} from "../../src/mtproto/mod.ts";
import { concatBytes } from "../../src/crypto/mod.ts";
import { mtprotoSchema, type TlObject } from "../../src/tl/mod.ts";
import { gzipSync } from "node:zlib";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import {
  clientSession,
  containerByHand,
  encode,
  idAt,
  NOW,
  sealByHand,
} from "../helpers/hand_sealed.ts";
import {
  answer,
  badSalt,
  BODY,
  flushed,
  flushedCalls,
  names,
  notice,
  open,
  RESULT,
  rpcResult,
  said,
  serviceMessages,
  withCall,
} from "./packets.ts";

Deno.test("a call alone goes without a container, with an odd seq_no", () => {
  const session = clientSession({ serverSalt: 5n });
  session.call(BODY);
  assert(session.wantsFlush);
  const [packet, ...others] = session.flush(NOW);
  assertEquals(others.length, 0);
  const { envelope } = open(packet);
  assertEquals([envelope.salt, envelope.sessionId], [5n, session.sessionId]);
  assertEquals([envelope.seqNo, envelope.body], [1, BODY]);
  assertEquals(envelope.msgId % 4n, 0n);
  assert(Math.abs(timeOfMsgId(envelope.msgId) - NOW) < 1);
  assert(!session.wantsFlush);
  assertEquals(session.flush(NOW), []);
});

Deno.test("msg_ids rise and divide by 4, and seq_nos count the calls", () => {
  const session = clientSession();
  for (let i = 0; i < 3; i++) session.call(BODY);
  session.ping();
  const { envelope, messages } = open(session.flush(NOW)[0]);
  assertEquals(messages.map(({ seqNo }) => seqNo), [0, 1, 3, 5]);
  assertEquals(envelope.seqNo, 6);
  const ids = [...messages, envelope].map(({ msgId }) => msgId);
  assertEquals(ids, ids.toSorted((a, b) => a < b ? -1 : 1));
  assertEquals(new Set(ids).size, ids.length);
  assert(ids.every((id) => id % 4n === 0n));
});

Deno.test("the lower half of a msg_id is never 0, also at a whole second", () => {
  const { messages } = open(withCallAt(NOW));
  assert((messages[0].msgId & 0xffffffffn) !== 0n);
});

function withCallAt(now: number): Uint8Array {
  const session = clientSession();
  session.call(BODY);
  return session.flush(now)[0];
}

Deno.test("containers are split at 1020 messages", () => {
  const session = clientSession();
  for (let i = 0; i < 2500; i++) session.call(BODY);
  assertEquals(session.flush(NOW).map((packet) => open(packet).messages.length), [1020, 1020, 460]);
});

Deno.test("containers are split at 32 KiB, and a call that fills one is sent alone", () => {
  const session = clientSession();
  const sizes = [12_000, 12_000, 12_000, 60_000, 8, 8];
  for (const size of sizes) session.call(new Uint8Array(size).fill(0x11));
  const packets = session.flush(NOW);
  const bodies = packets.map((packet) => open(packet).messages.map(({ body }) => body.length));
  assertEquals(bodies, [[12_000, 12_000], [12_000], [60_000], [8, 8]]);
  assert(constructorId(open(packets[2]).envelope.body) !== MSG_CONTAINER);
});

Deno.test("service messages are split into containers like calls", () => {
  const session = clientSession();
  const calls = Array.from({ length: 1500 }, () => session.call(BODY));
  session.flush(NOW);
  for (const call of calls) session.drop(call);
  const counts = session.flush(NOW).map((packet) => open(packet).messages.length);
  assertEquals(counts, [1020, 480]);
});

Deno.test("an answer is one event for its call, compressed or not", () => {
  for (const packed of [RESULT, packGzip(new Uint8Array(gzipSync(RESULT)))]) {
    const { session, call, msgId } = withCall();
    session.call(BODY);
    session.flush(NOW);
    const events = session.receive(said(session, rpcResult(msgId, packed), 1), NOW);
    assertEquals(events, [{ type: "result", call, body: RESULT }]);
    assertEquals(session.receive(said(session, rpcResult(msgId), 3), NOW), []);
  }
});

Deno.test("an rpc_error is an event with its code and text, compressed or not", () => {
  const error = encode({ _: "rpc_error", errorCode: 420, errorMessage: "FLOOD_WAIT_3" });
  for (const packed of [error, packGzip(new Uint8Array(gzipSync(error)))]) {
    const { session, call, msgId } = withCall();
    const events = session.receive(said(session, rpcResult(msgId, packed), 1), NOW);
    const message = "FLOOD_WAIT_3";
    assertEquals(events, [{ type: "error", call, code: 420, message, wrapped: false }]);
  }
});

Deno.test("a malformed service message is ignored, and told as an oddity", () => {
  for (const object of serviceMessages(4n).filter(({ _ }) => _ !== "rpc_result")) {
    const whole = encode(object);
    for (const body of [whole.subarray(0, 8), whole.subarray(0, whole.length - 4)]) {
      const { session, call, msgId } = withCall();
      const container = containerByHand([
        { msgId: idAt(1), seqNo: 0, body },
        { msgId: idAt(2), seqNo: 1, body: rpcResult(msgId) },
      ]);
      const events = session.receive(said(session, container), NOW);
      assertEquals(events.at(-1), { type: "result", call, body: RESULT }, object._);
    }
  }
  const { session } = withCall();
  const [event] = session.receive(
    said(session, encode({ _: "pong", msgId: 1n, pingId: 2n }).subarray(0, 8)),
    NOW,
  );
  assert(event.type === "oddity" && event.text.startsWith("Cannot read a message of the server: "));
});

Deno.test("a malformed rpc_error is a result, which fails its call alone", () => {
  const { session, call, msgId } = withCall();
  const body = encode({ _: "rpc_error", errorCode: 420, errorMessage: "X" }).subarray(0, 8);
  assertEquals(answer(session, msgId, body), [{ type: "result", call, body }]);
});

function gzipPacked(body: Uint8Array): Uint8Array {
  const packed = packGzip(new Uint8Array(gzipSync(body)));
  return concatBytes(packed, new Uint8Array(-packed.length & 3));
}

Deno.test("a compressed container is opened", () => {
  const { session, call, msgId } = withCall();
  const container = containerByHand([
    { msgId: idAt(1), seqNo: 1, body: rpcResult(msgId) },
    { msgId: idAt(2), seqNo: 3, body: RESULT },
  ]);
  const body = gzipPacked(container);
  const packet = sealByHand({ sessionId: session.sessionId, msgId: idAt(3), seqNo: 4, body });
  assertEquals(session.receive(packet, NOW), [
    { type: "result", call, body: RESULT },
    { type: "update", body: RESULT },
  ]);
  assertEquals(session.ackCount, 2);
});

Deno.test("an answer to an unknown call is ignored, and acknowledged", () => {
  const { session } = withCall();
  assertEquals(session.receive(said(session, rpcResult(12n), 1), NOW), []);
  assertEquals(session.ackCount, 1);
});

Deno.test("an object outside the service schema is an update", () => {
  const { session } = withCall();
  assertEquals(session.receive(said(session, RESULT, 1), NOW), [{ type: "update", body: RESULT }]);
});

Deno.test("the next packet acknowledges content-related messages only", () => {
  const { session } = withCall();
  session.receive(said(session, RESULT, 1), NOW);
  session.receive(said(session, { _: "pong", msgId: 1n, pingId: 2n }), NOW);
  assertEquals(session.ackCount, 1);
  session.call(BODY);
  assertEquals(names(session.flush(NOW)), [["get_future_salts", "msgs_ack", "call"]]);
  assertEquals(session.ackCount, 0);
});

Deno.test("10,000 acknowledgments are sent in messages of at most 8192", () => {
  const session = clientSession();
  for (let i = 0; i < 10; i++) {
    const parts = Array.from({ length: 1000 }, (_, index) => ({
      msgId: idAt(-100) + BigInt(4 * (1000 * i + index)),
      seqNo: 2 * (1000 * i + index) + 1,
      body: RESULT,
    }));
    session.receive(said(session, containerByHand(parts)), NOW);
  }
  const acks = flushed(session).map(({ body }) => mtprotoSchema().decode(body) as TlObject)
    .filter(({ _ }) => _ === "msgs_ack");
  assertEquals(acks.map(({ msgIds }) => (msgIds as unknown[]).length), [8192, 1808]);
});

Deno.test("a repeated message is acknowledged again, without a second event", () => {
  const { session } = withCall();
  const packet = said(session, RESULT, 1);
  assertEquals(session.receive(packet, NOW).length, 1);
  // An error for the caller, who ignores it.
  const repeated = assertThrows(() => session.receive(packet, NOW), SecurityError);
  assertEquals(repeated.check, "msg_id_seen");
  assertEquals(session.ackCount, 2);
});

Deno.test("bad_server_salt sends the call again at once, with the new salt", () => {
  const { session, call, msgId } = withCall();
  const events = session.receive(
    said(session, badSalt(msgId, -9n)),
    NOW,
  );
  assertEquals(events, [{ type: "salt", serverSalt: -9n }]);
  assert(session.wantsFlush);
  const { envelope, messages } = open(session.flush(NOW)[0]);
  assertEquals(envelope.salt, -9n);
  const again = messages.find(({ body }) => constructorId(body) === constructorId(BODY));
  assert(again !== undefined && again.msgId > msgId && again.seqNo === 3);
  assertEquals(session.receive(said(session, rpcResult(again.msgId), 1), NOW), [
    { type: "result", call, body: RESULT },
  ]);
});

Deno.test("bad_server_salt about a container sends all its calls again, each once", () => {
  const session = clientSession();
  for (let i = 0; i < 3; i++) session.call(BODY);
  const { envelope } = open(session.flush(NOW)[0]);
  session.receive(
    said(session, badSalt(envelope.msgId, 6n)),
    NOW,
  );
  assertEquals(names(session.flush(NOW)).flat().filter((name) => name === "call").length, 3);
});

Deno.test("an answer to an older msg_id of the same call counts", () => {
  const { session, call, msgId } = withCall();
  session.receive(said(session, notice(msgId, 64)), NOW);
  const [second] = flushed(session).filter(({ seqNo }) => seqNo % 2 === 1);
  assert(second.msgId !== msgId);
  assertEquals(session.receive(said(session, rpcResult(msgId), 1), NOW), [
    { type: "result", call, body: RESULT },
  ]);
  assertEquals(session.receive(said(session, rpcResult(second.msgId), 3), NOW), []);
});

for (const [errorCode, seconds] of [[16, 900], [17, -900]] as const) {
  Deno.test(`bad_msg_notification ${errorCode} corrects the time, and sends the call again`, () => {
    const { session, msgId } = withCall();
    const packet = sealByHand({
      sessionId: session.sessionId,
      msgId: idAt(seconds),
      body: encode(notice(msgId, errorCode)),
    });
    assertEquals(session.receive(packet, NOW), [{ type: "time", timeOffset: seconds * 1000 }]);
    const again = flushed(session).find(({ seqNo }) => seqNo % 2 === 1);
    assert(again !== undefined);
    const time = timeOfMsgId(again.msgId) - NOW;
    assert(Math.abs(time - seconds * 1000) < 1000, "msg_ids go back when the clock does");
  });
}

Deno.test("a notice of a wrong time counts in a container and compressed", () => {
  const containerOf = (body: Uint8Array): Uint8Array =>
    containerByHand([{ msgId: idAt(3599), seqNo: 0, body }]);
  const ways: ((body: Uint8Array) => Uint8Array)[] = [
    containerOf,
    gzipPacked,
    (body) => gzipPacked(containerOf(body)),
    (body) => containerOf(gzipPacked(body)),
  ];
  for (const way of ways) {
    const { session, msgId } = withCall();
    const body = way(encode(notice(msgId, 16)));
    const packet = sealByHand({ sessionId: session.sessionId, msgId: idAt(3600), body });
    assertEquals(session.receive(packet, NOW).map(({ type }) => type), ["time"]);
    assert(Math.abs(session.timeOffset - 3_600_000) <= 1000);
  }
});

Deno.test("two notices of a wrong time correct it once, and msg_ids still rise", () => {
  const session = clientSession();
  const calls = [session.call(BODY)];
  const [first] = flushed(session);
  calls.push(session.call(BODY));
  const [second] = flushed(session);
  const seen = new Set([first.msgId, second.msgId]);
  const say = (about: bigint, index: number): Uint8Array =>
    sealByHand({
      sessionId: session.sessionId,
      msgId: idAt(900) + BigInt(4 * index),
      body: encode(notice(about, 16)),
    });
  assertEquals(session.receive(say(first.msgId, 0), NOW).length, 1);
  for (const { msgId } of flushed(session)) seen.add(msgId);
  const before = Math.max(...Array.from(seen, Number));
  assertEquals(session.receive(say(second.msgId, 1), NOW), []);
  for (const { msgId } of flushed(session)) {
    assert(!seen.has(msgId));
    assert(Number(msgId) >= before);
  }
});

Deno.test("a notice about one message of a container sends that message again", () => {
  const session = clientSession();
  for (let i = 0; i < 2; i++) session.call(BODY);
  session.ping();
  const [ping, , second] = flushed(session);
  session.receive(said(session, notice(second.msgId, 20)), NOW);
  assertEquals(names(session.flush(NOW)), [["get_future_salts", "call"]]);
  session.receive(said(session, notice(ping.msgId, 20)), NOW);
  assertEquals(names(session.flush(NOW)), [["ping"]]);
});

Deno.test("a notice about an unknown message changes nothing", () => {
  const { session } = withCall();
  const { sessionId } = session;
  for (const errorCode of [16, 17, 32, 33, 34, 64]) {
    assertEquals(session.receive(said(session, notice(8n, errorCode)), NOW), []);
  }
  assertEquals([session.sessionId, session.timeOffset], [sessionId, 0]);
  assert(!session.wantsFlush);
});

Deno.test("service messages of a former session are not sent in the next one", () => {
  const { session } = withCall();
  session.receive(said(session, Uint8Array.of(9, 9, 9, 9), 1), NOW);
  session.ping();
  assertEquals(session.ackCount, 1);
  session.restart();
  assertEquals(session.ackCount, 0);
  assertEquals(names(session.flush(NOW)), [["call"]]);
});

for (const [errorCode, seqNo] of [[32, 69], [33, 1]]) {
  Deno.test(`bad_msg_notification ${errorCode} moves the seq_nos, and repeats one call`, () => {
    const { session, msgId } = withCall();
    const { sessionId } = session;
    const other = session.call(BODY);
    flushed(session);
    session.receive(said(session, notice(msgId, errorCode)), NOW);
    assertEquals(session.sessionId, sessionId);
    const seqNos = flushed(session).map((message) => message.seqNo);
    assertEquals(seqNos.filter((one) => one % 2 === 1), [seqNo]);
    assert(!session.isReceived(other));
  });
}

for (const errorCode of [32, 33]) {
  Deno.test(`bad_msg_notification ${errorCode} four times begins a new session`, () => {
    const { session, call, msgId: first } = withCall();
    const { sessionId } = session;
    const other = session.call(BODY);
    const [otherMessage] = flushed(session);
    let msgId = first;
    for (let turn = 1; turn <= 3; turn++) {
      session.receive(said(session, notice(msgId, errorCode)), NOW);
      assertEquals(session.sessionId, sessionId);
      [{ msgId }] = flushed(session);
    }
    session.receive(said(session, notice(msgId, errorCode)), NOW);
    assert(session.sessionId !== sessionId);
    const { envelope, messages } = open(session.flush(NOW)[0]);
    assertEquals(envelope.sessionId, session.sessionId);
    assertEquals(messages.map(({ seqNo }) => seqNo), [1, 3]);
    assert(messages.every((message) => message.msgId > otherMessage.msgId));
    const [again] = messages.filter(({ msgId }) => msgId !== undefined);
    const events = session.receive(said(session, rpcResult(again.msgId), 1), NOW);
    assertEquals(events.length, 1);

    // The answer to the other call was in flight, in the former session.
    const late = sealByHand({
      sessionId,
      msgId: idAt(1),
      seqNo: 1,
      body: rpcResult(otherMessage.msgId),
    });
    const told = session.receive(late, NOW);
    const answered = [...events, ...told].map((event) => "call" in event ? event.call : 0);
    assert(answered.includes(call) || answered.includes(other));
    assertEquals(new Set(answered).size, answered.length, "none is told twice");
  });
}

Deno.test("a call that the server refuses 6 times fails with the error code", () => {
  for (const errorCode of [18, 19, 20, 34, 35, 64, 16]) {
    const { session, call, msgId } = withCall();
    let current = msgId;
    for (let refusals = 1; refusals <= 5; refusals++) {
      const events = session.receive(said(session, notice(current, errorCode)), NOW);
      assertEquals(events, [], `${errorCode}, ${refusals}`);
      const packet = session.flush(NOW)[0];
      current = open(packet).envelope.msgId;
    }
    assertEquals(session.receive(said(session, notice(current, errorCode)), NOW), [
      { type: "refused", call, errorCode },
    ]);
    assertEquals(names(session.flush(NOW)).flat().filter((name) => name === "call"), []);
  }
});

Deno.test("the refusals of a call are counted on one connection", () => {
  const { session, call, msgId } = withCall();
  let current = msgId;
  for (let connection = 0; connection < 3; connection++) {
    for (let refusals = 1; refusals <= 5; refusals++) {
      const events = session.receive(said(session, badSalt(current, BigInt(refusals))), NOW);
      assertEquals(events.map(({ type }) => type), ["salt"]);
      [{ msgId: current }] = flushedCalls(session);
    }
    session.reconnected();
    flushed(session);
  }
  const [event] = answer(session, current);
  assert(event.type === "result" && event.call === call);
});

Deno.test("new_session_created sends the packets below first_msg_id again, and no others", () => {
  for (const firstIs of ["the container", "the last message in it", "the first message in it"]) {
    const session = clientSession();
    for (let i = 0; i < 2; i++) session.call(BODY);
    session.flush(NOW);
    for (let i = 0; i < 3; i++) session.call(BODY);
    const { envelope, messages } = open(session.flush(NOW)[0]);
    const first = firstIs === "the container"
      ? envelope
      : firstIs === "the last message in it"
      ? messages[2]
      : messages[0];
    const events = session.receive(
      said(session, {
        _: "new_session_created",
        firstMsgId: asLong(first.msgId),
        uniqueId: 1n,
        serverSalt: 8n,
      }, 1),
      NOW,
    );
    assertEquals(events, [{ type: "salt", serverSalt: 8n }, { type: "new_session" }]);
    const again = flushed(session).filter(({ seqNo }) => seqNo % 2 === 1);
    assertEquals(again.length, 2, firstIs);
  }
});

Deno.test("after a new connection only calls that did not arrive are repeated", () => {
  const session = clientSession();
  const calls = [0, 1, 2, 3].map(() => session.call(BODY));
  const sent = flushed(session);
  session.reconnected();
  const [request] = flushed(session);
  const asked = mtprotoSchema().decode(request.body) as TlObject;
  assertEquals(asked._, "msgs_state_req");
  assertEquals((asked.msgIds as bigint[]).map(asMsgId), sent.map(({ msgId }) => msgId));
  const info = Uint8Array.of(4, 1, 12, 2 | 8); // 4: received, with or without further flags
  const reqMsgId = asLong(request.msgId);
  assertEquals(session.receive(said(session, { _: "msgs_state_info", reqMsgId, info }), NOW), []);
  const again = flushed(session).filter(({ seqNo }) => seqNo % 2 === 1);
  assertEquals(again.length, 2);
  const [, , third] = sent;
  assertEquals(session.receive(said(session, rpcResult(third.msgId), 1), NOW), [
    { type: "result", call: calls[2], body: RESULT },
  ]);
  const repeated = said(session, { _: "msgs_state_info", reqMsgId, info: new Uint8Array(4) });
  session.receive(repeated, NOW);
  assertEquals(names(session.flush(NOW)).flat().includes("call"), false, "asked once, told once");
});

Deno.test("the client does not ask about a call that was never sent", () => {
  const session = clientSession();
  session.call(BODY);
  session.reconnected();
  assertEquals(names(session.flush(NOW)), [["call"]]);
});

Deno.test("a state request that is refused for its salt is sent again", () => {
  const { session } = withCall();
  session.reconnected();
  const { envelope } = open(session.flush(NOW)[0]);
  session.receive(
    said(session, badSalt(envelope.msgId, 3n)),
    NOW,
  );
  assert(names(session.flush(NOW)).flat().includes("msgs_state_req"));
});

Deno.test("a state request that is refused too often sends the calls again", () => {
  const { session } = withCall();
  session.reconnected();
  let packets = session.flush(NOW);
  for (let refusals = 0; refusals < 6; refusals++) {
    assertEquals(names(packets).flat().includes("call"), false);
    const { envelope } = open(packets[0]);
    session.receive(said(session, notice(envelope.msgId, 64)), NOW);
    packets = session.flush(NOW);
  }
  assertEquals(names(packets).flat().filter((name) => name !== "get_future_salts"), ["call"]);
});

Deno.test("a state request that is answered by an rpc_error sends the calls again", () => {
  const { session } = withCall();
  session.reconnected();
  const [request] = flushed(session);
  const error = encode({ _: "rpc_error", errorCode: 400, errorMessage: "INPUT_METHOD_INVALID" });
  assertEquals(session.receive(said(session, rpcResult(request.msgId, error), 1), NOW), []);
  assert(names(session.flush(NOW)).flat().includes("call"));
});

Deno.test("msg_detailed_info asks for a missing answer, and acknowledges a known one", () => {
  const { session, msgId } = withCall();
  const detail = (answerMsgId: bigint): TlObject => ({
    _: "msg_detailed_info",
    msgId: asLong(msgId),
    answerMsgId: asLong(answerMsgId),
    bytes: 8,
    status: 0,
  });
  session.receive(said(session, detail(idAt(2))), NOW);
  const [request] = flushed(session).map(({ body }) => mtprotoSchema().decode(body) as TlObject);
  assertEquals(request, { _: "msg_resend_req", msgIds: [asLong(idAt(2))] });
  const packet = sealByHand({
    sessionId: session.sessionId,
    msgId: idAt(3),
    seqNo: 1,
    body: RESULT,
  });
  session.receive(packet, NOW);
  session.flush(NOW);
  session.receive(said(session, detail(idAt(3))), NOW);
  assertEquals(names(session.flush(NOW)), [["msgs_ack"]]);
  session.receive(
    said(session, { _: "msg_new_detailed_info", answerMsgId: -1n, bytes: 8, status: 0 }),
    NOW,
  );
  assertEquals(names(session.flush(NOW)), [["msg_resend_req"]], "whatever number it names");
});

Deno.test("msg_resend_req sends a call again; for an unknown msg_id, the state", () => {
  const { session, msgId } = withCall();
  session.receive(said(session, { _: "msg_resend_req", msgIds: [asLong(msgId)] }), NOW);
  assert(names(session.flush(NOW)).flat().includes("call"));
  session.receive(said(session, { _: "msg_resend_req", msgIds: [4n] }), NOW);
  assertEquals(names(session.flush(NOW)), [["msgs_state_info"]]);
});

Deno.test("msgs_state_req is answered with the states of the server's messages", () => {
  const session = clientSession();
  const packet = sealByHand({
    sessionId: session.sessionId,
    msgId: idAt(1),
    seqNo: 1,
    body: RESULT,
  });
  session.receive(packet, NOW);
  session.flush(NOW);
  const ids = [idAt(1), idAt(2), idAt(100), idAt(-100)].map(asLong);
  const request = sealByHand({
    sessionId: session.sessionId,
    msgId: idAt(3),
    body: encode({ _: "msgs_state_req", msgIds: ids }),
  });
  session.receive(request, NOW);
  const [info] = flushed(session).map(({ body }) => mtprotoSchema().decode(body) as TlObject);
  assertEquals(info._, "msgs_state_info");
  assertEquals(asMsgId(info.reqMsgId), idAt(3));
  assertEquals(info.info, Uint8Array.of(4, 2, 3, 1));
});

Deno.test("drop() sends rpc_drop_answer for a sent call, and ignores its answer", () => {
  const { session, call, msgId } = withCall();
  session.drop(call);
  const [drop] = flushed(session);
  assertEquals(mtprotoSchema().decode(drop.body), {
    _: "rpc_drop_answer",
    reqMsgId: asLong(msgId),
  });
  assertEquals(drop.seqNo % 2, 1);
  assertEquals(session.receive(said(session, rpcResult(msgId), 1), NOW), []);
  session.drop(session.call(BODY));
  session.drop(99);
  assertEquals(names(session.flush(NOW)).flat().filter((name) => name === "rpc_drop_answer"), []);
});

Deno.test("future salts are requested after the first message, and used in their time", () => {
  const { session } = withCall();
  session.receive(said(session, { _: "pong", msgId: 1n, pingId: 1n }), NOW);
  assertEquals(names(session.flush(NOW)), [["get_future_salts"]]);
  assertEquals(session.flush(NOW), [], "once in ten minutes");
  const seconds = NOW / 1000;
  const salt = (since: number, value: bigint): TlObject => ({
    _: "future_salt",
    validSince: seconds + since,
    validUntil: seconds + since + 3600,
    salt: value,
  });
  session.receive(
    said(session, {
      _: "future_salts",
      reqMsgId: 1n,
      now: seconds,
      salts: [salt(0, 10n), salt(1800, 11n), salt(3600, 12n)],
    }),
    NOW,
  );
  for (const [later, expected] of [[1, 10n], [1799, 10n], [1801, 11n], [3700, 12n]] as const) {
    session.call(BODY);
    const [packet] = session.flush(NOW + later * 1000);
    assertEquals(open(packet).envelope.salt, expected, `after ${later} s`);
  }
});

Deno.test("a salt that was announced is told once it is used", () => {
  const { session, msgId } = withCall();
  const seconds = NOW / 1000;
  const salt = (since: number, value: bigint): TlObject => ({
    _: "future_salt",
    validSince: seconds + since,
    validUntil: seconds + since + 3600,
    salt: value,
  });
  const salts = [salt(0, 10n), salt(1800, 11n)];
  const announcement = { _: "future_salts", reqMsgId: 1n, now: seconds, salts };
  assertEquals(session.receive(said(session, announcement), NOW), []);
  session.ping();
  session.flush(NOW);
  const types = answer(session, msgId).map((event) => event.type);
  assertEquals(types, ["salt", "result"]);
  session.ping();
  session.flush(NOW + 1_900_000);
  assertEquals(session.serverSalt, 11n);
  const pong = said(session, { _: "pong", msgId: 4n, pingId: 1n });
  assertEquals(session.receive(pong, NOW)[0], { type: "salt", serverSalt: 11n });
  assertEquals(session.receive(said(session, RESULT), NOW).length, 1, "told once");
});

Deno.test("a refused salt ends the announced ones: the server's new one is used", () => {
  const { session } = withCall();
  const seconds = NOW / 1000;
  const announced = { _: "future_salt", validSince: 0, validUntil: seconds + 9999, salt: 10n };
  session.receive(
    said(session, { _: "future_salts", reqMsgId: 1n, now: seconds, salts: [announced] }),
    NOW,
  );
  session.call(BODY);
  const { envelope } = open(session.flush(NOW)[0]);
  assertEquals(envelope.salt, 10n);
  session.receive(
    said(session, badSalt(envelope.msgId, 20n)),
    NOW,
  );
  assertEquals(open(session.flush(NOW)[0]).envelope.salt, 20n);
});

Deno.test("a ping has its delay, and a pong event its ping_id", () => {
  const session = clientSession();
  const pingId = session.ping(75);
  const [ping] = flushed(session).map(({ body }) => mtprotoSchema().decode(body));
  assertEquals(ping, { _: "ping_delay_disconnect", pingId, disconnectDelay: 75 });
  const plain = session.ping();
  const [second] = flushed(session).map(({ body }) => mtprotoSchema().decode(body));
  assertEquals(second, { _: "ping", pingId: plain });
  assertEquals(session.receive(said(session, { _: "pong", msgId: 4n, pingId }), NOW), [
    { type: "pong", pingId },
  ]);
});

Deno.test("MsgIds never repeats a msg_id, also after the clock was set back", () => {
  const msgIds = new MsgIds();
  const seen = new Set<bigint>();
  for (let i = 0; i < 1000; i++) {
    seen.add(msgIds.next(NOW));
    msgIds.setBack(NOW - 60_000, 1000);
  }
  assertEquals(seen.size, 1000);
  for (const msgId of seen) assert(Math.abs(timeOfMsgId(msgId) - NOW) < 1);
});

Deno.test("msg_ids work after 2038, when they do not fit a signed long", () => {
  const session = clientSession();
  const later = Date.UTC(2040, 0, 1);
  const call = session.call(BODY);
  const [{ msgId }] = flushed(session, later);
  assert(msgId >= 1n << 63n);
  session.reconnected();
  session.drop(call);
  const [request, drop] = flushed(session, later).map(({ body }) =>
    mtprotoSchema().decode(body) as TlObject
  );
  assertEquals(request, { _: "msgs_state_req", msgIds: [asLong(msgId)] });
  assertEquals(drop, { _: "rpc_drop_answer", reqMsgId: asLong(msgId) });
});
