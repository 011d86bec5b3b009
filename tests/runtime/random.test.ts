/** Random bytes from a pool. See tests/net/system.test.ts for many bytes at once. */
import process from "node:process";
import { systemRandom } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";

const { getRandomValues } = crypto;

/**
 * Runs work with a generator that counts: each byte of a fill is another number, as far as a byte
 * goes. Returns the views that it filled.
 */
function withCounter(work: () => void): Uint8Array[] {
  const filled: Uint8Array[] = [];
  let next = 0;
  crypto.getRandomValues = <T extends ArrayBufferView | null>(view: T): T => {
    if (view instanceof Uint8Array) {
      filled.push(view);
      for (let i = 0; i < view.length; i += 2) {
        view[i] = 1 + next % 251;
        view[i + 1] = 1 + Math.floor(next++ / 251) % 251;
      }
    }
    return view;
  };
  try {
    while (filled.length === 0) systemRandom(1);
    emptyPool();
    filled.length = 0;
    work();
  } finally {
    crypto.getRandomValues = getRandomValues;
    emptyPool();
  }
  return filled;
}

/** Takes all bytes of a pool, or all but the first of one that is new. */
function emptyPool(): void {
  for (let i = 1; i < 4096; i++) systemRandom(1);
}

function pairs(bytes: Uint8Array): string[] {
  return Array.from({ length: bytes.length / 2 }, (_, i) => `${bytes[2 * i]} ${bytes[2 * i + 1]}`);
}

Deno.test("systemRandom() never returns the same bytes of the generator twice", () => {
  const seen = new Set<string>();
  let count = 0;
  withCounter(() => {
    for (let i = 0; i < 1000; i++) {
      const bytes = systemRandom(2 * (i % 65));
      assertEquals(bytes.length, 2 * (i % 65));
      for (const pair of pairs(bytes)) seen.add(pair);
      count += bytes.length / 2;
    }
  });
  assertEquals(seen.size, count);
  assert(![...seen].some((pair) => pair.split(" ").includes("0")), "no byte of the wiped part");
});

Deno.test("systemRandom() wipes the bytes that it takes from the pool, and keeps no copy", () => {
  const results: Uint8Array[] = [];
  const [pool, ...others] = withCounter(() => {
    for (let i = 0; i < 10; i++) results.push(systemRandom(100));
  });
  assertEquals([pool.length, others.length], [4096, 0]);
  for (const result of results) assert(result.buffer !== pool.buffer);
  // The helper has emptied the pool since.
  assert(pool.subarray(0, 1000).every((byte) => byte === 0));
});

Deno.test("systemRandom() takes keys from the generator, not from the pool", () => {
  const filled = withCounter(() => {
    systemRandom(256);
    systemRandom(129);
  });
  assertEquals(filled.map(({ length }) => length), [256, 129]);
});

Deno.test("systemRandom() refuses a length that is none, and the pool stays in order", () => {
  for (const length of [-1, -129, 2 ** 53]) assertThrows(() => systemRandom(length), RangeError);
  assertEquals(systemRandom(1.5).length, 1);
  assertEquals(systemRandom(NaN).length, 0);
  assert(systemRandom(64).some((byte) => byte !== 0));
});

Deno.test("systemRandom() has no pool while Node writes a snapshot of its memory", () => {
  const v8 = process.getBuiltinModule("node:v8");
  const { startupSnapshot } = v8;
  try {
    Object.assign(v8, { startupSnapshot: { isBuildingSnapshot: () => true } });
    const filled = withCounter(() => {
      systemRandom(16);
      systemRandom(16);
    });
    assertEquals(filled.length, 2);
  } finally {
    Object.assign(v8, { startupSnapshot });
  }
});

Deno.test("systemRandom() passes the error of a generator on, and works again after it", () => {
  withCounter(() => {
    const counting = crypto.getRandomValues;
    crypto.getRandomValues = () => {
      throw new Error("not at global scope");
    };
    assertThrows(() => systemRandom(8), Error, "not at global scope");
    crypto.getRandomValues = counting;
    assert(systemRandom(8).every((byte) => byte !== 0));
  });
});

Deno.test("Loading the library asks for no random bytes: edge runtimes forbid it", async () => {
  const entry = new URL("../../mod.ts", import.meta.url).href;
  const script = `
    crypto.getRandomValues = () => { throw new Error("too early"); };
    await import("${entry}");
    console.log("loaded");
  `;
  const command = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-check", script] });
  const { stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).trim();
  assertEquals(text(stdout), "loaded", text(stderr));
});
