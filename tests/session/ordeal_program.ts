/**
 * A program that uses one session as often as it gets it, for ordeal.test.ts. Usage:
 * ordeal_program.ts KIND AT DURATION SKEW HOLD. KIND has "far " before it for a program on another
 * machine, SKEW is the error of its clock, and HOLD is how long it keeps the session at most, both
 * in milliseconds. It prints what it does as lines of JSON, see `Deed`.
 */

import { type Deed, newKey } from "./ordeal.ts";
import { systemClock } from "../../src/runtime/mod.ts";
import { openFarSession, openSession } from "../helpers/session_kinds.ts";

const [kind, at, duration, skew, hold] = Deno.args;
const clock = { ...systemClock, now: () => Date.now() + Number(skew) };
const options = { leaseDuration: Number(duration), wait: true, clock };
const open = () =>
  kind.startsWith("far ")
    ? openFarSession(kind.slice(4), at, { ...options, holder: `a machine far away, ${Deno.pid}` })
    : openSession(kind, at, options);
const encoder = new TextEncoder();
const say = (deed: Deed): void => {
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(deed)}\n`));
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

for (let life = 0;; life++) {
  const owner = `${Deno.pid}.${life}`;
  const session = open();
  let isLost = false;
  session.onLost = () => isLost = true;
  try {
    await session.load();
  } catch {
    await session.close().catch(() => {});
    await sleep(100); // the line is cut
    continue;
  }
  const key = session.state.updates?.qts ?? newKey();
  let number = session.state.updates?.pts ?? 0;
  say({ at: Date.now(), owner, key, opened: number });
  const until = Date.now() + Number(hold) * (0.05 + Math.random());
  for (let turn = 0; !isLost && Date.now() < until; turn++) {
    const now = Date.now(); // before the check: a stop between the two is not ours to see
    if (session.mayUseKey()) say({ at: now, owner, key });
    if (turn % 5 === 0) {
      const saved = ++number;
      session.state.updates = { pts: saved, qts: key, date: 0, seq: 0 };
      session.save().then(() => say({ at: Date.now(), owner, key, saved }), () => {});
    }
    await sleep(5);
  }
  await session.close().catch(() => {});
  await sleep(Math.random() * 300);
}
