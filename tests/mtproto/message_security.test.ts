/**
 * The security checks of received messages, each broken alone:
 * https://core.telegram.org/mtproto/security_guidelines and
 * https://core.telegram.org/mtproto/description. In brackets the row of the project's list of
 * security checks.
 */
import { concatBytes, decryptMessage } from "../../src/crypto/mod.ts";
import {
  AuthKey,
  ClientSession,
  MAX_CONTAINER_MESSAGES,
  openEnvelope,
  packGzip,
  packPlainMessage,
  type SecurityCheck,
  SecurityError,
  unpackPlainMessage,
} from "../../src/mtproto/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import {
  AUTH_KEY,
  clientSession,
  containerByHand,
  encode,
  type HandSealed,
  idAt,
  NOW,
  sealByHand,
} from "../helpers/hand_sealed.ts";

const PONG = encode({ _: "pong", msgId: 1n, pingId: 2n });
const UPDATE = Uint8Array.of(0x78, 0x56, 0x34, 0x12);

const MSG_KEY = "msg_key compared before anything is parsed, over the whole plaintext";
const PADDING = "padding 12..1024; length divisible by 4 and within the data";
const SESSION = "session_id is ours";
const PARITY = "server msg_id is odd";
const SEEN = "msg_id not seen before";
const TIME = "msg_id not more than 300 s old nor 30 s ahead";
const SEQ_NO = "incoming seq_no parity";
const CONTAINER = "containers: count, nesting, length of each part, total size";

type Lie = Omit<HandSealed, "sessionId"> & { readonly sessionId?: bigint };

/** `before`: valid messages that arrive first. */
interface Row {
  readonly row: string;
  readonly what: string;
  readonly lie: Lie;
  readonly check: SecurityCheck;
  readonly before?: readonly Lie[];
}

function container(
  parts: Parameters<typeof containerByHand>[0],
  lies?: Parameters<typeof containerByHand>[1],
): Lie {
  return { body: containerByHand(parts, lies) };
}

const part = { msgId: idAt(-1), seqNo: 0, body: PONG };

const ROWS: readonly Row[] = [
  {
    row: MSG_KEY,
    what: "another auth_key_id",
    lie: { authKey: new AuthKey(new Uint8Array(256).fill(1)) },
    check: "auth_key_id",
  },
  {
    row: MSG_KEY,
    what: "its own direction played back",
    lie: { sender: "client" },
    check: "msg_key",
  },
  {
    row: PADDING,
    what: "8 bytes of padding (11 cannot be: lengths are multiples of 4)",
    lie: { body: new Uint8Array(24), padding: 8 },
    check: "padding",
  },
  {
    row: PADDING,
    what: "no padding",
    lie: { body: new Uint8Array(32), padding: 0 },
    check: "padding",
  },
  {
    row: PADDING,
    what: "1028 bytes of padding",
    lie: { body: new Uint8Array(12), padding: 1028 },
    check: "padding",
  },
  {
    row: PADDING,
    what: "a megabyte of padding",
    lie: { body: new Uint8Array(16), padding: 1 << 20 },
    check: "padding",
  },
  {
    row: PADDING,
    what: "a length that is no multiple of 4",
    lie: { length: PONG.length - 1 },
    check: "message_length",
  },
  {
    row: PADDING,
    what: "a length beyond its data",
    lie: { length: PONG.length + 100 },
    check: "message_length",
  },
  { row: PADDING, what: "a length of 4 GiB", lie: { length: 0xfffffffc }, check: "message_length" },
  {
    row: PADDING,
    what: "a length that reaches into the last 12 bytes",
    lie: { length: PONG.length + 4 },
    check: "padding",
  },
  { row: SESSION, what: "another session_id", lie: { sessionId: 5n }, check: "session_id" },
  { row: PARITY, what: "an even msg_id", lie: { msgId: idAt(0, 0) }, check: "msg_id_parity" },
  {
    row: PARITY,
    what: "a msg_id of 2 modulo 4",
    lie: { msgId: idAt(0, 2) },
    check: "msg_id_parity",
  },
  {
    row: PARITY,
    what: "an even msg_id in a container",
    lie: container([{ ...part, msgId: idAt(-1, 0) }]),
    check: "msg_id_parity",
  },
  { row: SEEN, what: "a repeated msg_id", before: [{}], lie: {}, check: "msg_id_seen" },
  {
    row: SEEN,
    what: "a msg_id that came in a container before",
    before: [container([part])],
    lie: { msgId: part.msgId },
    check: "msg_id_seen",
  },
  {
    row: SEEN,
    what: "a msg_id of 500 messages ago, which it must still know",
    before: Array.from(
      { length: 500 },
      (_, index) => ({ msgId: idAt(-100) + BigInt(index) * 4n }),
    ),
    lie: { msgId: idAt(-100) },
    check: "msg_id_seen",
  },
  {
    row: SEEN,
    what: "a msg_id below all of a full memory",
    before: Array.from(
      { length: 1000 },
      (_, index) => ({ msgId: idAt(-100) + BigInt(index) * 4n }),
    ),
    lie: { msgId: idAt(-101) },
    check: "msg_id_too_old",
  },
  {
    row: TIME,
    what: "a message of 301 s ago",
    lie: { msgId: idAt(-301) },
    check: "msg_id_too_low",
  },
  {
    row: TIME,
    what: "a message from 31 s ahead",
    lie: { msgId: idAt(31) },
    check: "msg_id_too_high",
  },
  { row: TIME, what: "msg_id 1", lie: { msgId: 1n }, check: "msg_id_too_low" },
  {
    row: TIME,
    what: "the highest msg_id",
    lie: { msgId: (1n << 64n) - 1n },
    check: "msg_id_too_high",
  },
  {
    row: SEQ_NO,
    what: "a container with an odd seq_no",
    lie: { ...container([part]), seqNo: 1 },
    check: "seq_no_parity",
  },
  {
    row: SEQ_NO,
    what: "an acknowledgment with an odd seq_no",
    lie: { body: encode({ _: "msgs_ack", msgIds: [1n] }), seqNo: 1 },
    check: "seq_no_parity",
  },
  {
    row: CONTAINER,
    what: "a container that counts one more than it holds",
    lie: container([part], { count: 2 }),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a container that counts one less than it holds",
    lie: container([part, { ...part, msgId: idAt(-2) }], { count: 1 }),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a container that counts 4 billion messages",
    lie: container([part], { count: 0xffffffff }),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a container that counts -1 messages",
    lie: container([], { count: 0xffffffff }),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a container of 1021 messages",
    lie: container(
      Array.from({ length: MAX_CONTAINER_MESSAGES + 1 }, (_, index) => ({
        msgId: idAt(-100) + BigInt(index) * 4n,
        seqNo: 0,
        body: PONG,
      })),
    ),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a container in a container",
    lie: container([{ ...part, body: containerByHand([]) }]),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a part longer than its container",
    lie: container([{ ...part, length: PONG.length + 4 }]),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a part of 4 GiB",
    lie: container([{ ...part, length: 0xfffffffc }]),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a part whose length is no multiple of 4",
    lie: container([{ ...part, length: PONG.length - 2 }]),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "parts whose lengths are multiples of 4 together only",
    lie: container([1, 2].map((second) => ({
      ...part,
      msgId: idAt(-second),
      body: PONG.subarray(0, -2),
    }))),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a part shorter than it is",
    lie: container([{ ...part, length: PONG.length - 4 }]),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "bytes behind the last part",
    lie: container([part], { trailing: 4 }),
    check: "container",
  },
  {
    row: CONTAINER,
    what: "a container without a count",
    lie: { body: containerByHand([]).subarray(0, 4) },
    check: "container",
  },
  {
    row: "gzip_packed: output bounded",
    what: "gzip_packed garbage",
    lie: { body: packGzip(seededRandom(1)(100)) },
    check: "gzip_packed",
  },
  {
    row: "gzip_packed: output bounded",
    what: "an empty gzip_packed",
    lie: { body: packGzip(new Uint8Array(0)) },
    check: "gzip_packed",
  },
  {
    row: "gzip_packed: output bounded",
    what: "gzip_packed without its bytes",
    lie: { body: packGzip(new Uint8Array(40)).subarray(0, 20) },
    check: "gzip_packed",
  },
];

for (const { row, what, lie, check, before = [] } of ROWS) {
  Deno.test(`ClientSession.receive() refuses ${what} [${row}]`, () => {
    const session = clientSession();
    const { sessionId } = session;
    for (const message of before) session.receive(sealByHand({ sessionId, ...message }), NOW);
    const packet = sealByHand({ sessionId, ...lie });
    assertEquals(assertThrows(() => session.receive(packet, NOW), SecurityError).check, check);
  });
}

Deno.test(`ClientSession.receive() refuses a packet with a changed bit [${MSG_KEY}]`, () => {
  const session = clientSession();
  const packet = sealByHand({ sessionId: session.sessionId });
  for (let index = 0; index < packet.length; index++) {
    for (let bit = 0; bit < 8; bit++) {
      const broken = packet.slice();
      broken[index] ^= 1 << bit;
      const { check } = assertThrows(() => session.receive(broken, NOW), SecurityError);
      assertEquals(check, index < 8 ? "auth_key_id" : "msg_key", `byte ${index}, bit ${bit}`);
    }
  }
  assertEquals(session.receive(packet, NOW).length, 1);
});

Deno.test("ClientSession.receive() refuses a packet cut anywhere", () => {
  const session = clientSession();
  const packet = sealByHand({ sessionId: session.sessionId });
  for (let length = 0; length < packet.length; length++) {
    const { check } = assertThrows(
      () => session.receive(packet.subarray(0, length), NOW),
      SecurityError,
    );
    const expected = length < 8 ? ["auth_key_id"] : ["message_length", "msg_key"];
    assert(expected.includes(check), `${length} bytes: ${check}`);
  }
});

Deno.test("ClientSession.receive() ignores the padding of transports after whole blocks", () => {
  for (const extra of [1, 4, 15]) {
    const session = clientSession();
    const packet = sealByHand({ sessionId: session.sessionId });
    const events = session.receive(concatBytes(packet, new Uint8Array(extra)), NOW);
    assertEquals(events, [{ type: "pong", pingId: 2n }]);
  }
});

Deno.test(`ClientSession.receive() takes 12 and 1024 bytes of padding [${PADDING}]`, () => {
  for (const [bodyLength, padding] of [[20, 12], [16, 1024]] as const) {
    const session = clientSession();
    const body = new Uint8Array(bodyLength).fill(9);
    const packet = sealByHand({ sessionId: session.sessionId, body, padding });
    assertEquals(session.receive(packet, NOW), [{ type: "update", body }]);
  }
});

Deno.test(`ClientSession.receive() takes messages 300 s old and 30 s ahead [${TIME}]`, () => {
  for (const seconds of [-300, 0, 30]) {
    const session = clientSession();
    const packet = sealByHand({ sessionId: session.sessionId, msgId: idAt(seconds) });
    assertEquals(session.receive(packet, NOW).at(-1), { type: "pong", pingId: 2n });
  }
});

/** Sends a ping, and returns the body of its pong. */
function pinged(session: ClientSession): Uint8Array {
  const pingId = session.ping();
  const [packet] = session.flush(NOW);
  const { msgId } = openEnvelope(packet, { authKey: AUTH_KEY, sender: "client" });
  return encode({ _: "pong", msgId, pingId });
}

Deno.test(`the first answer sets a clock that is not synchronized [${TIME}]`, () => {
  const session = clientSession({ synchronized: false });
  const { sessionId } = session;
  const day = 86_400;
  const body = pinged(session);
  const events = session.receive(sealByHand({ sessionId, msgId: idAt(day), body }), NOW);
  assertEquals(events[0], { type: "time", timeOffset: day * 1000 });
  assertEquals(session.timeOffset, day * 1000);
  const { check } = assertThrows(
    () => session.receive(sealByHand({ sessionId, msgId: idAt(0) }), NOW),
    SecurityError,
  );
  assertEquals(check, "msg_id_too_low", "only the first answer sets the clock");
});

Deno.test(`messages that waited while the computer slept are taken, all of them [${TIME}]`, () => {
  const session = clientSession();
  const { sessionId } = session;
  const early = pinged(session);
  session.doubtTime();
  const waiting = [-200, 60, 120].map((seconds, index) => ({
    msgId: idAt(seconds),
    seqNo: 2 * index + 1,
    body: UPDATE,
  }));
  for (const message of waiting) {
    const events = session.receive(sealByHand({ sessionId, ...message }), NOW);
    assertEquals(events.at(-1), { type: "update", body: UPDATE });
  }
  const late = { sessionId, msgId: idAt(121), body: early };
  session.receive(sealByHand(late), NOW); // of before the sleep: it proves nothing about now
  const fresh = { sessionId, msgId: idAt(300), body: pinged(session) };
  session.receive(sealByHand(fresh), NOW);
  assertEquals(session.timeOffset, 300_000);
  const { check } = assertThrows(
    () => session.receive(sealByHand({ sessionId, msgId: idAt(-1) }), NOW),
    SecurityError,
  );
  assertEquals(check, "msg_id_too_low");
});

Deno.test("an update for a session before the last restarts is ignored", () => {
  const session = clientSession();
  const sessionIds = [1, 2, 3].map(() => {
    const { sessionId } = session;
    session.restart();
    return sessionId;
  });
  for (const sessionId of sessionIds) {
    const packet = sealByHand({ sessionId, msgId: idAt(0), seqNo: 1, body: UPDATE });
    assertEquals(session.receive(packet, NOW), []);
  }
});

Deno.test(`ClientSession.receive() never sets the clock back by a late message [${TIME}]`, () => {
  const session = clientSession();
  const { sessionId } = session;
  session.reconnected();
  const late = { msgId: idAt(-600), seqNo: 1, body: UPDATE };
  assertEquals(session.receive(sealByHand({ sessionId, ...late }), NOW), [
    { type: "update", body: UPDATE },
  ]);
  assertEquals(session.timeOffset, 0);
  session.receive(sealByHand({ sessionId, msgId: idAt(0), body: pinged(session) }), NOW);
  const { check } = assertThrows(
    () => session.receive(sealByHand({ sessionId, msgId: idAt(-301) }), NOW),
    SecurityError,
  );
  assertEquals(check, "msg_id_too_low", "an answer in time makes the clock certain");
});

Deno.test(`an answer to an own message sets a slow clock [${TIME}]`, () => {
  for (const [seconds, timeOffset] of [[40, 40_000], [-400, 0]]) {
    const session = clientSession();
    const call = session.call(UPDATE);
    const [packet] = session.flush(NOW);
    const { msgId } = openEnvelope(packet, { authKey: AUTH_KEY, sender: "client" });
    const { sessionId } = session;
    const answerTo = (reqMsgId: bigint): Uint8Array =>
      encode({ _: "rpc_result", reqMsgId, result: UPDATE });
    const answer = { sessionId, msgId: idAt(seconds), seqNo: 1 };
    assertThrows(
      () => session.receive(sealByHand({ ...answer, body: answerTo(msgId + 4n) }), NOW),
      SecurityError,
    );
    const events = session.receive(sealByHand({ ...answer, body: answerTo(msgId) }), NOW);
    assertEquals(events.at(-1), { type: "result", call, body: UPDATE });
    assertEquals(session.timeOffset, timeOffset);
  }
});

Deno.test("ClientSession.receive() ignores a clock difference of a network's delay", () => {
  const session = clientSession({ synchronized: false });
  const packet = sealByHand({ sessionId: session.sessionId, msgId: idAt(3) });
  assertEquals(session.receive(packet, NOW), [{ type: "pong", pingId: 2n }]);
  assertEquals(session.timeOffset, 0);
});

Deno.test("ClientSession.receive() takes a valid message after a refused container", () => {
  const session = clientSession();
  const { sessionId } = session;
  const good = { msgId: idAt(-3), seqNo: 1, body: UPDATE };
  const badParts: readonly Uint8Array[] = [
    encode({ _: "msgs_ack", msgIds: [1n] }),
    packGzip(seededRandom(1)(33)),
    encode({ _: "rpc_result", reqMsgId: 4n, result: packGzip(seededRandom(1)(33)) }),
  ];
  for (const body of badParts) {
    const bad = { msgId: idAt(-2), seqNo: 3, body };
    const refused = { sessionId, msgId: idAt(-1), body: containerByHand([good, bad]) };
    for (let times = 0; times < 2; times++) {
      const error = assertThrows(() => session.receive(sealByHand(refused), NOW), SecurityError);
      assert(
        ["seq_no_parity", "gzip_packed"].includes(error.check),
        "a refused container does not count as received",
      );
    }
  }
  assertEquals(session.ackCount, 0);
  const events = session.receive(
    sealByHand({ sessionId, msgId: idAt(0), body: containerByHand([good]) }),
    NOW,
  );
  assertEquals(events, [{ type: "update", body: UPDATE }]);
});

Deno.test("ClientSession.receive() takes 1020 messages in one container, each once", () => {
  const session = clientSession();
  const { sessionId } = session;
  const parts = Array.from({ length: MAX_CONTAINER_MESSAGES }, (_, index) => ({
    msgId: idAt(-100) + BigInt(index) * 4n,
    seqNo: 2 * index + 1,
    body: UPDATE,
  }));
  const first = session.receive(sealByHand({ sessionId, body: containerByHand(parts) }), NOW);
  assertEquals(first.length, MAX_CONTAINER_MESSAGES);
  assertEquals(session.ackCount, MAX_CONTAINER_MESSAGES);
  const again = { sessionId, msgId: idAt(1), body: containerByHand(parts.slice(-3)) };
  assertEquals(session.receive(sealByHand(again), NOW), []);
  assertEquals(session.ackCount, MAX_CONTAINER_MESSAGES + 3, "acknowledged once more");
});

Deno.test(`a container with the msg_id of another one is refused [${SEEN}]`, () => {
  const session = clientSession();
  const { sessionId } = session;
  const containing = (msgId: bigint): Uint8Array => {
    const body = containerByHand([{ msgId, seqNo: 1, body: UPDATE }]);
    return sealByHand({ sessionId, msgId: idAt(3), seqNo: 2, body });
  };
  assertEquals(session.receive(containing(idAt(1)), NOW).length, 1);
  const error = assertThrows(() => session.receive(containing(idAt(2)), NOW), SecurityError);
  assertEquals(error.check, "msg_id_seen");
});

Deno.test("ClientSession.receive() takes a message once if a container has it twice", () => {
  const session = clientSession();
  const twin = { msgId: idAt(-1), seqNo: 1, body: UPDATE };
  const packet = sealByHand({
    sessionId: session.sessionId,
    body: containerByHand([twin, twin]),
  });
  assertEquals(session.receive(packet, NOW).length, 1);
});

Deno.test("unpackPlainMessage() refuses encrypted messages and wrong lengths", () => {
  const plain = packPlainMessage({ msgId: 5n, body: UPDATE });
  assertEquals(unpackPlainMessage(concatBytes(plain, Uint8Array.of(1, 2))).body, UPDATE);
  const rows: ReadonlyArray<readonly [Uint8Array, SecurityCheck]> = [
    [plain.subarray(0, 7), "auth_key_id"],
    [plain.subarray(0, 19), "message_length"],
    [plain.subarray(0, 23), "message_length"],
    [plain.with(7, 1), "auth_key_id"],
    [plain.with(19, 0xff), "message_length"],
  ];
  for (const [packet, check] of rows) {
    assertEquals(assertThrows(() => unpackPlainMessage(packet), SecurityError).check, check);
  }
});

Deno.test("ClientSession pads with 12 to 1024 random bytes [random padding, never zeros]", () => {
  const session = new ClientSession({
    authKey: AUTH_KEY,
    random: seededRandom(9),
    synchronized: true,
  });
  const lengths = new Set<number>();
  for (let i = 0; i < 50; i++) {
    session.call(UPDATE);
    for (const packet of session.flush(NOW + i)) {
      const plaintext = decryptMessage(AUTH_KEY.bytes, packet, "client");
      assert(plaintext !== undefined);
      const length = new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(28, true);
      const padding = plaintext.subarray(32 + length);
      assert(padding.length >= 12 && padding.length <= 1024);
      assert(padding.some((byte) => byte !== 0));
      lengths.add(padding.length);
    }
  }
  assert(lengths.size > 2);
});
