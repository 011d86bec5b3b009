/**
 * Our codec against mtcute's, for every definition of the schema: see mtcute_comparison.ts.
 */

import { apiSchema, mtprotoSchema, type Schema } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import {
  API_ENTRIES,
  type Entry,
  MTPROTO_ENTRIES,
  readers,
  writers,
} from "../helpers/mtcute_schema.ts";
import { compare } from "./mtcute_comparison.ts";
import { ownName, RandomObjects } from "./random_object.ts";

function compareAll(schema: Schema, entries: readonly Entry[], seed: number): void {
  compare({ schema, readers, writers, random: new RandomObjects(seed) }, entries);
}

Deno.test("Schema encodes and decodes every constructor of the API as mtcute does", () => {
  const constructors = API_ENTRIES.filter(({ kind }) => kind === "class");
  for (const { id, name } of constructors) assert(id >>> 0 in readers, name);
  compareAll(apiSchema(), constructors, 1);
});

Deno.test("Schema encodes and decodes every method of the API as mtcute does", () => {
  compareAll(apiSchema(), API_ENTRIES.filter(({ kind }) => kind === "method"), 2);
});

Deno.test("Schema encodes and decodes mtcute's service messages as mtcute does", () => {
  for (const { id, name } of MTPROTO_ENTRIES) assert(id >>> 0 in readers, name);
  for (let seed = 3; seed < 23; seed++) compareAll(mtprotoSchema(), MTPROTO_ENTRIES, seed);
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
