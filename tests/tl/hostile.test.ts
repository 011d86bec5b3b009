import { Buffer } from "node:buffer";
import { apiSchema, Schema, TlError, type TlObject, TlReader, TlWriter } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { API_ENTRIES } from "../helpers/mtcute_schema.ts";
import { RandomObjects } from "./random_object.ts";

const MESSAGES: TlObject = {
  _: "messages.messages",
  messages: [{ _: "messageEmpty", id: 1, peerId: { _: "peerUser", userId: 2n } }],
  topics: [],
  chats: [{ _: "chatEmpty", id: 3n }],
  users: [1n, 2n, 3n, 4n].map((id) => ({ _: "user", id, username: "somebody" })),
};

function bytesOf(write: (writer: TlWriter) => void): Uint8Array {
  const writer = new TlWriter();
  write(writer);
  return writer.finish();
}

function refused(bytes: Uint8Array, path: string, expected: string, type?: string): void {
  const error = assertThrows(() => apiSchema().decode(bytes, type), TlError);
  assertEquals(error.path, path);
  assert(error.message.startsWith(`Cannot decode "${path}": `), error.message);
  assert(error.message.includes(expected), `${error.message} does not say "${expected}"`);
}

Deno.test("Schema.decode() names the field at which the bytes end too early", () => {
  const bytes = apiSchema().encode(MESSAGES);
  refused(
    bytes.subarray(0, -4),
    "messages.messages.users[3].username",
    "8 bytes left, expected 12",
  );
});

Deno.test("Schema.decode() throws a TlError with a path for an object cut anywhere", () => {
  const schema = apiSchema();
  const bytes = schema.encode(MESSAGES);
  for (let length = 0; length < bytes.length; length++) {
    const error = assertThrows(() => schema.decode(bytes.subarray(0, length)), TlError);
    assert(error.path.startsWith(length < 4 ? "Object" : "messages.messages."), error.message);
  }
});

Deno.test("Schema.decode() throws a TlError for any constructor cut anywhere", () => {
  const schema = apiSchema();
  const random = new RandomObjects(5);
  for (const entry of API_ENTRIES) {
    const bytes = schema.encode(random.object(entry, "all", 2).ours);
    const step = Math.max(1, bytes.length >> runs(1, 5));
    for (let length = 0; length < bytes.length; length += step) {
      assertThrows(() => schema.decode(bytes.subarray(0, length)), TlError);
    }
  }
});

const ROUNDS = runs(100, 3_000);

Deno.test("Schema.decode() returns a value or throws a TlError for randomly changed bytes", () => {
  const schema = apiSchema();
  const random = new RandomObjects(6);
  let refusals = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const entry = API_ENTRIES[round % API_ENTRIES.length];
    const bytes = schema.encode(random.object(entry, "some").ours);
    for (let i = 1 + round % 3; i > 0; i--) {
      bytes[(round * 7919 + i * 104729) % bytes.length] ^= 1 << round % 8;
    }
    try {
      schema.decode(bytes);
    } catch (error) {
      assert(error instanceof TlError, String(error));
      refusals++;
    }
  }
  assert(refusals > ROUNDS / 3);
});

Deno.test("Schema.decode() refuses bytes after the value, except with allowTrailing", () => {
  const bytes = Uint8Array.of(...apiSchema().encode({ _: "inputPeerSelf" }), 0, 0, 0, 0);
  refused(bytes, "inputPeerSelf", "4 bytes after the value, expected 0");
  const options = { allowTrailing: true };
  assertEquals(apiSchema().decode(bytes, undefined, options), { _: "inputPeerSelf" });
  const reader = new TlReader(bytes);
  apiSchema().read(reader);
  assertEquals(reader.remaining, 4);
});

Deno.test("Schema.decode() refuses unknown ids, and those of another type", () => {
  const unknown = bytesOf((writer) => writer.uint32(0xdeadbeef));
  refused(unknown, "Object", "id deadbeef, expected a constructor of the schema");
  refused(unknown, "User", "id deadbeef, expected a constructor of User", "User");
  const peer = apiSchema().encode({ _: "inputPeerSelf" });
  refused(
    peer,
    "inputPeerSelf",
    '"inputPeerSelf" (id 7da07ec9), expected a constructor of User',
    "User",
  );
  const method = apiSchema().encode({ _: "help.getConfig" });
  refused(method, "help.getConfig", "expected a constructor of Config", "Config");
});

Deno.test("Schema.decode() refuses a vector that is longer than the bytes left", () => {
  for (const count of [3, 1000, 2 ** 31, 2 ** 32 - 1]) {
    const bytes = bytesOf((writer) => {
      writer.uint32(0x1cb5c415);
      writer.uint32(count);
      writer.int64(0n);
    });
    for (
      const type of ["Vector<int>", "Vector<User>", "Vector<string>", "Vector<Bool>", "Object"]
    ) {
      const error = assertThrows(() => apiSchema().decode(bytes, type), TlError);
      assert(error.message.includes(`a vector of ${count} elements in 8 bytes`), error.message);
    }
  }
});

Deno.test("Schema.decode() limits a vector of elements without a size by the bytes left", () => {
  const schema = Schema.parse("nothing#1 = Nothing\nmany#2 all:vector<nothing> = Many");
  const bytes = bytesOf((writer) => {
    writer.uint32(2);
    writer.uint32(2 ** 32 - 1);
  });
  assertThrows(() => schema.decode(bytes), TlError, "many.all");
});

Deno.test("Schema.decode() refuses other ids in the place of a vector or a Bool", () => {
  const id = (value: number): Uint8Array => bytesOf((writer) => writer.uint32(value));
  refused(id(0x1cb5c416), "Vector<int>", "expected a vector", "Vector<int>");
  refused(id(0x997275b6), "Bool", "id 997275b6, expected a Bool", "Bool");
  refused(id(1), "Bool", "id 00000001, expected a Bool", "Bool");
});

Deno.test("Schema.decode() refuses objects and vectors that are nested too deeply", () => {
  const wrapper = apiSchema().encode({ _: "invokeWithoutUpdates", query: new Uint8Array(0) });
  const objects = bytesOf((writer) => {
    for (let i = 0; i < 100_000; i++) writer.raw(wrapper);
  });
  const vectors = bytesOf((writer) => {
    for (let i = 0; i < 100_000; i++) {
      writer.uint32(0x1cb5c415);
      writer.uint32(1);
    }
  });
  const texts = bytesOf((writer) => {
    for (let i = 0; i < 100_000; i++) writer.uint32(0x6724abc4); // textBold
  });
  for (const bytes of [objects, vectors, texts]) {
    assertThrows(
      () => apiSchema().decode(bytes),
      TlError,
      "nested too deeply, expected at most 128 levels",
    );
  }
});

Deno.test("Schema.decode() reads formatted text nested as deeply as in an article", () => {
  let text: TlObject = { _: "textPlain", text: "x" };
  for (let i = 0; i < 100; i++) text = { _: "textBold", text };
  assertEquals(apiSchema().decode(apiSchema().encode(text)), text);
});

Deno.test("Schema.decode() ignores flag bits without a field in this layer", () => {
  const bytes = apiSchema().encode({ _: "codeSettings" });
  new DataView(bytes.buffer).setUint32(4, 1 << 31 >>> 0, true);
  assertEquals(apiSchema().decode(bytes), { _: "codeSettings" });
});

Deno.test("Schema.decode() refuses flags with a field that the bytes do not have", () => {
  const bytes = apiSchema().encode({ _: "codeSettings" });
  new DataView(bytes.buffer).setUint32(4, 1 << 8, true);
  refused(bytes, "codeSettings.token", "0 bytes left, expected 4");
});

Deno.test("Schema.decode() takes a Buffer, whose slice() copies nothing, and copies bytes", () => {
  const part = { _: "upload.saveFilePart", fileId: 1n, filePart: 0, bytes: new Uint8Array(20) };
  const bytes = Buffer.from(apiSchema().encode(part));
  const decoded = apiSchema().decode(bytes) as TlObject & { bytes: Uint8Array };
  bytes.fill(1);
  assertEquals(decoded.bytes, new Uint8Array(20));
  assertEquals(decoded.bytes.constructor, Uint8Array);
});

Deno.test("Schema.decode() refuses what is no Uint8Array", () => {
  const buffer: unknown = new ArrayBuffer(8);
  assertThrows(() => apiSchema().decode(buffer as Uint8Array), TypeError);
});
