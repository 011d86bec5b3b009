/**
 * Our codec against another one: the readers and writers that mtcute generates from a schema.
 */

import {
  TlBinaryReader,
  TlBinaryWriter,
  type TlReaderMap,
  type TlWriterMap,
} from "@mtcute/tl-runtime";
import type { Schema } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import type { Entry } from "../helpers/mtcute_schema.ts";
import { comparable, type Flags, type RandomObjects } from "./random_object.ts";

/** Every definition with all of its conditional fields, with none, and with some. */
const CASES = (["all", "none", "some", "some"] satisfies Flags[]).slice(0, runs(2, 4));

/** mtcute's writer fails on the bare vector in it; its reader works. No client sends it. */
const UNWRITABLE = "mt_future_salts";

/** Two codecs of a schema. */
export interface Comparison {
  readonly schema: Schema;
  /** mtcute's readers; it has none for the methods of the API, which only a server receives. */
  readonly readers: TlReaderMap;
  readonly writers: TlWriterMap;
  readonly random: RandomObjects;
}

/** Asserts that both codecs encode and decode these definitions alike. */
export function compare(
  { schema, readers, writers, random }: Comparison,
  entries: readonly Entry[],
): void {
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
      if (!(entry.id >>> 0 in readers)) continue;
      const read: unknown = TlBinaryReader.deserializeObject(readers, bytes);
      assertEquals(comparable(read), comparable(theirs), `${entry.name} is read as something else`);
    }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
