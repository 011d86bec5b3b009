/** How files are cut: https://core.telegram.org/api/files */
import fc from "fast-check";
import { DOWNLOAD_PART, planDownload } from "../../src/files/transfers/download_plan.ts";
import { planUpload } from "../../src/files/transfers/upload_plan.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";

const KIB = 1024;
const MIB = KIB * KIB;

Deno.test("planUpload() cuts files as Telegram demands it", () => {
  const sizes = [1, 1023, 1024, 32_768, 524_287, 524_288, 524_289, 10_485_760, 10_485_761];
  for (const size of [...sizes, 2_097_152_000]) {
    const { partSize, parts, isBig } = planUpload(size);
    assertEquals(parts, Math.ceil(size / partSize));
    assertEquals(partSize % KIB, 0);
    assertEquals((512 * KIB) % partSize, 0);
    assertEquals(isBig, size > 10 * MIB);
  }
});

Deno.test("planUpload() refuses empty files, and those with too many parts", () => {
  assertThrows(() => planUpload(0), RangeError, "it is empty");
  assertEquals(planUpload(2_097_152_000).parts, 4000);
  assertThrows(() => planUpload(2_097_152_001), RangeError, "expected at most 2000 MiB");
  assertEquals(planUpload(2_097_152_001, 8000).parts, 4001);
  assertThrows(() => planUpload(4_194_304_001, 8000), RangeError, "expected at most 4000 MiB");
  assertThrows(() => planUpload(1.5), RangeError, "a whole number");
});

Deno.test("planDownload() covers each range exactly once, by calls that Telegram takes", () => {
  fc.assert(fc.property(
    fc.nat(5 * MIB),
    fc.integer({ min: 1, max: 3 * MIB }),
    fc.option(fc.nat(4 * MIB), { nil: undefined }),
    (offset, length, more) => {
      const end = offset + length;
      const size = more === undefined ? undefined : end + more;
      let at = offset;
      for (const part of planDownload(offset, end, size)) {
        const step = part.precise ? KIB : 4 * KIB;
        assertEquals([part.offset % step, part.limit % step], [0, 0]);
        assert(part.limit > 0 && part.limit <= MIB);
        assert(part.precise || MIB % part.limit === 0);
        const last = part.offset + part.limit - 1;
        assertEquals(Math.floor(part.offset / MIB), Math.floor(last / MIB));
        assertEquals(part.offset + part.skip, at);
        assert(part.take > 0 && part.skip + part.take <= part.limit);
        at += part.take;
      }
      assertEquals(at, end);
    },
  ));
});

Deno.test("planDownload() reads one byte by one precise call, and never across 1 MiB", () => {
  assertEquals([...planDownload(1, 2)], [
    { offset: 0, limit: 1024, precise: true, skip: 1, take: 1 },
  ]);
  assertEquals([...planDownload(MIB - 1, MIB + 1)], [
    { offset: MIB - 1024, limit: 1024, precise: true, skip: 1023, take: 1 },
    { offset: MIB, limit: 1024, precise: true, skip: 0, take: 1 },
  ]);
});

Deno.test("planDownload() goes on for ever without an end", () => {
  const parts = planDownload(0, undefined);
  for (let n = 0; n < 10; n++) assertEquals(parts.next().value?.offset, n * DOWNLOAD_PART);
});
