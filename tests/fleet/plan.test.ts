/** Who runs which session of examples/fleet. */
import { type Member, planFor } from "../../examples/fleet/plan.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

function member(id: string, about: Partial<Member> = {}): Member {
  return { id, held: [], waiting: [], failed: [], isDraining: false, isCutOff: false, ...about };
}

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `s${index}`);
}

/** Plans for all members again and again, and carries it out, until nothing changes. */
function settle(names: readonly string[], members: readonly Member[]): Member[] {
  let now = [...members];
  for (let round = 0; round < 10; round++) {
    now = now.map((self) => {
      const { take, stop } = planFor(self, names, now);
      const held = [...self.held, ...self.waiting].filter((name) => !stop.includes(name));
      return { ...self, held, waiting: [...take] };
    });
  }
  return now;
}

Deno.test("The plans of all processes take each session once, and evenly", () => {
  for (const [sessions, processes] of [[100, 3], [7, 7], [3, 7], [1, 1], [0, 2], [1000, 16]]) {
    const names = namesOf(sessions);
    const members = Array.from({ length: processes }, (_, index) => member(`p${index}`));
    const taken = members.map((self) => planFor(self, names, members).take);
    assertEquals(taken.flat().sort(), [...names].sort());
    const counts = taken.map(({ length }) => length);
    assert(Math.max(...counts) - Math.min(...counts) <= 1, String(counts));
  }
});

Deno.test("A process that comes gets its share from the others, and nothing else moves", () => {
  const names = namesOf(99);
  const before = settle(names, ["a", "b"].map((id) => member(id)));
  const after = settle(names, [...before, member("c")]);
  assertEquals(after.map(({ held }) => held.length), [33, 33, 33]);
  for (const [index, { held }] of after.slice(0, 2).entries()) {
    assertEquals(held, before[index].held.slice(0, 33));
  }
});

Deno.test("The sessions of a process that is gone, or drains, are divided", () => {
  const names = namesOf(90);
  const [a, b, c] = settle(names, ["a", "b", "c"].map((id) => member(id)));
  assertEquals(settle(names, [a, b]).map(({ held }) => held.length), [45, 45]);
  const drained = settle(names, [a, b, { ...c, isDraining: true }]);
  assertEquals(drained.map(({ held }) => held.length), [45, 45, 0]);
});

Deno.test("The sessions of a process that is cut off from Telegram go to the others", () => {
  const names = namesOf(90);
  const [a, b, c] = settle(names, ["a", "b", "c"].map((id) => member(id)));
  const cut = settle(names, [a, b, { ...c, isCutOff: true }]);
  assertEquals(cut.map(({ held }) => held.length), [45, 45, 0]);
  const back = settle(names, cut.map((one) => ({ ...one, isCutOff: false })));
  assertEquals(back.map(({ held }) => held.length), [30, 30, 30]);
});

Deno.test("If Telegram answers no process, each keeps what it holds, and takes nothing", () => {
  const names = namesOf(91);
  const before = settle(namesOf(90), ["a", "b", "c"].map((id) => member(id)));
  const after = settle(names, before.map((one) => ({ ...one, isCutOff: true })));
  assertEquals(after.map(({ held }) => held), before.map(({ held }) => held));
});

Deno.test("A process keeps what it holds, and waits for nothing that another one holds", () => {
  const names = namesOf(4);
  const self = member("a", { held: ["s0"], waiting: ["s1"] });
  const other = member("b", { held: ["s0", "s1"] });
  assertEquals(planFor(self, names, [self, other]).stop, ["s1"]);
});

Deno.test("A session that has failed in one process goes to another", () => {
  const names = namesOf(4);
  const [a, b] = [member("a", { failed: names }), member("b", { failed: ["s3"] })];
  assertEquals(planFor(a, names, [a, b]).take, []);
  assertEquals(planFor(b, names, [a, b]).take, ["s0", "s1"]);
});

Deno.test("A session that was removed from the store is stopped", () => {
  const self = member("a", { held: ["s0", "gone"] });
  assertEquals(planFor(self, ["s0"], [self]), { share: 1, take: [], stop: ["gone"] });
});
