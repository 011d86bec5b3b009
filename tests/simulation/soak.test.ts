/** A client that lives for a month of virtual time is flat in memory, and misses nothing. */
import { assert, assertEquals } from "../helpers/assert.ts";
import { run } from "../helpers/install.ts";
import { longTest } from "../helpers/long.ts";
import { type Life, live, type Report } from "./months.ts";

const DAY = 1440; // minutes
/** The first half of them warms up: code is compiled, and tables with a limit get full. */
const PARTS = 12;
/**
 * Bytes that a minute may leave behind: those of two numbers. It is the least that a client could
 * keep of each call and each message.
 */
const LEFT_EACH_MINUTE = 16;

function check({ failures, missed, takenTwice, outOfOrder, losses, troubles }: Life): void {
  assertEquals(
    { failures, missed, takenTwice, outOfOrder, losses },
    { failures: [], missed: 0, takenTwice: 0, outOfOrder: 0, losses: [] },
  );
  for (const [trouble, times] of Object.entries(troubles)) assert(times > 0, `no ${trouble}`);
}

/** The middle one of some numbers. */
function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1];
}

Deno.test("A client lives for nine hours, and misses nothing", async () => {
  check(await live(9 * 60));
});

longTest("A client lives for 30 days, misses nothing, and keeps no more memory", async () => {
  const program = new URL("./months.ts", import.meta.url).pathname;
  const minutes = 30 * DAY;
  const args = ["run", "-A", "--no-check", "--no-lock", "--v8-flags=--expose-gc", program];
  const printed = await run(Deno.execPath(), [...args, `${minutes}`, `${PARTS}`]);
  const { life, heapsOfServers } = JSON.parse(printed) as Report;
  check(life);
  const ofClient = life.heaps.map((heap, part) => heap - heapsOfServers[part]);
  const warm = ofClient.slice(PARTS / 2 - 1);
  const growths = warm.slice(1).map((heap, part) => heap - warm[part]);
  const left = median(growths) / (minutes / PARTS);
  assert(left < LEFT_EACH_MINUTE, `${left} bytes are left each minute: ${ofClient}`);
});
