/**
 * Who runs which session. Every process plans for itself. Those that see the same entries come to
 * the same plan, so that each free session is taken by one of them. If they see different ones, two
 * wait for one lease: the first that gets it keeps the session.
 *
 * A share is the number of sessions divided by the number of processes that take any, rounded up. A
 * process that Telegram does not answer hands its sessions over to those that it answers. If it
 * answers none of them, all keep what they hold.
 */

/** What a process tells the others of itself. */
export interface Member {
  readonly id: string;
  /** The sessions whose lease it holds. */
  readonly held: readonly string[];
  /** The sessions whose lease it waits for. */
  readonly waiting: readonly string[];
  /** The sessions that have failed there, and rest. */
  readonly failed: readonly string[];
  /** Whether it is about to end, and takes no sessions any more. */
  readonly isDraining: boolean;
  /** Whether Telegram does not answer it. */
  readonly isCutOff: boolean;
}

/** What a process is to do next. */
export interface Plan {
  readonly share: number;
  /** The free sessions to wait for. */
  readonly take: readonly string[];
  /** The sessions to hand over, and those that it need not wait for any longer. */
  readonly stop: readonly string[];
}

/** Makes the plan of a process. `members` are all that live, `self` among them. */
export function planFor(
  self: Member,
  names: readonly string[],
  members: readonly Member[],
): Plan {
  const own = [...self.held, ...self.waiting];
  const takers = members.filter(({ isDraining, isCutOff }) => !isDraining && !isCutOff);
  if (self.isDraining || (self.isCutOff && takers.length > 0)) {
    return { share: 0, take: [], stop: own };
  }
  const share = Math.ceil(names.length / Math.max(takers.length, 1));

  const others = members.filter(({ id }) => id !== self.id);
  const heldElsewhere = new Set(others.flatMap(({ held }) => held));
  const known = new Set(names);
  // Our own lease counts more than an entry of another process, which may be late.
  const kept = new Set(
    [...self.held, ...self.waiting.filter((name) => !heldElsewhere.has(name))]
      .filter((name) => known.has(name)).slice(0, share),
  );

  const loads = takers.map(({ id, held, waiting, failed }) => ({
    id,
    load: held.length + waiting.length,
    failed: new Set(failed),
  })).sort((one, other) => one.id < other.id ? -1 : 1);
  const busy = new Set(
    members.flatMap(({ held, waiting }) => [...held, ...waiting]),
  );
  const take: string[] = [];
  for (const name of names.filter((name) => !busy.has(name)).sort()) {
    const [taker] = loads.filter(({ load, failed }) => load < share && !failed.has(name))
      .sort((one, other) => one.load - other.load);
    if (taker === undefined) continue;
    taker.load++;
    if (taker.id === self.id) take.push(name);
  }
  return { share, take, stop: own.filter((name) => !kept.has(name)) };
}
