/**
 * Our codec against another one: the readers and writers that @mtcute/core generates from the same
 * schema. Every definition, with all of its conditional fields, with none, and with some.
 */

import { __tlReaderMap as readers, __tlWriterMap as writers } from "@mtcute/core/utils.js";
import { TlBinaryReader, TlBinaryWriter } from "@mtcute/tl-runtime";
import { apiSchema, mtprotoSchema, type Schema } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import {
  API_ENTRIES,
  comparable,
  type Entry,
  type Flags,
  MTPROTO_ENTRIES,
  ownName,
  RandomObjects,
} from "./random_object.ts";
import { runs } from "../helpers/long.ts";

const CASES = (["all", "none", "some", "some"] satisfies Flags[]).slice(0, runs(3, 4));

/** mtcute's writer fails on the bare vector in it; its reader works. No client sends it. */
const UNWRITABLE = "mt_future_salts";

function compare(schema: Schema, entries: readonly Entry[], seed: number): void {
  const random = new RandomObjects(seed);
  for (const entry of entries) {
    for (const flags of CASES) {
      const { ours, theirs } = random.object(entry, flags);
      const bytes = schema.encode(ours);
      if (entry.name !== UNWRITABLE) {
        assert(
          sameBytes(bytes, TlBinaryWriter.serializeObject(writers, theirs as { _: string })),
          `${entry.name} is encoded to other bytes`,
        );
      }
      assertEquals(schema.decode(bytes), ours, `${entry.name} is not decoded to the same`);
      // mtcute has no readers for the API's methods, which only a server receives.
      if (entry.kind === "method" && schema === apiSchema()) continue;
      const read: unknown = TlBinaryReader.deserializeObject(readers, bytes);
      assertEquals(comparable(read), comparable(theirs), `${entry.name} is read as something else`);
    }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

Deno.test("Schema encodes and decodes every constructor of the API as mtcute does", () => {
  compare(apiSchema(), API_ENTRIES.filter(({ kind }) => kind === "class"), 1);
});

Deno.test("Schema encodes and decodes every method of the API as mtcute does", () => {
  compare(apiSchema(), API_ENTRIES.filter(({ kind }) => kind === "method"), 2);
});

Deno.test("Schema encodes and decodes mtcute's service messages as mtcute does", () => {
  for (let seed = 3; seed < 23; seed++) compare(mtprotoSchema(), MTPROTO_ENTRIES, seed);
});

Deno.test("Schema encodes and decodes a result of every method", () => {
  const schema = apiSchema();
  const random = new RandomObjects(4);
  for (const method of API_ENTRIES.filter(({ kind, type }) => kind === "method" && type !== "X")) {
    const { ours } = random.result(method);
    const type = schema.resultType(method.name);
    assertEquals(schema.decode(schema.encode(ours, type), type), ours, method.name);
  }
});

Deno.test("The schemas have mtcute's names and ids, and some service messages", () => {
  const names = (schema: Schema): string[] => [...schema.names()].sort();
  assertEquals(names(apiSchema()), API_ENTRIES.map(({ name }) => name).sort());
  for (const { name, id } of API_ENTRIES) assertEquals(apiSchema().nameOf(id >>> 0), name);
  for (const { name, id } of MTPROTO_ENTRIES) {
    assertEquals(mtprotoSchema().nameOf(id >>> 0), ownName(name));
  }
  const others = new Set(names(mtprotoSchema()));
  for (const { name } of MTPROTO_ENTRIES) others.delete(ownName(name));
  assertEquals([...others], [
    "gzip_packed",
    "message",
    "msg_container",
    "msg_copy",
    "p_q_inner_data",
    "p_q_inner_data_temp",
    "req_pq",
    "rpc_result",
    "server_DH_params_fail",
  ]);
});
