import { apiSchema, mtprotoSchema, Schema, TlError, type TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";

const PEER = { _: "inputPeerSelf" };
const MESSAGE = { _: "messages.sendMessage", peer: PEER, message: "", randomId: 1n };

function refused(value: unknown, path: string, expected: string, type?: string): void {
  const error = assertThrows(() => apiSchema().encode(value, type), TlError);
  assertEquals(error.path, path);
  assert(error.message.startsWith(`Cannot encode "${path}": `), error.message);
  assert(error.message.includes(expected), `${error.message} does not say "${expected}"`);
}

Deno.test("Schema.encode() names a missing field", () => {
  refused(
    { ...MESSAGE, randomId: undefined },
    "messages.sendMessage.randomId",
    "missing, expected",
  );
  refused({ ...MESSAGE, peer: null }, "messages.sendMessage.peer", "null, expected InputPeer");
  refused(
    {
      ...MESSAGE,
      entities: [{ _: "messageEntityBold", offset: 0, length: 1 }, {
        _: "messageEntityBold",
        offset: 1,
      }],
    },
    "messages.sendMessage.entities[1].length",
    "missing, expected a signed integer of 32 bits",
  );
});

Deno.test("Schema.encode() refuses values of another type, and names the expected type", () => {
  const at = (field: string): string => `messages.sendMessage.${field}`;
  refused({ ...MESSAGE, randomId: 1 }, at("randomId"), "a number, expected a signed bigint");
  refused(
    { ...MESSAGE, randomId: 1n << 63n },
    at("randomId"),
    "expected a signed bigint of 64 bits",
  );
  refused({ ...MESSAGE, message: new Uint8Array(3) }, at("message"), "3 bytes, expected a string");
  refused({ ...MESSAGE, message: ["a"] }, at("message"), "an array, expected a string");
  refused({ ...MESSAGE, scheduleDate: 2 ** 31 }, at("scheduleDate"), "expected a signed integer");
  refused({ ...MESSAGE, scheduleDate: 5n }, at("scheduleDate"), "expected a signed integer");
  refused({ ...MESSAGE, silent: 1 }, at("silent"), "a number, expected true");
  refused({ ...MESSAGE, entities: { length: 0 } }, at("entities"), "expected an array");
  refused({ ...MESSAGE, entities: [5] }, at("entities[0]"), "expected MessageEntity");
  refused(
    { _: "upload.saveFilePart", fileId: 1n, filePart: 0, bytes: "AA" },
    "upload.saveFilePart.bytes",
    "expected a Uint8Array",
  );
  refused(
    { _: "help.saveAppLog", events: [{ _: "inputAppEvent", time: "1" }] },
    "help.saveAppLog.events[0].time",
    "expected a number",
  );
  refused(
    { _: "account.updateStatus", offline: 1 },
    "account.updateStatus.offline",
    "expected a boolean",
  );
});

Deno.test("Schema.encode() refuses unknown constructors, and those of another type", () => {
  refused(
    { ...MESSAGE, peer: { _: "inputPeerSelff" } },
    "messages.sendMessage.peer",
    'unknown "inputPeerSelff", expected InputPeer',
  );
  refused(
    { ...MESSAGE, peer: { _: "peerUser", userId: 1n } },
    "messages.sendMessage.peer",
    "expected a constructor of InputPeer",
  );
  refused(
    { ...MESSAGE, peer: { _: "help.getConfig" } },
    "messages.sendMessage.peer",
    "expected a constructor of InputPeer",
  );
  refused({ _: "auth.nothing" }, "auth.nothing", "unknown");
  refused({}, "Object", "an object without a name");
  refused(5, "Object", "a number");
  refused(undefined, "Object", "missing");
  refused(PEER, "inputPeerSelf", "expected a constructor of User", "User");
  refused([1n, 2], "Vector<long>[1]", "expected a signed bigint", "Vector<long>");
});

Deno.test("Schema.encode() may be called within itself, and after a failure", () => {
  const schema = apiSchema();
  const value = {
    ...MESSAGE,
    get message(): string {
      assertThrows(() => schema.encode({ ...MESSAGE, message: 5 }), TlError);
      return String(schema.encode(PEER).length);
    },
  };
  assertEquals(schema.decode(schema.encode(value)), { ...MESSAGE, message: "4" });
  assertEquals(schema.decode(schema.encode(MESSAGE)), MESSAGE);
});

Deno.test("Schema.encode() never shows a value in an error", () => {
  const error = assertThrows(
    () => apiSchema().encode({ _: "auth.checkPassword", password: "hunter2" }),
    TlError,
  );
  assert(!error.message.includes("hunter2"));
  const code = { _: "auth.signIn", phoneNumber: "", phoneCodeHash: "", phoneCode: 22222 };
  assert(!assertThrows(() => apiSchema().encode(code), TlError).message.includes("22222"));
  const other = assertThrows(
    () => apiSchema().encode({ ...MESSAGE, randomId: "hunter2" }),
    TlError,
  );
  assert(!other.message.includes("hunter2"));
});

Deno.test("Schema.encode() takes undefined, null and false for a flag that is not set", () => {
  const schema = apiSchema();
  const plain = schema.encode(MESSAGE);
  for (const absent of [undefined, null, false]) {
    assertEquals(schema.encode({ ...MESSAGE, silent: absent }), plain);
  }
  assertEquals(schema.encode({ ...MESSAGE, scheduleDate: null, entities: undefined }), plain);
  assertEquals(schema.decode(plain), MESSAGE);
  const silent = { ...MESSAGE, silent: true };
  assertEquals(schema.decode(schema.encode(silent)), silent);
});

Deno.test("Schema.encode() writes an empty conditional vector, unlike an absent one", () => {
  const schema = apiSchema();
  const value = { ...MESSAGE, entities: [] };
  assertEquals(schema.decode(schema.encode(value)), value);
  assertEquals(schema.encode(value).length, schema.encode(MESSAGE).length + 8);
});

Deno.test("Schema.encode() requires all fields that share a flag, or none", () => {
  const settings = { _: "codeSettings", token: "t", appSandbox: false };
  assertEquals(apiSchema().decode(apiSchema().encode(settings)), settings);
  refused({ ...settings, appSandbox: undefined }, "codeSettings.appSandbox", "missing");
  refused({ ...settings, token: undefined }, "codeSettings.token", "missing");
  const admin = {
    _: "channelParticipantAdmin",
    userId: 1n,
    promotedBy: 2n,
    date: 3,
    adminRights: { _: "chatAdminRights" },
  };
  const self = { ...admin, self: true, inviterId: 4n };
  assertEquals(apiSchema().decode(apiSchema().encode(self)), self);
  assertEquals(apiSchema().encode({ ...self, self: undefined }), apiSchema().encode(self));
  refused({ ...admin, self: true }, "channelParticipantAdmin.inviterId", "missing");
  refused({ ...self, self: false }, "channelParticipantAdmin.self", "false, expected true");
});

Deno.test("Schema.encode() takes any object or bytes for the query of a wrapping method", () => {
  const schema = apiSchema();
  const query = { _: "help.getConfig" };
  const wrapped = { _: "invokeWithLayer", layer: 228, query };
  assertEquals(schema.encode({ ...wrapped, query: schema.encode(query) }), schema.encode(wrapped));
  assertEquals(schema.decode(schema.encode(wrapped)), wrapped);
  refused({ ...wrapped, query: "help.getConfig" }, "invokeWithLayer.query", "expected an object");
  refused(
    { ...wrapped, query: { ...MESSAGE, message: 1 } },
    "invokeWithLayer.query.message",
    "expected a string",
  );
});

Deno.test("Schema.encode() refuses an object inside itself", () => {
  const query: { _: string; layer: number; query?: unknown } = { _: "invokeWithLayer", layer: 1 };
  query.query = query;
  const error = assertThrows(() => apiSchema().encode(query), TlError, "nested too deeply");
  assert(error.path.startsWith("invokeWithLayer.query.query"));
});

Deno.test("Schema.encode() and decode() take a type", () => {
  const schema = apiSchema();
  for (
    const [value, type, length] of [
      [[1, 2], "Vector<int>", 16],
      [[1n], "vector<long>", 12],
      [true, "Bool", 4],
      ["abc", "string", 4],
      [new Uint8Array(16), "int128", 16],
      [PEER, "InputPeer", 4],
      [{ _: "peerUser", userId: 1n }, "%peerUser", 8],
      [[[{ _: "peerUser", userId: 1n }]], "Vector<Vector<Peer>>", 28],
    ] as const
  ) {
    const bytes = schema.encode(value, type);
    assertEquals(bytes.length, length, type);
    assertEquals(schema.decode(bytes, type), value as unknown, type);
  }
  assertThrows(() => schema.encode(1, "Vector<"), TlError, "expected a TL type");
  assertThrows(
    () => schema.decode(new Uint8Array(8), "%User"),
    TlError,
    "expected one for a bare type",
  );
});

Deno.test("Schema.decode() without a type reads booleans, null and vectors", () => {
  const read = (...numbers: number[]): unknown =>
    apiSchema().decode(new Uint8Array(Uint32Array.from(numbers).buffer));
  const [vector, yes, no, nothing, isTrue] = [
    0x1cb5c415,
    0x997275b5,
    0xbc799737,
    0x56730bcc,
    0x3fedd339,
  ];
  assertEquals([read(yes), read(no), read(nothing), read(isTrue)], [true, false, null, true]);
  assertEquals(read(vector, 3, yes, no, nothing), [true, false, null]);
});

Deno.test("Schema.encode() refuses wrong lengths and wrong bare objects", () => {
  const schema = mtprotoSchema();
  for (const nonce of [new Uint8Array(15), new Uint8Array(17), "a text of 16 cha"]) {
    assertThrows(() => schema.encode({ _: "req_pq_multi", nonce }), TlError, "16 bytes");
  }
  const salts = [{ _: "pong", msgId: 1n, pingId: 1n }];
  const answer = { _: "future_salts", reqMsgId: 1n, now: 1, salts };
  assertThrows(() => schema.encode(answer), TlError, 'expected an object "future_salt"');
});

Deno.test("Schema.encode() takes properties of a class, and objects without a prototype", () => {
  class Silent {
    readonly _ = "messages.sendMessage";
    readonly peer = PEER;
    readonly message = "";
    readonly randomId = 1n;
    get silent(): boolean {
      return true;
    }
  }
  const plain = apiSchema().encode({ ...MESSAGE, silent: true });
  assertEquals(apiSchema().encode(new Silent()), plain);
  const bare: TlObject = Object.assign(Object.create(null), MESSAGE, { silent: true });
  assertEquals(apiSchema().encode(bare), plain);
  assertEquals(apiSchema().encode(Object.create({ ...MESSAGE, silent: true })), plain);
});

Deno.test("Schema.encode() ignores properties that are no fields", () => {
  const other = { ...MESSAGE, unknown: 1, flags: 7, toString: 2, constructor: 3 };
  assertEquals(apiSchema().encode(other), apiSchema().encode(MESSAGE));
});

Deno.test("Schema.encode() writes the bits of a third # and of the ones before", () => {
  const schema = Schema.parse(
    "a#0000000a flags:# x:flags.3?int flags2:# y:flags2.31?true z:flags.4?true flags3:# " +
      "w:flags3.1?int v:flags3.0?true u:flags2.2?int = A",
  );
  for (let bits = 0; bits < 64; bits++) {
    const has = (bit: number): boolean => (bits >> bit & 1) === 1;
    const value = {
      _: "a",
      ...(has(0) && { x: 1 }),
      ...(has(1) && { y: true }),
      ...(has(2) && { z: true }),
      ...(has(3) && { w: 2 }),
      ...(has(4) && { v: true }),
      ...(has(5) && { u: 3 }),
    };
    assertEquals(schema.decode(schema.encode(value)), value);
  }
});
