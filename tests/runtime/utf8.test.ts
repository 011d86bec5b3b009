import { engineLimits, nativeUtf8Decoder } from "../../src/runtime/engine/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";

Deno.test("nativeUtf8Decoder() returns the text of a TextDecoder, for malformed bytes too", () => {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const decode = nativeUtf8Decoder();
  assert(decode !== undefined);
  const edges = [
    0,
    0x41,
    0x7f,
    0x80,
    0xbf,
    0xc0,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xff,
  ];
  let state = 1;
  const below = (limit: number): number => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return (state >>> 8) % limit;
  };
  const whole = new TextEncoder().encode("\ufeffaé語🔑z");
  for (let round = 0; round < runs(5_000, 300_000); round++) {
    const bytes = Uint8Array.from(
      { length: below(24) },
      () => below(3) === 0 ? below(256) : below(2) === 0 ? edges[below(14)] : 0x80 + below(64),
    );
    if (below(3) === 0) bytes.set(whole.subarray(below(whole.length)).subarray(0, bytes.length));
    const start = below(bytes.length + 1);
    const end = start + below(bytes.length - start + 1);
    assertEquals(
      decode(bytes, start, end),
      decoder.decode(bytes.subarray(start, end)),
    );
  }
});

Deno.test("engineLimits() are at most those that the decoder is made for", () => {
  const { shortText, smallArray } = engineLimits();
  assert(shortText <= 16 && smallArray <= 256);
});
