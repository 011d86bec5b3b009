/**
 * Client and server sessions under random calls, lost connections, expired salts, lost sessions and
 * wrong clocks: every call gets exactly one answer, calls that name another are carried out after
 * it, and both sides become silent.
 */
import fc from "fast-check";
import type { ClientEvent } from "../../src/mtproto/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { Simulation } from "./simulation.ts";

const SEED = 20240208;

type Step =
  | {
    readonly do: "call" | "next" | "flush" | "serve" | "take" | "reconnect" | "expire" | "forget";
  }
  | { readonly do: "ping" | "drop" | "burst" | "updates" }
  | { readonly do: "wait" | "sleep"; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: "call" }) },
  { weight: 4, arbitrary: fc.constant<Step>({ do: "next" }) },
  { weight: 6, arbitrary: fc.constant<Step>({ do: "flush" }) },
  { weight: 8, arbitrary: fc.constant<Step>({ do: "serve" }) },
  { weight: 8, arbitrary: fc.constant<Step>({ do: "take" }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: "reconnect" }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "expire" }, { do: "ping" }, { do: "drop" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "forget" }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("wait" as const, "sleep" as const),
      seconds: fc.integer({ min: 0, max: 7200 }),
    }),
  },
);

/** Steps with hundreds of packets in flight. */
const masses: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: step },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: "burst" }, { do: "updates" }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: "expire" }, { do: "reconnect" }) },
);

interface Outcome {
  readonly simulation: Simulation;
  readonly calls: readonly number[];
  /** For a call that names another: the other one. */
  readonly after: ReadonlyMap<number, number>;
  readonly dropped: ReadonlySet<number>;
  readonly sessionId: bigint;
}

function run(steps: readonly Step[]): Outcome {
  const simulation = new Simulation();
  const { client } = simulation;
  const { sessionId } = client;
  const calls: number[] = [];
  const after = new Map<number, number>();
  const dropped = new Set<number>();
  for (const step of steps) {
    switch (step.do) {
      case "call":
        calls.push(simulation.call());
        break;
      case "next": {
        const last = calls.at(-1);
        const call = simulation.call(12, last);
        if (last !== undefined) after.set(call, last);
        calls.push(call);
        break;
      }
      case "flush":
        simulation.flush();
        break;
      case "serve":
        simulation.serve();
        break;
      case "take":
        simulation.take();
        break;
      case "reconnect":
        simulation.reconnect();
        break;
      case "expire":
        simulation.salts.expire(simulation.now / 1000);
        break;
      case "forget":
        simulation.forgetSessions();
        break;
      case "burst":
        for (let i = 0; i < 300; i++) {
          client.ping();
          calls.push(simulation.call());
          simulation.flush();
        }
        break;
      case "updates":
        simulation.push(300);
        for (let i = 0; i < 300; i++) {
          simulation.take();
          simulation.flush();
        }
        break;
      case "ping":
        client.ping(75);
        break;
      case "drop": {
        const last = calls.at(-1);
        if (last === undefined || simulation.answered.includes(last)) break;
        client.drop(last);
        dropped.add(last);
        break;
      }
      case "wait":
        // No packet is in flight for so long.
        while (simulation.toServer.length + simulation.toClient.length > 0) {
          simulation.serve();
          simulation.take();
        }
        simulation.now += step.seconds * 1000;
        break;
      case "sleep":
        // A computer that slept: its monotonic clock stood still, and its connection is gone.
        simulation.now += step.seconds * 1000;
        simulation.clientAhead -= step.seconds * 1000;
        simulation.reconnect();
        break;
    }
  }
  simulation.settle();
  return { simulation, calls, after, dropped, sessionId };
}

function check(outcome: Outcome, forgot: boolean): void {
  const { simulation, calls, after, dropped, sessionId } = outcome;
  const answered = simulation.answered.filter((call) => !dropped.has(call)).sort((a, b) => a - b);
  const expected = calls.filter((call) => !dropped.has(call));
  assertEquals(answered, expected, "every call is answered exactly once");
  const failed = simulation.events.filter((event: ClientEvent) =>
    event.type === "refused" || event.type === "error"
  );
  assertEquals(failed, []);
  const place = new Map(simulation.order.map((call, index) => [call, index]));
  for (const [call, before] of after) {
    if (dropped.has(call) || dropped.has(before)) continue;
    assert((place.get(before) ?? Infinity) < (place.get(call) ?? -1), `${before} before ${call}`);
  }
  if (!forgot && simulation.client.sessionId === sessionId) {
    assert([...simulation.executed.values()].every((times) => times === 1), "none is done twice");
  }
}

Deno.test("every call between ClientSession and ServerSession gets exactly one answer", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      check(run(steps), steps.some((step) => step.do === "forget"));
    }),
    { seed: SEED, numRuns: runs(50, 1500) },
  );
});

Deno.test("no call is executed twice while the server keeps its sessions", () => {
  const keeping = step.filter((step) => step.do !== "forget");
  fc.assert(
    fc.property(fc.array(keeping, { minLength: 20, maxLength: 120, size: "max" }), (steps) => {
      const outcome = run(steps);
      check(outcome, false);
      assertEquals(outcome.simulation.client.sessionId, outcome.sessionId, "no reason to leave it");
    }),
    { seed: SEED + 1, numRuns: runs(15, 500) },
  );
});

Deno.test("every call is answered with hundreds of packets in flight", () => {
  fc.assert(
    fc.property(fc.array(masses, { minLength: 2, maxLength: 12, size: "max" }), (steps) => {
      const before = (["call", "flush", "serve", "take"] as const).map((name) => ({ do: name }));
      check(run([...before, ...steps]), steps.some((step) => step.do === "forget"));
    }),
    { seed: SEED + 3, numRuns: runs(3, 100) },
  );
});

Deno.test("client and server become silent within a few rounds after any failure", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const { simulation } = run(steps);
      const { delivered } = simulation;
      assert(simulation.settle() <= 2);
      assert(simulation.delivered - delivered <= 4, "nothing is repeated for ever");
    }),
    { seed: SEED + 2, numRuns: runs(15, 300) },
  );
});
