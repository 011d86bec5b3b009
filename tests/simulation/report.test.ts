/** The report is tested, too: a failing world becomes a small literal that is a test. */
import { Outbox } from "../../src/mtproto/outbox.ts";
import { assert, assertEquals, assertMatch } from "../helpers/assert.ts";
import { failuresText, type Report, runWorlds } from "./report.ts";
import { kindOf } from "./shrink.ts";
import { describe, runWorld, type WorldOptions } from "./world.ts";

/** By then, some world has broken a rule. */
const MOST_WORLDS = 200;
const FEW = 3;

/** Runs something with a client that never sends again what the server lacks. */
async function withoutResends<T>(run: () => Promise<T>): Promise<T> {
  const { resend } = Outbox.prototype;
  Outbox.prototype.resend = () => 0;
  try {
    return await run();
  } finally {
    Outbox.prototype.resend = resend;
  }
}

/** Returns the report of one failure of the first world that breaks a rule. */
async function firstFailure(): Promise<Report> {
  for (let seed = 1; seed <= MOST_WORLDS; seed++) {
    const report = await runWorlds(seed, 1);
    const [failure] = report.failures;
    if (failure !== undefined) return { ...report, failures: new Map([failure]) };
  }
  throw new Error(`None of ${MOST_WORLDS} worlds breaks a rule`);
}

/** Evaluates the text of a file in found/. */
async function evaluate(text: string): Promise<WorldOptions> {
  const { WORLD } = await import(`data:application/typescript,${encodeURIComponent(text)}`);
  return WORLD;
}

Deno.test("A failing world is reported with its seed and a small world like it", async () => {
  const [report, text] = await withoutResends(async () => {
    const report = await firstFailure();
    return [report, await failuresText(report)] as const;
  });
  const [[kind, { world: { seed } }]] = report.failures;
  assertMatch(text, new RegExp(`^The world ${seed} breaks a rule: `));
  const small = await evaluate(text.slice(text.indexOf("export")));
  const { faults = [], steps = [] } = small;
  const whole = describe({ seed });
  assert(whole.faults.length > FEW && whole.steps.length > FEW, `world ${seed} is small already`);
  assert(faults.length <= FEW && steps.length <= FEW, text);
  const { broken } = await withoutResends(() => runWorld(small));
  assert(broken.some((one) => kindOf(one) === kind), `${text}\nbreaks ${broken.join("; ")}`);
  assertEquals((await runWorld(small)).broken, []);
});
