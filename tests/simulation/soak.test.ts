/** A client that lives for a month of virtual time is flat in memory, and misses nothing. */
import { assert, assertEquals } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { runDeno } from "../helpers/processes.ts";
import { type Life, live } from "./months.ts";

const DAY = 1440; // minutes
/** Bytes that a minute may leave behind: less than the smallest thing that it could. */
const LEFT_EACH_MINUTE = 8;

function check({ failures, missed, heardTwice }: Life): void {
  assertEquals({ failures, missed, heardTwice }, { failures: [], missed: 0, heardTwice: 0 });
}

Deno.test("A client lives for half a day, and misses nothing", async () => {
  check(await live(DAY / 2));
});

longTest("A client lives for 30 days, misses nothing, and keeps no more memory", async () => {
  const program = new URL("./months.ts", import.meta.url).href;
  const minutes = 30 * DAY;
  const args = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", program, String(minutes)];
  const { stdout, stderr } = await runDeno(args, "");
  assert(stdout !== "", stderr);
  const life = JSON.parse(stdout) as Life;
  check(life);
  const { heaps } = life;
  const growths = heaps.slice(1).map((heap, part) => heap - heaps[part]);
  const left = Math.min(...growths) / (minutes / heaps.length);
  assert(left < LEFT_EACH_MINUTE, `${left} bytes are left each minute: ${heaps}`);
});
