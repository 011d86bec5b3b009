import { assert, assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { DEFAULT_RATES, type FaultPlan, FAULTS, planFault } from "./fault_plan.ts";

function plans(seed: number, count: number): FaultPlan[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => planFault(random));
}

Deno.test("planFault() plans the same for the same random bytes", () => {
  const told = (seed: number) =>
    plans(seed, 50).map(({ fault, direction, afterBytes, stall }) => [
      fault,
      direction,
      afterBytes,
      stall,
    ]);
  assertEquals(told(7), told(7));
});

Deno.test("planFault() chooses each fault about as often as its rate", () => {
  const all = plans(1, 5000);
  const sum = FAULTS.reduce((total, fault) => total + DEFAULT_RATES[fault], 0);
  for (const fault of FAULTS) {
    const expected = 5000 * DEFAULT_RATES[fault] / sum;
    const count = all.filter((plan) => plan.fault === fault).length;
    assert(Math.abs(count - expected) < expected / 3, `${fault}: ${count}, not ${expected}`);
  }
});

Deno.test("planFault() delays the chunks of some connections by up to 300 ms", () => {
  const delays = plans(3, 200).map(({ delay }) => delay());
  assert(delays.includes(0));
  assert(delays.some((ms) => ms > 200));
  assert(delays.every((ms) => ms >= 0 && ms <= 300));
});
