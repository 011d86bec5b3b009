/**
 * ServerSession: the error code of each broken rule, and the answer to each service message.
 * https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message
 */
import { concatBytes } from "../../src/crypto/mod.ts";
import {
  asLong,
  asMsgId,
  constructorId,
  MAX_CONTAINER_MESSAGES,
  type Message,
  MSG_CONTAINER,
  MsgIds,
  openEnvelope,
  packGzip,
  SecurityError,
  unpackContainer,
} from "../../src/mtproto/mod.ts";
import { SaltSchedule } from "../../src/testing/salt_schedule.ts";
import { ServerSession } from "../../src/testing/server_session.ts";
import { mtprotoSchema, TlError, type TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import {
  AUTH_KEY,
  containerByHand,
  encode,
  type HandSealed,
  idAt,
  NOW,
  sealByHand,
} from "../helpers/hand_sealed.ts";

const SALT = 5n;
const SESSION_ID = 6n;
const CALL = Uint8Array.of(0x11, 0x22, 0x33, 0x44);
const RESULT = Uint8Array.of(0x99, 0, 0, 0);

interface Client {
  readonly session: ServerSession;
  /** The number of calls that were carried out. */
  readonly calls: Uint8Array[];
  readonly destroyed: (bigint | "key")[];
  /** Sends a message, and returns the answers. */
  send(message: Lie, now?: number): Message[];
  answers(now?: number): Message[];
}

type Lie = Omit<HandSealed, "sessionId">;

function connect(options: { random?: number } = {}): Client {
  const random = seededRandom(options.random ?? 8);
  const calls: Uint8Array[] = [];
  const destroyed: (bigint | "key")[] = [];
  const session = new ServerSession({
    authKey: AUTH_KEY,
    sessionId: SESSION_ID,
    salts: new SaltSchedule(random, NOW / 1000, SALT),
    random,
    msgIds: new MsgIds(),
    answer: (body) => {
      calls.push(body.body);
      return RESULT;
    },
    destroy: (id) => destroyed.push(id) === 1,
    destroyKey: () => destroyed.push("key"),
  });
  const answers = (now = NOW): Message[] =>
    session.flush(now).flatMap((packet) => {
      const envelope = openEnvelope(packet, { authKey: AUTH_KEY, sender: "server" });
      const isContainer = constructorId(envelope.body) === MSG_CONTAINER;
      return isContainer ? unpackContainer(envelope.body) : [envelope];
    });
  return {
    session,
    calls,
    destroyed,
    answers,
    send(message, now = NOW) {
      const packet = sealByHand({
        salt: SALT,
        sessionId: SESSION_ID,
        msgId: idAt(0, 0),
        seqNo: 1,
        body: CALL,
        sender: "client",
        ...message,
      });
      session.receive(openEnvelope(packet, { authKey: AUTH_KEY, sender: "client" }), now);
      return answers(now);
    },
  };
}

function read(message: Message): TlObject {
  return mtprotoSchema().decode(message.body) as TlObject;
}

function named(messages: readonly Message[], name: string): TlObject[] {
  return messages.filter(({ body }) => mtprotoSchema().nameOf(constructorId(body) ?? 0) === name)
    .map(read);
}

const ping = encode({ _: "ping", pingId: 3n });
const part = { msgId: idAt(-1, 0), seqNo: 1, body: CALL };

const ROWS: ReadonlyArray<
  readonly [what: string, code: number, lie: Lie, before?: readonly Lie[]]
> = [
  ["a msg_id of 301 s ago", 16, { msgId: idAt(-301, 0) }],
  ["a msg_id from 31 s ahead", 17, { msgId: idAt(31, 0) }],
  ["an odd msg_id", 18, { msgId: idAt(0, 1) }],
  ["a msg_id of 2 modulo 4", 18, { msgId: idAt(0, 2) }],
  ["an odd msg_id in a container", 18, {
    body: containerByHand([{ ...part, msgId: idAt(-1, 1) }]),
    seqNo: 0,
  }],
  [
    "a msg_id below all that it remembers",
    20,
    { msgId: idAt(-250, 0), seqNo: 0, body: ping },
    Array.from({ length: 1000 }, (_, index) => ({
      msgId: idAt(-200, 0) + BigInt(4 * index),
      seqNo: 0,
      body: ping,
    })),
  ],
  [
    "a seq_no that did not rise",
    32,
    { seqNo: 3 },
    [{ msgId: idAt(-1, 0), seqNo: 3 }],
  ],
  ["an older message with a higher seq_no", 33, { msgId: idAt(-2, 0), seqNo: 5 }, [
    { msgId: idAt(-1, 0), seqNo: 3 },
  ]],
  ["a container with an odd seq_no", 34, { body: containerByHand([part]), seqNo: 1 }],
  ["a call with an even seq_no", 35, { seqNo: 2 }],
  ["another salt", 48, { salt: 1n }],
  ["a container that counts too many", 64, {
    body: containerByHand([part], { count: 2 }),
    seqNo: 0,
  }],
  ["a container in a container", 64, {
    body: containerByHand([{ ...part, body: containerByHand([]) }]),
    seqNo: 0,
  }],
  ["a container of 1021 messages", 64, {
    body: containerByHand(
      Array.from({ length: MAX_CONTAINER_MESSAGES + 1 }, (_, index) => ({
        msgId: idAt(-9, 0) + BigInt(4 * index),
        seqNo: 0,
        body: ping,
      })),
    ),
    seqNo: 0,
  }],
  ["bytes behind the last message of a container", 64, {
    body: containerByHand([part], { trailing: 4 }),
    seqNo: 0,
  }],
  ["gzip_packed garbage", 64, { body: packGzip(new Uint8Array(20)) }],
];

for (const [what, code, lie, before = []] of ROWS) {
  Deno.test(`ServerSession answers ${what} with bad_msg_notification ${code} only`, () => {
    const client = connect();
    for (const message of before) client.send(message);
    const done = client.calls.length;
    const answers = client.send(lie);
    const name = code === 48 ? "bad_server_salt" : "bad_msg_notification";
    const [notice, ...others] = named(answers, name);
    assertEquals([notice.errorCode, others.length], [code, 0]);
    assertEquals(notice.badMsgSeqno, lie.seqNo ?? 1);
    assertEquals(asMsgId(notice.badMsgId), lie.msgId ?? idAt(0, 0));
    assertEquals(client.calls.length, done);
    assertEquals(named(answers, "rpc_result"), []);
  });
}

Deno.test("ServerSession ends the connection after bytes that no honest client sends", () => {
  const client = connect();
  const other = sealByHand({ sessionId: 7n, salt: SALT, sender: "client", msgId: idAt(0, 0) });
  const envelope = openEnvelope(other, { authKey: AUTH_KEY, sender: "client" });
  assertEquals(
    assertThrows(() => client.session.receive(envelope, NOW), SecurityError).check,
    "session_id",
  );
});

Deno.test("ServerSession sends new_session_created only before its first rpc_result", () => {
  const client = connect();
  const first = client.send({ msgId: idAt(-1, 0) });
  assertEquals(first.map(({ seqNo }) => seqNo), [1, 3]);
  const [created] = named(first, "new_session_created");
  assertEquals(asMsgId(created.firstMsgId), idAt(-1, 0));
  assertEquals(created.serverSalt, SALT);
  assertEquals(first.map(({ msgId }) => msgId % 4n), [3n, 1n]);
  const result = first[1].body;
  assertEquals(
    result,
    concatBytes(
      encode({ _: "rpc_result", reqMsgId: asLong(idAt(-1, 0)), result: new Uint8Array(0) }),
      RESULT,
    ),
  );
  const second = client.send({ seqNo: 3 });
  assertEquals([second.length, named(second, "new_session_created").length], [1, 0]);
  assertEquals(client.calls.length, 2);
});

Deno.test("ServerSession names the lowest msg_id of a container as the first", () => {
  const client = connect();
  const parts = [part, { ...part, msgId: idAt(-3, 0), seqNo: 0, body: ping }];
  const [created] = named(
    client.send({ body: containerByHand(parts), seqNo: 2 }),
    "new_session_created",
  );
  assertEquals(asMsgId(created.firstMsgId), idAt(-3, 0));
});

Deno.test("ServerSession carries out a repeated call once, and repeats its answer", () => {
  const client = connect();
  const [, answer] = client.send({});
  const again = client.send({});
  assertEquals(again, [answer]);
  assertEquals(client.calls.length, 1);
  const inContainer = client.send({
    msgId: idAt(2, 0),
    seqNo: 2,
    body: containerByHand([{ msgId: idAt(0, 0), seqNo: 1, body: CALL }]),
  });
  assertEquals(inContainer, [answer]);
  assertEquals(client.calls.length, 1);
});

Deno.test("ServerSession refuses a message of a container that it may have forgotten", () => {
  const client = connect();
  for (let i = 0; i < 1000; i++) {
    client.send({ msgId: idAt(-200, 0) + BigInt(4 * i), seqNo: 0, body: ping });
  }
  const old = { ...part, msgId: idAt(-250, 0) };
  const answers = client.send({ seqNo: 0, body: containerByHand([old]) });
  const [{ badMsgId, errorCode }] = named(answers, "bad_msg_notification");
  assertEquals([asMsgId(badMsgId), errorCode, client.calls.length], [old.msgId, 20, 0]);
});

Deno.test("ServerSession repeats only unacknowledged messages on a new connection", () => {
  const client = connect();
  const sent = client.send({});
  client.session.reconnected();
  assertEquals(client.answers(), sent);
  const msgIds = [asLong(sent[0].msgId)];
  client.send({ msgId: idAt(1, 0), seqNo: 2, body: encode({ _: "msgs_ack", msgIds }) });
  client.session.reconnected();
  assertEquals(client.answers(), sent.slice(1));
});

Deno.test("ServerSession puts an old answer into a container, where its age is allowed", () => {
  const client = connect();
  client.send({});
  const acknowledged = client.send({ msgId: idAt(1, 0), seqNo: 3 });
  client.send({
    msgId: idAt(2, 0),
    seqNo: 4,
    body: encode({ _: "msgs_ack", msgIds: acknowledged.map(({ msgId }) => asLong(msgId)) }),
  });
  client.session.reconnected();
  const later = NOW + 400_000;
  for (const packet of client.session.flush(later)) {
    const { body, msgId } = openEnvelope(packet, { authKey: AUTH_KEY, sender: "server" });
    assertEquals(constructorId(body), MSG_CONTAINER);
    assert(msgId > idAt(399));
  }
});

Deno.test("ServerSession answers every service message that needs an answer", () => {
  const client = connect();
  client.send({});
  const ask = (object: TlObject, seqNo = 2): Message[] =>
    client.send({ msgId: idAt(1, 0) + BigInt(4 * ++asked), seqNo, body: encode(object) });
  let asked = 0;

  assertEquals(ask({ _: "ping", pingId: 4n }).map(read), [
    { _: "pong", msgId: asLong(idAt(1, 0) + 4n), pingId: 4n },
  ]);
  const [pong] = ask({ _: "ping_delay_disconnect", pingId: 5n, disconnectDelay: 75 }).map(read);
  assertEquals([pong._, pong.pingId], ["pong", 5n]);
  assertEquals(client.session.disconnectAtMs, NOW + 75_000);

  const [salts] = ask({ _: "get_future_salts", num: 4 }).map(read);
  const list = salts.salts as TlObject[];
  assertEquals([salts._, salts.now, list.length, list[0].salt], [
    "future_salts",
    NOW / 1000,
    4,
    SALT,
  ]);
  assertEquals(list.map(({ validSince }) => Number(validSince) - NOW / 1000), [
    0,
    1800,
    3600,
    5400,
  ]);

  const [state] = ask({ _: "msgs_state_req", msgIds: [idAt(0, 0), idAt(-5, 0), idAt(99, 0)] })
    .map(read);
  assertEquals([state._, state.info], ["msgs_state_info", Uint8Array.of(4, 1, 3)]);

  assertEquals(ask({ _: "destroy_session", sessionId: 9n }).map(read), [
    { _: "destroy_session_ok", sessionId: 9n },
  ]);
  assertEquals(ask({ _: "destroy_session", sessionId: 9n }).map(read), [
    { _: "destroy_session_none", sessionId: 9n },
  ]);
  assertEquals(ask({ _: "destroy_auth_key" }, 3).map(read), [{ _: "destroy_auth_key_ok" }]);
  assertEquals(client.destroyed, [9n, 9n, "key"]);
  assertEquals(ask({ _: "msgs_ack", msgIds: [1n] }), []);
  assertEquals(ask({ _: "http_wait", maxDelay: 0, waitAfter: 0, maxWait: 1 }), []);
});

Deno.test("ServerSession repeats an answer for msg_resend_req", () => {
  const client = connect();
  const [, answer] = client.send({});
  const body = encode({ _: "msg_resend_req", msgIds: [asLong(answer.msgId), 5n] });
  assertEquals(client.send({ msgId: idAt(1, 0), seqNo: 2, body }), [answer]);
});

Deno.test("ServerSession drops an answer on request, once", () => {
  const client = connect();
  const [, answer] = client.send({});
  const drop = (msgId: bigint, seqNo: number): TlObject => {
    const body = encode({ _: "rpc_drop_answer", reqMsgId: asLong(idAt(0, 0)) });
    const [result] = client.send({ msgId, seqNo, body });
    return mtprotoSchema().decode(result.body.subarray(12)) as TlObject;
  };
  assertEquals(drop(idAt(1, 0), 3), {
    _: "rpc_answer_dropped",
    msgId: asLong(answer.msgId),
    seqNo: answer.seqNo,
    bytes: answer.body.length,
  });
  assertEquals(drop(idAt(2, 0), 5), { _: "rpc_answer_unknown" });
});

Deno.test("SaltSchedule returns the newest valid salt, and accepts each for an hour", () => {
  const start = NOW / 1000;
  const salts = new SaltSchedule(seededRandom(1), start, SALT);
  assertEquals(salts.current(start), SALT);
  assertEquals(salts.current(start + 1799), SALT);
  const second = salts.current(start + 1800);
  assert(second !== SALT);
  assert(salts.accepts(SALT, start + 3599) && salts.accepts(second, start + 3599));
  assert(!salts.accepts(SALT, start + 3600) && salts.accepts(second, start + 3600));
  const announced = salts.upcoming(start + 3600, 5);
  assertEquals(announced.length, 5);
  for (const { salt, validSince, validUntil } of announced) {
    assertEquals(validUntil - validSince, 3600);
    assert(salts.accepts(salt, validSince));
  }
  const next = announced[1];
  assert(!salts.accepts(next.salt, next.validSince - 1), "not before its time");
  salts.expire(start + 3600);
  assert(!salts.accepts(second, start + 3600));
  const far = start + 1_000_000;
  assert(salts.accepts(salts.current(far), far));
});

Deno.test("ServerSession survives mutated messages that are encrypted as they should be", () => {
  const random = seededRandom(9);
  const objects: TlObject[] = [
    { _: "ping", pingId: 1n },
    { _: "ping_delay_disconnect", pingId: 1n, disconnectDelay: 75 },
    { _: "msgs_ack", msgIds: [1n, 2n] },
    { _: "get_future_salts", num: 64 },
    { _: "msgs_state_req", msgIds: [1n, -1n] },
    { _: "msg_resend_req", msgIds: [1n] },
    { _: "rpc_drop_answer", reqMsgId: 1n },
    { _: "destroy_session", sessionId: 1n },
    { _: "http_wait", maxDelay: 0, waitAfter: 0, maxWait: 0 },
    { _: "rpc_result", reqMsgId: 1n, result: { _: "pong", msgId: 1n, pingId: 1n } },
    { _: "new_session_created", firstMsgId: 1n, uniqueId: 1n, serverSalt: 1n },
  ];
  let client = connect();
  let refused = 0;
  for (let i = 0; i < runs(1_000, 20_000); i++) {
    if (i % 100 === 0) client = connect({ random: i + 1 });
    let body = encode(objects[pick(random, objects.length)]);
    const at = idAt(0, 0) + BigInt(4 * i);
    if (i % 3 === 0) body = containerByHand([{ msgId: at - 4n, seqNo: pick(random, 9), body }]);
    if (i % 5 === 0) body = packGzip(body);
    for (let times = pick(random, 4); times > 0; times--) {
      body[pick(random, body.length)] = random(1)[0];
    }
    try {
      client.send({ msgId: at, seqNo: pick(random, 200), body });
    } catch (error) {
      assert(error instanceof SecurityError || error instanceof TlError, String(error));
      client.answers();
      refused++;
    }
  }
  assert(refused > 20);
});
