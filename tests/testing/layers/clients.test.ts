/**
 * The answers of the offline API, read by the codecs of other clients in their own layers, and
 * their requests, read by ours: GramJS (198), teleproto (214), @mtproto/core (158), mtcute (227 and
 * 228), unmodified from npm.
 */
import { Buffer } from "node:buffer";
import { __tlReaderMap as olderReaders } from "@mtcute/core/utils.js";
import { TlBinaryReader, type TlReaderMap } from "@mtcute/tl-runtime";
import MtprotoCoreReader from "@mtproto/core/src/tl/deserializer/index.js";
import { BinaryReader as GramJsReader } from "telegram/extensions/BinaryReader.js";
import { Api as GramJs } from "telegram/tl/api.js";
import { BinaryReader as TeleprotoReader } from "teleproto/extensions/BinaryReader.js";
import {
  anyLayerSchema,
  canRead,
  fitAnswer,
  layerSchema,
  NEWEST_LAYER,
  OLDEST_LAYER,
} from "../../../src/testing/layers/mod.ts";
import { type TlObject, TlReader } from "../../../src/tl/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { readers } from "../../helpers/mtcute_schema.ts";
import { everyAnswer } from "./every_answer.ts";
import { runs } from "../../helpers/long.ts";

/**
 * Returns a value of any codec in one form: without absent fields, all integers as signed bigints,
 * bytes as hex.
 */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (Number.isInteger(value)) return BigInt(value as number);
  if (typeof value !== "object" || value === null) return value;
  if (isLong(value)) return BigInt.asIntN(64, BigInt(value.toString()));
  const fields = Object.entries(value).filter(([name, field]) =>
    field !== undefined && field !== null && field !== false && !/^flags2?$/.test(name)
  );
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]).sort());
}

/** The number types of the clients: big-integer of GramJS, long of mtcute. */
function isLong(value: object): boolean {
  return "isNegative" in value && "toString" in value;
}

/** Objects of GramJS have their names in `className`, and their fields in `originalArgs`. */
function fromGramJs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromGramJs);
  if (typeof value !== "object" || value === null || !("originalArgs" in value)) return value;
  const { className, originalArgs } = value as { className: string; originalArgs: object };
  const name = className.replace(/[A-Z]/, (first) => first.toLowerCase());
  const fields = Object.entries(originalArgs).map(([field, one]) => [
    field.replace("_", ""), // srp_B
    fromGramJs(one),
  ]);
  return { _: name, ...Object.fromEntries(fields) };
}

/** Returns one of our values with the field names and numbers of @mtproto/core. */
function toMtprotoCore(value: unknown): unknown {
  if (typeof value === "bigint") return BigInt.asUintN(64, value).toString();
  if (Array.isArray(value)) return value.map(toMtprotoCore);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const fields = Object.entries(value).map(([name, field]) => [
    name === "srpB" ? "srp_B" : snake(name),
    toMtprotoCore(field),
  ]);
  return Object.fromEntries(fields);
}

function readWithMtcute(map: TlReaderMap, bytes: Uint8Array): unknown {
  const reader = new TlBinaryReader(map, bytes);
  if (reader.uint() === 0x1cb5c415) return reader.vector(undefined, true);
  reader.seek(-4);
  return reader.object();
}

interface Client {
  readonly name: string;
  readonly layer: number;
  /** Returns a value as the client reads it. */
  read(bytes: Uint8Array): unknown;
  /** Returns one of our values in the form of the client. */
  ours(value: unknown): unknown;
}

const CLIENTS: readonly Client[] = [
  {
    name: "GramJS",
    layer: 198,
    read: (bytes) => fromGramJs(new GramJsReader(Buffer.from(bytes)).tgReadObject()),
    ours: (value) => value,
  },
  {
    name: "teleproto",
    layer: 214,
    read: (bytes) => fromGramJs(new TeleprotoReader(Buffer.from(bytes)).tgReadObject()),
    ours: (value) => value,
  },
  {
    name: "@mtproto/core",
    layer: 158,
    read: (bytes) => new MtprotoCoreReader(bytes.slice().buffer).predicate(),
    ours: toMtprotoCore,
  },
  {
    name: "mtcute",
    layer: 227,
    read: (bytes) => readWithMtcute(olderReaders, bytes),
    ours: (value) => value,
  },
  {
    name: "mtcute",
    layer: 228,
    read: (bytes) => readWithMtcute(readers, bytes),
    ours: (value) => value,
  },
];

/** Yields every answer as a client of a layer gets it. */
function* answersIn(layer: number): Iterable<{ name: string; type: string; value: unknown }> {
  for (const { method, value, since = OLDEST_LAYER } of answers) {
    if (layer < since) continue;
    if (method === undefined && !canRead(value as TlObject, layer)) continue;
    const type = method === undefined ? "Updates" : layerSchema(layer).resultType(method);
    yield { name: `${method ?? "pushed"} in layer ${layer}`, type, value: fitAnswer(value, layer) };
  }
}

const answers = await everyAnswer();

for (const client of CLIENTS) {
  Deno.test(`${client.name} reads every answer in layer ${client.layer} with our values`, () => {
    const schema = layerSchema(client.layer);
    for (const { name, type, value } of answersIn(client.layer)) {
      const bytes = schema.encode(value, type);
      const meant = plain(client.ours(schema.decode(bytes, type)));
      assertEquals(plain(client.read(bytes)), meant, name);
    }
  });
}

const { layers }: { layers: Record<string, Record<string, string>> } = JSON.parse(
  await Deno.readTextFile(new URL("../../vectors/layer_ids.json", import.meta.url)),
);

for (const [layer, ids] of Object.entries(layers)) {
  Deno.test(`every answer in layer ${layer} consists of constructors of Telethon`, () => {
    for (const { value } of answersIn(Number(layer))) {
      for (const object of objectsIn(value)) {
        const id = new TlReader(layerSchema(Number(layer)).encode(object)).uint32();
        assertEquals(id.toString(16).padStart(8, "0"), ids[object._], object._);
      }
    }
  });
}

function* objectsIn(value: unknown): Iterable<TlObject> {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  if ("_" in value) yield value as TlObject;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

Deno.test("every answer can be encoded in every layer, and decodes to the same values", () => {
  for (let layer = OLDEST_LAYER; layer <= NEWEST_LAYER; layer += runs(16, 1)) {
    const schema = layerSchema(layer);
    for (const { name, type, value } of answersIn(layer)) {
      assertWithin(schema.decode(schema.encode(value, type), type), value, name);
    }
  }
});

/** Asserts that all decoded values are in the original value. */
function assertWithin(read: unknown, meant: unknown, path: string): void {
  if (typeof read !== "object" || read === null || read instanceof Uint8Array) {
    return assertEquals(read, meant, path);
  }
  assert(typeof meant === "object" && meant !== null, path);
  for (const [name, value] of Object.entries(read)) {
    if (value !== undefined) assertWithin(value, (meant as TlObject)[name], `${path}.${name}`);
  }
}

Deno.test("the offline API reads the requests of GramJS", () => {
  const requests = [
    new GramJs.auth.SendCode({
      phoneNumber: "+9996621111",
      apiId: 12345,
      apiHash: "0123",
      settings: new GramJs.CodeSettings({ allowAppHash: true }),
    }),
    new GramJs.auth.SignIn({ phoneNumber: "+1", phoneCodeHash: "h", phoneCode: "1" }),
    new GramJs.auth.ImportBotAuthorization({ apiId: 1, apiHash: "h", botAuthToken: "t", flags: 0 }),
    new GramJs.help.GetConfig(),
    new GramJs.updates.GetState(),
    new GramJs.users.GetUsers({ id: [new GramJs.InputUserSelf()] }),
    new GramJs.messages.SendMessage({
      peer: new GramJs.InputPeerSelf(),
      message: "Hello!",
      randomId: new GramJsReader(Buffer.from("0102030405060788", "hex")).readLong(),
      replyTo: new GramJs.InputReplyToMessage({ replyToMsgId: 1 }),
      entities: [new GramJs.MessageEntityBlockquote({ offset: 0, length: 1 })],
    }),
  ];
  for (const request of requests) {
    const read = anyLayerSchema().decode(new Uint8Array(request.getBytes()));
    assertEquals(plain(read), plain(fromGramJs(request)));
  }
});
