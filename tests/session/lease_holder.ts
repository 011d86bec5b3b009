/**
 * A program that holds a session until it is told to end.
 * Usage: lease_holder.ts KIND AT DURATION HOLDER SKEW. HOLDER "-" means the id of its process; a
 * program with a name of its own is elsewhere, where no claim reaches. SKEW is the error of its
 * clock in milliseconds. It prints "open", "closed", or "lost" and then whether it could save. Any
 * line on stdin closes the session.
 */

import { systemClock } from "../../src/runtime/mod.ts";
import { openFarSession, openSession } from "../helpers/session_kinds.ts";
import { stateOf } from "../helpers/states.ts";

const [kind, at, duration, holder, skew] = Deno.args;
const say = (text: string): void => {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
};
const open = holder === "-" ? openSession : openFarSession;
const session = open(kind, at, {
  leaseDuration: Number(duration),
  ...(holder !== "-" && { holder }),
  clock: { ...systemClock, now: () => Date.now() + Number(skew) },
});
/** A busy machine may lose a short lease before the first save. */
const ATTEMPTS = 10;
for (let left = ATTEMPTS;; left--) {
  try {
    await session.load();
    session.state = stateOf(1);
    await session.save();
    break;
  } catch (error) {
    if (left === 0) throw error;
    await session.close().catch(() => {});
  }
}
session.onLost = async () => {
  session.state = stateOf(666);
  const saved = await session.save().then(() => "saved", () => "refused");
  say(`lost ${saved}`);
};
say("open");
await Deno.stdin.read(new Uint8Array(1));
await session.close();
say("closed");
