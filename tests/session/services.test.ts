/**
 * Tests real servers of Redis and PostgreSQL. `.ci/services` starts them and prints their variables
 * (`deno task test:services`). With TESSERA_SERVICES they must be there.
 */

import { assertThrows } from "../helpers/assert.ts";
import { postgresStore } from "../../src/session/stores/mod.ts";
import { testStore } from "../helpers/store_conformance.ts";
import { openStore } from "../helpers/session_kinds.ts";
import { testLease } from "./lease_rules.ts";
import { readElsewhere } from "./read_elsewhere.ts";

for (
  const [name, kind, variable] of [
    ["the Redis store through redis", "redis", "REDIS_URL"],
    ["the Redis store through ioredis", "ioredis", "REDIS_URL"],
    ["the PostgreSQL store through pg", "pg", "POSTGRES_URL"],
    ["the PostgreSQL store through postgres", "postgres", "POSTGRES_URL"],
  ] as const
) {
  const at = Deno.env.get(variable);
  if (at !== undefined) {
    testStore({
      name: name.replace("the", "The"),
      open: () => openStore(kind, at),
      readElsewhere: (session) => readElsewhere(kind, at, session),
      canSwap: true,
      canList: true,
    });
    testLease(`A lease in ${name}`, kind, () => `${at}#${crypto.randomUUID()}`);
  } else if (Deno.env.get("TESSERA_SERVICES") === "true") {
    Deno.test(`${name} is tested where TESSERA_SERVICES asks for it`, () => {
      throw new Error(`There is no ${variable}: run eval "$(.ci/services)" before`);
    });
  }
}

Deno.test("postgresStore() refuses a name of a table that would have to be quoted", () => {
  const client = { query: () => Promise.resolve({ rows: [] }) };
  for (const table of ["a b", "x; DROP TABLE y", 'a"b', "A", ""]) {
    assertThrows(() => postgresStore(client, table), TypeError, "expected lower-case letters");
  }
});
