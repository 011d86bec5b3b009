/**
 * The generated decoders against the plans of the same constructors: the same objects, with their
 * fields in the same order, and the same errors.
 */

import { useGeneratedDecoders } from "../../src/tl/decoders/mod.ts";
import { DECODERS } from "../../src/tl/generated/decoders.ts";
import { apiSchema, type Schema, TlError, type TlObject, toJson } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { API_ENTRIES, type Entry, readers } from "../helpers/mtcute_schema.ts";
import { TlBinaryReader } from "@mtcute/tl-runtime";
import { comparable, type Flags, RandomObjects } from "./random_object.ts";

useGeneratedDecoders();
const generated = apiSchema();
const byPlan = apiSchema().extend("");

const CONSTRUCTORS = API_ENTRIES.filter(({ kind }) => kind === "class");
const HOT = CONSTRUCTORS.filter(({ id }) => DECODERS.has(id | 0));
const FLAGS: readonly Flags[] = ["all", "none", "some"];

/** What comes out: the value as text, in which the order of fields shows, or the error. */
function outcome(schema: Schema, bytes: Uint8Array, type?: string): string {
  try {
    return toJson(schema.decode(bytes, type));
  } catch (error) {
    assert(error instanceof TlError, String(error));
    return `${error.path}: ${error.message}`;
  }
}

function assertSame(bytes: Uint8Array, what: string, type?: string): void {
  assertEquals(outcome(generated, bytes, type), outcome(byPlan, bytes, type), what);
}

function each(
  seed: number,
  entries: readonly Entry[],
  act: (bytes: Uint8Array, value: TlObject, entry: Entry) => void,
): void {
  const random = new RandomObjects(seed);
  for (const entry of entries) {
    const isHot = DECODERS.has(entry.id | 0);
    for (const flags of isHot ? FLAGS : FLAGS.slice(0, runs(1, 3))) {
      const value = random.object(entry, flags).ours as TlObject;
      act(generated.encode(value), value, entry);
    }
  }
}

Deno.test("the generated decoders are those of constructors of the API's layer", () => {
  assertEquals(HOT.length, DECODERS.size);
  assert(HOT.length >= 67, `${HOT.length} constructors`);
});

Deno.test("a generated decoder reads every constructor as its plan does", () => {
  for (let seed = 1; seed <= runs(1, 10); seed++) {
    each(seed, CONSTRUCTORS, (bytes, value, { name, type }) => {
      const decoded = generated.decode(bytes, type);
      assertEquals(decoded, value, name);
      assertEquals(toJson(decoded), toJson(byPlan.decode(bytes, type)), name);
      assertEquals(generated.encode(decoded), bytes, name);
    });
  }
});

Deno.test("a generated decoder reads its constructor as mtcute's does", () => {
  for (let seed = 11; seed <= runs(11, 40); seed++) {
    const random = new RandomObjects(seed);
    for (const entry of HOT) {
      for (const flags of FLAGS) {
        const { ours, theirs } = random.object(entry, flags);
        const bytes = generated.encode(ours);
        const read: unknown = TlBinaryReader.deserializeObject(readers, bytes);
        assertEquals(comparable(read), comparable(theirs), entry.name);
        assertEquals(generated.decode(bytes), ours, entry.name);
      }
    }
  }
});

Deno.test("a generated decoder refuses cut bytes with the error of the plan", () => {
  each(50, HOT, (bytes, _value, { name, type }) => {
    const step = 4 * Math.max(1, bytes.length >> runs(3, 9));
    for (let length = 0; length < bytes.length; length += step) {
      assertSame(bytes.subarray(0, length), name, type);
      assertSame(bytes.subarray(0, length + 3), name);
    }
  });
});

Deno.test("a generated decoder takes changed bytes as the plan does", () => {
  let state = 60;
  const below = (limit: number): number => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return (state >>> 8) % limit;
  };
  for (let seed = 60; seed < runs(62, 80); seed++) {
    each(seed, seed % 2 === 0 ? HOT : CONSTRUCTORS, (bytes, _value, { name, type }) => {
      for (let change = 1 + below(3); change > 0; change--) {
        if (below(2) === 0) bytes[below(bytes.length)] ^= 1 << below(8);
        else bytes.fill(below(256), below(bytes.length), below(bytes.length));
      }
      assertSame(bytes, name, type);
    });
  }
});

Deno.test("the generated decoders limit nesting and vectors as plans do", () => {
  // A message in a deleted story in a web page is an object with others, as deep as it is said.
  const random = new RandomObjects(70);
  const [message] = HOT.filter(({ name }) => name === "message");
  const bytes = generated.encode(random.object(message, "none").ours);
  const wrapper = generated.encode({ _: "invokeWithoutUpdates", query: new Uint8Array(0) });
  for (const depth of [0, 100, 125, 126, 127, 128, 129, 1000]) {
    const nested = new Uint8Array(depth * 4 + bytes.length);
    for (let i = 0; i < depth; i++) nested.set(wrapper, i * 4);
    nested.set(bytes, depth * 4);
    assertSame(nested, `${depth} levels`);
  }
  const slice = generated.encode({
    _: "messages.messages",
    messages: [],
    topics: [],
    chats: [],
    users: [],
  });
  for (const at of [8, 16, 24, 32]) {
    for (const count of [1, 7, 2 ** 30, 2 ** 32 - 1]) {
      const changed = slice.slice();
      new DataView(changed.buffer).setUint32(at, count, true);
      assertSame(changed, `${count} elements`);
    }
  }
});

Deno.test("a schema that extends the API's reads its own lines, not by a generated decoder", () => {
  const old = apiSchema().extend("// LAYER 100\npeerUser#9db1bc6d user_id:int = Peer");
  const bytes = old.encode({ _: "peerUser", userId: 5 });
  assertEquals(old.decode(bytes), { _: "peerUser", userId: 5 });
  // The bit of a field of type `true` is not in the id: the same id has other fields there.
  const fewer = apiSchema().extend(
    "peerNotifySettings#99622c0c flags:# show_previews:flags.0?Bool = PeerNotifySettings",
  );
  const settings = apiSchema().encode({
    _: "peerNotifySettings",
    showPreviews: true,
    silent: false,
  });
  assertEquals(outcome(fewer, settings).startsWith("peerNotifySettings: "), true);
});
