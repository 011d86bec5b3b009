/** The lists of msg_ids, each against plain arrays of bigints, or a Set. */
import { placeOf, RecentIds, sortedIds, TypedList } from "../../src/mtproto/id_lists.ts";
import { assertEquals } from "../helpers/assert.ts";

function randomIds(seed: number): (limit: number) => bigint {
  let state = seed;
  const next = (): number => (state = Math.imul(state, 1664525) + 1013904223 | 0) >>> 0;
  // Few high halves and low halves, so that ids share one of them, and the highest of all.
  const highs = [0n, 1n, 0x6543_2100n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn];
  return (limit) => highs[(next() >>> 8) % 6] << 32n | BigInt(0xffff_ffff - (next() >>> 8) % limit);
}

Deno.test("sortedIds() and TypedList hold what sorted arrays hold", () => {
  const random = randomIds(1);
  const [ids, numbers] = [sortedIds(), new TypedList((length) => new Int32Array(length))];
  const [plain, plainNumbers]: [bigint[], number[]] = [[], []];
  for (let round = 0; round < 2000; round++) {
    const id = random(300);
    const found = plain.findIndex((other) => other >= id);
    const place = found < 0 ? plain.length : found;
    assertEquals(placeOf(ids, id), place);
    ids.insert(place, id);
    numbers.insert(place, round - 1000);
    plain.splice(place, 0, id);
    plainNumbers.splice(place, 0, round - 1000);
    if (round % 199 === 198) {
      const half = plain.length >> 1;
      ids.removeFirst(half);
      numbers.removeFirst(half);
      plain.splice(0, half);
      plainNumbers.splice(0, half);
    }
    if (round === 1500) {
      ids.clear();
      numbers.clear();
      plain.length = plainNumbers.length = 0;
    }
    assertEquals(ids.length, plain.length);
    const index = round % (plain.length + 1);
    assertEquals([ids.at(index), numbers.at(index)], [plain[index], plainNumbers[index]]);
    assertEquals(numbers.at(index - 1), plainNumbers[index - 1]);
  }
  assertEquals(plain.map((_, index) => ids.at(index)), plain);
  assertEquals(plainNumbers.map((_, index) => numbers.at(index)), plainNumbers);
});

Deno.test("RecentIds holds the ids that a Set holds which forgets its oldest", () => {
  for (const limit of [1, 2, 17, 100]) {
    const random = randomIds(limit);
    const recent = new RecentIds(limit);
    const plain = new Set<bigint>();
    for (let round = 0; round < 2000; round++) {
      const id = random(60);
      recent.add(id);
      plain.add(id);
      for (const oldest of plain) if (plain.size > limit) plain.delete(oldest);
      if (round === 999) {
        recent.clear();
        plain.clear();
      }
      const other = random(60);
      assertEquals(recent.has(other), plain.has(other));
      assertEquals(recent.has(id), plain.has(id));
    }
  }
});
