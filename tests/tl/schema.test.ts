import {
  API_LAYER,
  apiSchema,
  mtprotoSchema,
  Schema,
  TlError,
  type TlObject,
} from "../../src/tl/mod.ts";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../helpers/assert.ts";

const SIGN_IN_144 =
  "auth.signIn#bcd51581 phone_number:string phone_code_hash:string phone_code:string " +
  "= auth.Authorization";
const SIGN_IN = {
  _: "auth.signIn",
  phoneNumber: "+9996621111",
  phoneCodeHash: "abc",
  phoneCode: "22222",
};

function idOf(bytes: Uint8Array): string {
  return new DataView(bytes.buffer).getUint32(0, true).toString(16).padStart(8, "0");
}

Deno.test("apiSchema() has its layer, and the result types of its methods", () => {
  const schema = apiSchema();
  assertEquals([schema.layer, API_LAYER], [228, 228]);
  assertStrictEquals(apiSchema(), schema);
  assertEquals(schema.resultType("auth.signIn"), "auth.Authorization");
  assertEquals(schema.resultType("users.getUsers"), "Vector<User>");
  assertEquals(schema.resultType("auth.bindTempAuthKey"), "Bool");
  assertEquals(schema.resultType("invokeWithLayer"), "Object");
  assert(schema.isMethod("auth.signIn") && !schema.isMethod("auth.authorization"));
  assert(schema.has("user") && !schema.has("User") && !schema.has("__proto__"));
  assert(schema.hasId(0x8d52a951) && !schema.hasId(0xbcd51581));
  assertEquals(schema.nameOf(0x8d52a951), "auth.signIn");
  assertThrows(() => schema.resultType("auth.authorization"), TlError, "auth.authorization");
  assertThrows(() => schema.resultType("toString"), TlError, "toString");
});

Deno.test("apiSchema() has no service messages, and mtprotoSchema() no API", () => {
  assert(!apiSchema().has("resPQ") && mtprotoSchema().has("resPQ"));
  assert(!mtprotoSchema().has("help.getConfig"));
  assertEquals(mtprotoSchema().layer, 0);
});

Deno.test("mtprotoSchema() has the spec's names, with fields in camelCase", () => {
  const nonce = new Uint8Array(16).fill(1);
  const serverNonce = new Uint8Array(16).fill(2);
  const answer = { _: "dh_gen_ok", nonce, serverNonce, newNonceHash1: new Uint8Array(16) };
  assertEquals(mtprotoSchema().decode(mtprotoSchema().encode(answer)), answer);
  const bytes = mtprotoSchema().encode({ _: "req_pq_multi", nonce });
  assertEquals([idOf(bytes), bytes.length], ["be7e8ef1", 20]);
});

Deno.test("mtprotoSchema() writes future_salts with a bare vector of bare salts", () => {
  const salts = [{ _: "future_salt", validSince: 1, validUntil: 2, salt: -1n }];
  const value = { _: "future_salts", reqMsgId: 5n, now: 3, salts };
  const bytes = mtprotoSchema().encode(value);
  assertEquals([...new Int32Array(bytes.buffer)], [
    ...[0xae500895 | 0, 5, 0, 3],
    ...[1, 1, 2, -1, -1],
  ]);
  assertEquals(mtprotoSchema().decode(bytes), value);
});

Deno.test("mtprotoSchema() reads a container, and an rpc_result of any object", () => {
  const body = { _: "pong", msgId: 1n, pingId: 2n };
  for (
    const value of [
      {
        _: "msg_container",
        messages: [
          { _: "message", msgId: 1n, seqno: 1, bytes: 20, body },
          { _: "message", msgId: 5n, seqno: 2, bytes: 4, body: { _: "destroy_auth_key_ok" } },
        ],
      },
      { _: "rpc_result", reqMsgId: 7n, result: body },
      { _: "msg_copy", origMessage: { _: "message", msgId: 1n, seqno: 1, bytes: 20, body } },
      { _: "gzip_packed", packedData: Uint8Array.of(1, 2, 3) },
    ]
  ) assertEquals(mtprotoSchema().decode(mtprotoSchema().encode(value)), value);
});

Deno.test("Schema.extend() reads both layers and writes the older one", () => {
  const old = apiSchema().extend(SIGN_IN_144, 144);
  const present = apiSchema().encode(SIGN_IN);
  const past = old.encode(SIGN_IN);
  assertEquals([old.layer, apiSchema().layer], [144, 228]);
  assertEquals([idOf(present), idOf(past)], ["8d52a951", "bcd51581"]);
  assertEquals(old.decode(past), SIGN_IN);
  assertEquals(old.decode(present), SIGN_IN);
  assertThrows(() => apiSchema().decode(past), TlError, "bcd51581");
  assert(old.isMethod("auth.signIn") && old.hasId(0xbcd51581) && old.hasId(0x8d52a951));
  assertEquals(old.resultType("auth.signIn"), "auth.Authorization");
  assertEquals([...old.names()].length, [...apiSchema().names()].length);
});

Deno.test("Schema.extend() puts an old constructor into new objects", () => {
  const old = apiSchema().extend("// LAYER 100\npeerUser#9db1bc6d user_id:int = Peer");
  assertEquals(old.layer, 100);
  const update = (userId: number | bigint): TlObject => ({
    _: "updateUserTyping",
    userId: 1n,
    action: { _: "sendMessageGamePlayAction" },
    peer: { _: "peerUser", userId },
  });
  const value = {
    _: "updateDraftMessage",
    peer: update(5).peer,
    draft: { _: "draftMessageEmpty" },
  };
  assertEquals(old.decode(old.encode(value)), value);
  const present = { ...value, peer: update(5n).peer };
  assertEquals(old.decode(apiSchema().encode(present)), present);
  assertThrows(() => old.encode(present), TlError, "updateDraftMessage.peer.userId");
  assertThrows(
    () => apiSchema().decode(old.encode(value)),
    TlError,
    "expected a constructor of Peer",
  );
});

Deno.test("Schema.extend() and its base each read an id by their own line", () => {
  const present = Schema.parse(
    "a#0000000a flags:# big:flags.0?true = A\nbox#0000000b inside:A = Box",
  );
  const old = present.extend("a#0000000a flags:# = A");
  const bytes = present.encode({ _: "box", inside: { _: "a", big: true } });
  for (let round = 0; round < 2; round++) {
    assertEquals(present.decode(bytes), { _: "box", inside: { _: "a", big: true } });
    assertEquals(old.decode(bytes), { _: "box", inside: { _: "a" } });
  }
});

Deno.test("Schema.decode() tells every combination of flags from every other", () => {
  const fields = Array.from({ length: 10 }, (_, bit) => `f${bit}:flags.${bit}?int`).join(" ");
  const schema = Schema.parse(`a#0000000a flags:# ${fields} more:# last:more.31?true = A`);
  for (let round = 0; round < 2; round++) {
    for (let flags = 0; flags < 1024; flags++) {
      const present = [...Array(10).keys()].filter((bit) => (flags >> bit & 1) === 1);
      const value = { _: "a", ...Object.fromEntries(present.map((bit) => [`f${bit}`, bit])) };
      assertEquals(schema.decode(schema.encode(value)), value);
      const other = { ...value, last: true };
      assertEquals(schema.decode(schema.encode(other)), other);
    }
  }
});

Deno.test("Schema.extend() adds names, and can be repeated", () => {
  const one = apiSchema().extend(SIGN_IN_144, 144);
  const two = one.extend(
    "past.thing#00000001 a:int = past.Thing;\n---functions---\npast.do#00000002 = past.Thing;",
    5,
  );
  assertEquals(idOf(two.encode(SIGN_IN)), "bcd51581");
  assert(!two.isMethod("past.thing") && two.isMethod("past.do") && !one.has("past.do"));
  assertEquals(two.resultType("past.do"), "past.Thing");
  assertEquals(two.decode(two.encode({ _: "past.thing", a: 1 }), "past.Thing"), {
    _: "past.thing",
    a: 1,
  });
});

Deno.test("Schema.parse() prefers the layer of the options to that of the text", () => {
  assertEquals(Schema.parse("// LAYER 5\na#1 = A").layer, 5);
  assertEquals(Schema.parse("// LAYER 5\na#1 = A", { layer: 6 }).layer, 6);
  assertEquals(Schema.parse("a#1 = A", { layer: 6 }).extend("b#2 = B").layer, 6);
});

Deno.test("Schema.parse() reads TL as the spec prints it", () => {
  const text = `
    // a comment
    ---types---
    one#00000001 ids:Vector long names:vector string = One;

    ---functions---
    do#2 {X:Type} query:!X = X;
  `;
  const schema = Schema.parse(text.replaceAll("\n", "\r\n"));
  const value = { _: "one", ids: [1n], names: ["a", "b"] };
  assertEquals(schema.decode(schema.encode(value)), value);
  assertEquals(schema.encode(value).length, 4 + 4 + 4 + 8 + 4 + 4 + 4);
  assertEquals(schema.decode(schema.encode({ _: "do", query: value })), { _: "do", query: value });
});

/** A constructor with many flags. */
const CODE_SETTINGS =
  "codeSettings flags:# allow_flashcall:flags.0?true current_number:flags.1?true " +
  "allow_app_hash:flags.4?true allow_missed_call:flags.5?true " +
  "allow_firebase:flags.7?true unknown_number:flags.9?true " +
  "logout_tokens:flags.6?Vector<bytes> token:flags.8?string " +
  "app_sandbox:flags.8?Bool = CodeSettings";

Deno.test("Schema.parse() computes the ids that a text leaves out", () => {
  const text = `
    boolTrue = Bool;
    inputPeerSelf = InputPeer
    help.getConfig = Config
    invokeWithLayer {X:Type} layer:int query:!X = X
    msgs_ack msg_ids:Vector<long> = MsgsAck
    inputEncryptedFileBigUploaded id:long parts:int key_fingerprint:int = InputEncryptedFile
    upload.saveFilePart file_id:long file_part:int bytes:bytes = Bool
    ${CODE_SETTINGS}
    odd#12345678 = Odd
  `;
  const schema = Schema.parse(text);
  const ids = {
    boolTrue: 0x997275b5,
    inputPeerSelf: 0x7da07ec9,
    "help.getConfig": 0xc4f9186b,
    invokeWithLayer: 0xda9b0d0d,
    msgs_ack: 0x62d6b459,
    inputEncryptedFileBigUploaded: 0x2dc173c8,
    "upload.saveFilePart": 0xb304a621,
    codeSettings: 0xad253d78,
    odd: 0x12345678,
  };
  for (const [name, id] of Object.entries(ids)) assertEquals(schema.nameOf(id), name);
  assertEquals(schema.encode({ _: "inputPeerSelf" }), Uint8Array.of(0xc9, 0x7e, 0xa0, 0x7d));
});

Deno.test("Schema throws for text that is not TL, on first use of the line at the latest", () => {
  for (const line of ["user", "#1 = User", "user#1#2 = User", "user#g = User"]) {
    assertThrows(() => Schema.parse(line).names(), TlError, line);
  }
  for (
    const line of [
      "a#1 x:int",
      "a#1 x = A",
      "a#1 x:flags.0?int = A",
      "a#1 flags:# x:flags.32?int = A",
      "a#1 flags:# x:flags.-1?int = A",
      "a#1 x:Vector<int = A",
      "a#1 x:Vector = A",
      "a#1 __proto__:int = A",
      "a#1 _:int = A",
      "a#1 :int = A",
    ]
  ) assertThrows(() => Schema.parse(line).encode({ _: "a" }), TlError, "Cannot parse", line);
});

Deno.test("Schema does not take names of Object.prototype for its own", () => {
  const schema = Schema.parse("a#1 constructor:int to_string:int = A");
  const value = { _: "a", constructor: 1, toString: 2 };
  const decoded = schema.decode(schema.encode(value)) as TlObject;
  assertEquals([decoded.constructor, decoded.toString], [1, 2] as unknown[]);
  assertStrictEquals(Object.getPrototypeOf(decoded), Object.prototype);
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assertThrows(() => schema.encode({ _: name }), TlError, "unknown");
  }
});
